import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { attention, groupNormSilu } from '../../../main/compute/ops/index.ts';
import { network, referenceTensors, relativeError } from '../reference.ts';
import { kernel, normal, runOn, difference, useCpuSimd } from './compare.ts';

describe('Fused kernels of cpu-simd', () => {
  beforeAll(() => useCpuSimd());

  for (const operation of ['group_norm_4', 'group_norm_film_silu']) {
    it(`give PyTorch's numbers for ${operation}, forward and gradients`, async () => {
      const r = await referenceTensors(operation);
      const film = operation.endsWith('silu');
      const attrs = { groups: 4, epsilon: 1e-5, activation: film ? 'silu' : 'none' };
      const inputs = { x: r['x']!, gamma: r['gamma']!, beta: r['beta']! };
      const given = film ? { ...inputs, scale: r['scale']!, shift: r['shift']! } : inputs;
      const [y, statistics] = kernel('GroupNormFilmSilu', given, attrs);
      expect(relativeError(y!, r['output']!)).toBeLessThan(2e-6);
      const gradients = kernel(
        'GroupNormFilmSiluGrad',
        { ...given, dy: r['output_gradient']!, statistics: statistics! },
        attrs,
      );
      const names = film ? ['x', 'gamma', 'beta', 'scale', 'shift'] : ['x', 'gamma', 'beta'];
      expect(gradients).toHaveLength(names.length);
      names.forEach((name, i) => expect(relativeError(gradients[i]!, r[`gradient_${name}`]!), name).toBeLessThan(5e-6));
    });
  }

  it("give PyTorch's numbers for attention, forward and gradients", async () => {
    const r = await referenceTensors('attention');
    const [q, k, v] = [r['q']!, r['k']!, r['v']!];
    const [y, probabilities] = kernel('Attention', { q, k, v });
    expect(relativeError(y!, r['output']!)).toBeLessThan(2e-6);
    const gradients = kernel('AttentionGrad', {
      dy: r['output_gradient']!,
      q,
      k,
      v,
      probabilities: probabilities!,
    });
    ['q', 'k', 'v'].forEach((name, i) =>
      expect(relativeError(gradients[i]!, r[`gradient_${name}`]!), name).toBeLessThan(5e-6),
    );
  });

  it("give PyTorch's numbers for nearest upsampling and convolutions, forward and gradients", async () => {
    const up = await referenceTensors('upsample_nearest_2');
    expect(relativeError(kernel('UpsampleNearest2', { x: up['x']! })[0]!, up['output']!)).toBe(0);
    const [dx] = kernel('UpsampleNearest2Grad', { dy: up['output_gradient']! });
    expect(relativeError(dx!, up['gradient_x']!)).toBeLessThan(1e-6);
    for (const name of ['conv3x3', 'conv3x3_stride2', 'conv1x1', 'conv3x3_wide']) {
      const r = await referenceTensors(name);
      const [x, filter, dy] = [r['x']!, r['kernel']!, r['output_gradient']!];
      const strides = name.endsWith('2') ? 2 : 1;
      const attrs = { strides, pad: name === 'conv1x1' ? 0 : 1, dataFormat: 'NHWC', dilations: 1 };
      const [y] = kernel('FusedConv2D', { x, filter, bias: r['bias']! }, { ...attrs, activation: 'linear' });
      const [toX] = kernel('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape });
      const [toFilter] = kernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape });
      expect(relativeError(y!, r['output']!), name).toBeLessThan(1.5e-5);
      expect(relativeError(toX!, r['gradient_x']!), name).toBeLessThan(1.5e-5);
      expect(relativeError(toFilter!, r['gradient_kernel']!), name).toBeLessThan(1.5e-5);
      expect(relativeError(tf.sum(dy, [0, 1, 2]), r['gradient_bias']!), name).toBeLessThan(3e-6);
    }
  });

  it("follow PyTorch's AdamW with clipping and moving average for every step of the reference", () => {
    const { matrix, initial, lr, betas, epsilon, weight_decay, clip_norm, steps } = network.adamw;
    const A = tf.tensor2d(matrix);
    const value = tf.tensor1d(initial);
    const [m, v, ema] = [tf.zerosLike(value), tf.zerosLike(value), tf.tensor1d(initial)];
    steps.forEach((expected, i) => {
      // ∇|A w|² = 2 Aᵀ A w
      const gradient = tf.mul(tf.dot(tf.transpose(A), tf.dot(A, value)), 2);
      const norm = Math.sqrt(kernel('SumOfSquares', [gradient])[0]!.dataSync()[0]!);
      expect(Math.abs(norm / expected.gradient_norm - 1)).toBeLessThan(1e-4);
      const outputs = kernel('AdamWEma', [value, gradient, m, v, ema], {
        ...{ learningRate: lr, beta1: betas[0], beta2: betas[1], epsilon, weightDecay: weight_decay, step: i + 1 },
        ...{ gradientScale: Math.min(1, clip_norm / (norm + 1e-6)), emaDecay: Math.min(0.999, (1 + i) / (10 + i)), averaged: true },
      }); // prettier-ignore
      expect(outputs).toEqual([]);
      expect(relativeError(value, tf.tensor1d(expected.weights))).toBeLessThan(1e-4);
      expect(relativeError(ema, tf.tensor1d(expected.ema))).toBeLessThan(1e-4);
    });
  });

  it('equal the composition of stock operations for random shapes, forward and gradients', async () => {
    const shape = fc.record({
      n: fc.integer({ min: 1, max: 5 }),
      h: fc.integer({ min: 1, max: 9 }),
      w: fc.integer({ min: 1, max: 9 }),
      groups: fc.integer({ min: 1, max: 5 }),
      size: fc.integer({ min: 1, max: 9 }),
      film: fc.boolean(),
      silu: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ n, h, w, groups, size, film, silu }) => {
        fc.pre(h * w * size > 3); // two numbers have no direction left after normalisation
        const c = groups * size;
        const inputs = [normal([n, h, w, c], 'x'), normal([c], 'γ'), normal([c], 'β'), normal([n, c], 's'), normal([n, c], 't'), normal([n, h, w, c], 'dy')];
        const body = (...all: tf.Tensor[]): tf.Tensor[] => {
          const f = (...[a, b, d, s, t]: tf.Tensor[]): tf.Tensor =>
            groupNormSilu(a!, b!, d!, {
              groups,
              silu,
              ...(film ? { film: { scale: s!, shift: t! } } : {}),
            });
          const given = all.slice(0, film ? 5 : 3);
          const dy = all[5]!;
          return [f(...given), ...tf.grads((...t) => tf.sum(tf.mul(f(...t), dy)))(given)];
        };
        const found = await runOn('cpu-simd', inputs, body);
        const expected = await runOn('cpu', inputs, body);
        expected.forEach((e, i) => expect(difference(found[i]!, e)).toBeLessThan(1e-3));
        expect(difference(found[0]!, expected[0]!)).toBeLessThan(2e-5);
      }),
      { numRuns: 40, seed: 11 },
    ); // prettier-ignore
  });

  it('attend like the composition of stock operations for random shapes, forward and gradients', async () => {
    const shape = fc.record({
      items: fc.integer({ min: 1, max: 4 }),
      tokens: fc.integer({ min: 1, max: 40 }),
      features: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ items, tokens, features }) => {
        const inputs = ['q', 'k', 'v'].map((name) => normal([items, tokens, features], name));
        const body = (...qkv: tf.Tensor[]): tf.Tensor[] => {
          const f = (...t: tf.Tensor[]): tf.Tensor => attention(t[0]!, t[1]!, t[2]!);
          return [f(...qkv), ...tf.grads((...t) => tf.sum(tf.square(f(...t))))(qkv)];
        };
        const found = await runOn('cpu-simd', inputs, body);
        const expected = await runOn('cpu', inputs, body);
        // One token alone has no gradient to its query: compare it with the others' size.
        expected.forEach((e, i) => {
          if (tokens > 1 || i === 0 || i === 3) expect(difference(found[i]!, e), String(i)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: 40, seed: 13 },
    );
  });

  it('refuse shapes that do not fit, by name', () => {
    const x = tf.zeros([1, 2, 2, 6]);
    const c = tf.zeros([6]);
    const norm = (groups: number) => () =>
      kernel('GroupNormFilmSilu', { x, gamma: c, beta: c }, { groups, epsilon: 1e-5, activation: 'none' });
    expect(norm(4)).toThrow(/channels that its groups divide/);
    expect(() => kernel('Attention', { q: tf.zeros([2, 3, 4]), k: tf.zeros([2, 3, 5]), v: tf.zeros([2, 3, 4]) })).toThrow(/do not fit together/);
    expect(() => kernel('UpsampleNearest2Grad', { dy: tf.zeros([1, 3, 4, 2]) })).toThrow(/even sizes/);
  }); // prettier-ignore
});
