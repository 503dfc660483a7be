import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { AdamW, ParameterSet, normal, ones, zeros } from '../../main/compute/optimise/index.ts';
import type { Scalar } from '../../main/compute/tensors.ts';
import { describeOnEveryBackend } from './every-backend.ts';
import { network } from './reference.ts';

const { adamw } = network;
const options = {
  beta1: adamw.betas[0],
  beta2: adamw.betas[1],
  epsilon: adamw.epsilon,
  weightDecay: adamw.weight_decay,
  clipNorm: adamw.clip_norm,
  emaDecay: 0.999,
};

/** |A·w|², the loss of the reference; w in two parameters, so that clipping has to see both. */
function problem(): { parameters: ParameterSet; loss: () => Scalar; weights: (set: ParameterSet) => number[] } {
  const parameters = new ParameterSet(1);
  parameters.get('first', [2], () => Float32Array.from(adamw.initial.slice(0, 2)));
  parameters.get('second', [4], () => Float32Array.from(adamw.initial.slice(2)));
  const matrix = tf.tensor2d(adamw.matrix);
  const loss = (): Scalar => {
    const w = tf.reshape(tf.concat([parameters.variable('first'), parameters.variable('second')]), [6, 1]);
    return tf.sum(tf.square(tf.matMul(matrix, w)));
  };
  const weights = (set: ParameterSet): number[] => set.names().flatMap((name) => [...set.variable(name).dataSync()]);
  return { parameters: parameters.seal(), loss, weights };
}

await describeOnEveryBackend('AdamW with clipping and moving average', () => {
  it('follows PyTorch for 20 steps', async () => {
    const { parameters, loss, weights } = problem();
    const optimiser = new AdamW(parameters, options);
    for (const expected of adamw.steps) {
      const report = await optimiser.minimise(loss, adamw.lr);
      expect(report.loss / expected.loss).toBeCloseTo(1, 4);
      expect(report.gradientNorm / expected.gradient_norm).toBeCloseTo(1, 4);
      weights(parameters).forEach((w, i) => expect(w / expected.weights[i]!).toBeCloseTo(1, 4));
      weights(optimiser.ema!).forEach((w, i) => expect(w / expected.ema[i]!).toBeCloseTo(1, 4));
    }
  });

  it('goes on from an exported state exactly as if it had never stopped', async () => {
    const whole = problem();
    const straight = new AdamW(whole.parameters, options);
    for (let i = 0; i < 6; i++) await straight.minimise(whole.loss, 0.01);

    const half = problem();
    const first = new AdamW(half.parameters, options);
    for (let i = 0; i < 3; i++) await first.minimise(half.loss, 0.01);
    const rest = problem();
    rest.parameters.import(await half.parameters.export());
    const second = new AdamW(rest.parameters, options);
    second.import(await first.export());
    for (let i = 0; i < 3; i++) await second.minimise(rest.loss, 0.01);

    expect(rest.weights(rest.parameters)).toEqual(whole.weights(whole.parameters));
    expect(rest.weights(second.ema!)).toEqual(whole.weights(straight.ema!));
  });

  it('leaves everything as it was when a gradient is not finite', async () => {
    const { parameters, loss, weights } = problem();
    const optimiser = new AdamW(parameters, options);
    await optimiser.minimise(loss, 0.01);
    const before = weights(parameters);
    const spoiled = (): Scalar => tf.mul(loss(), tf.sqrt(tf.sub(loss(), loss())));
    expect(await optimiser.minimise(spoiled, 0.01)).toMatchObject({ loss: 0, applied: false });
    const infinite = (): Scalar => tf.div(loss(), 0);
    expect(await optimiser.minimise(infinite, 0.01)).toMatchObject({ loss: Infinity, applied: false });
    expect(weights(parameters)).toEqual(before);
    expect(optimiser.step).toBe(1);
  });

  it('trains each group at its own rate and never a frozen one', async () => {
    const { parameters, loss } = problem();
    const [first, second] = [
      [...parameters.variable('first').dataSync()],
      [...parameters.variable('second').dataSync()],
    ];
    const optimiser = new AdamW(parameters, {
      weightDecay: 0,
      emaDecay: 0.9,
      groups: [
        { includes: (name) => name === 'first', frozen: true },
        { includes: () => true, learningRateFactor: 0.1 },
      ],
    });
    expect(optimiser.trained).toEqual(['second']);
    await optimiser.minimise(loss, 0.01);
    expect([...parameters.variable('first').dataSync()]).toEqual(first);
    expect([...optimiser.ema!.variable('first').dataSync()]).toEqual(first);
    // The first step of Adam has the length of the learning rate, whatever the gradient.
    parameters
      .variable('second')
      .dataSync()
      .forEach((w, i) => expect(Math.abs(w - second[i]!)).toBeCloseTo(0.001, 6));
  });

  it('wants every parameter in a group, and a state that fits', async () => {
    const { parameters, loss } = problem();
    expect(() => new AdamW(parameters, { groups: [{ includes: (name) => name === 'first' }] })).toThrow(
      /No group says how the parameter second is trained/,
    );
    const averaged = new AdamW(parameters, options);
    await averaged.minimise(loss, 0.01);
    const state = await averaged.export();
    const plain = new AdamW(parameters, { ...options, emaDecay: null });
    expect(() => plain.import(state)).toThrow(/does not fit this run.*no moving average.*step 1, a moving average/);
  });

  it('frees all that it made', async () => {
    const { parameters, loss } = problem();
    const before = tf.memory().numTensors;
    const optimiser = new AdamW(parameters, options);
    await optimiser.minimise(loss, 0.01);
    const during = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) await optimiser.minimise(loss, 0.01);
    expect(tf.memory().numTensors).toBe(during);
    optimiser.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

await describeOnEveryBackend('A set of parameters', () => {
  it('initialises each parameter by seed and name alone', () => {
    const one = new ParameterSet('seed');
    const other = new ParameterSet('seed');
    one.get('a', [3], normal(1));
    const b = one.under('block').get('b', [2, 2], normal(1));
    expect([...other.get('block/b', [2, 2], normal(1)).dataSync()]).toEqual([...b.dataSync()]);
    expect(one.names()).toEqual(['a', 'block/b']);
    expect(one.size).toBe(7);
  });

  it('refuses what does not belong to the model', () => {
    const set = new ParameterSet(0);
    set.get('weight', [2, 3], ones);
    expect(() => set.get('weight', [3, 2], ones)).toThrow(/weight has another shape.*\[3, 2\].*\[2, 3\]/);
    set.seal();
    expect(() => set.get('bias', [3], zeros)).toThrow(/no parameter named bias/);
    const values = new Map([['weight', { shape: [2, 3], data: new Float32Array(6) }]]);
    set.import(values);
    expect([...set.variable('weight').dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(() => set.import(new Map())).toThrow(/not complete.*weight/);
    expect(() => set.import(new Map([['weight', { shape: [6], data: new Float32Array(6) }]]))).toThrow(/another shape/);
    expect(() => set.import(new Map([['bias', { shape: [1], data: new Float32Array(1) }]]))).toThrow(/no parameter/);
  });
});
