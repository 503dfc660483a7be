import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { normal, zeros } from '../../main/compute/optimise/index.ts';
import { Random } from '../../main/domain/random.ts';
import type { ClassifierDescription } from '../../main/models/trained.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../main/training/checkpoint.ts';
import type { TrainingCheckpoint } from '../../main/training/checkpoint.ts';
import { train } from '../../main/training/loop.ts';
import type { TrainingHooks, TrainingTask } from '../../main/training/loop.ts';
import { meanSpeed } from '../../main/training/metrics.ts';
import { testBackend, TINY_CLASSIFIER } from '../models/tiny.ts';
import { BASE } from './fixtures.ts';

beforeAll(testBackend);

const description: ClassifierDescription = {
  kind: 'classifier',
  architecture: TINY_CLASSIFIER,
  input: 'latent',
  phaseReference: 'volume',
  size: 8,
};

/** Fits w to [1, −2, 3] from noisy views of it. */
function regression(
  steps: number,
  spoil: (step: number) => boolean = () => false,
): TrainingTask<ClassifierDescription> {
  return {
    description,
    parameters: [
      { name: 'w', shape: [3], initialise: zeros },
      { name: 'scale', shape: [1, 1], initialise: normal(1) },
    ],
    settings: { ...BASE, budget: { steps }, learningRate: 0.05 },
    seed: 7,
    loss: (p, { step }) => {
      const noise = Random.for(7, step).normals(3);
      const target = tf.tensor1d([1, -2, 3].map((v, i) => v + 0.01 * noise[i]!));
      const fit = tf.sum(tf.square(tf.sub(p.get('w'), target)));
      const loss = tf.add(fit, tf.mean(tf.square(p.get('scale')))) as tf.Scalar;
      return spoil(step) ? tf.mul(loss, Number.NaN) : loss;
    },
  };
}

async function checkpointsOf(
  task: TrainingTask<ClassifierDescription>,
  hooks: TrainingHooks = {},
): Promise<TrainingCheckpoint[]> {
  const kept: TrainingCheckpoint[] = [];
  await train(task, { ...hooks, onCheckpoint: (c) => void kept.push(c) }).catch(() => undefined);
  return kept;
}

describe('the training loop', () => {
  it('reaches the minimum, and its moving average too', async () => {
    const { parameters, ema } = await train(regression(600));
    for (const weights of [parameters, ema]) {
      [1, -2, 3].forEach((target, i) => expect(weights.get('w')!.data[i]).toBeCloseTo(target, 1));
    }
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    await train(regression(5));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('resumes exactly: 2N steps equal N steps, a file, and N more, bit for bit', async () => {
    const whole = await train(regression(40));
    const halves = await checkpointsOf(regression(40), { checkpointEvery: { steps: 20 } });
    const file = encodeCheckpoint(halves.find((c) => c.state.step === 20)!);
    const resumed = await train(regression(40), { resume: decodeCheckpoint(file, 'test') });
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.ema).toEqual(whole.ema);
    expect(resumed.history.at(-1)!.step).toBe(40);
  });

  it('skips a step whose loss is not a number, counts it, and goes on', async () => {
    const { history, ema } = await train(regression(300, (step) => step % 50 === 3));
    expect(history.at(-1)!.skipped).toBe(6);
    expect(ema.get('w')!.data[0]).toBeCloseTo(1, 1);
  });

  it('stops after a few such steps in a row, with the last good state kept', async () => {
    const kept: TrainingCheckpoint[] = [];
    const task = regression(100, (step) => step >= 30);
    await expect(train(task, { onCheckpoint: (c) => void kept.push(c) })).rejects.toMatchObject({
      code: 'training-diverged',
    });
    const last = kept.at(-1)!;
    expect(last.network.get('w')!.data.every(Number.isFinite)).toBe(true);
    const { parameters } = await train(regression(30));
    // The schedule of a run of 100 steps differs from that of 30, so only the state's origin is compared.
    expect(last.state.skipped).toBe(5);
    expect(Math.sign(last.network.get('w')!.data[2]!)).toBe(Math.sign(parameters.get('w')!.data[2]!));
  });

  it('keeps a checkpoint when it is cancelled, from which the run goes on exactly', async () => {
    const whole = await train(regression(40));
    const controller = new AbortController();
    const kept: TrainingCheckpoint[] = [];
    const task = regression(40);
    const cancelling: typeof task = {
      ...task,
      loss: (p, at) => {
        if (at.step === 12) controller.abort();
        return task.loss(p, at);
      },
    };
    const run = train(cancelling, { signal: controller.signal, onCheckpoint: (c) => void kept.push(c) });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(kept.at(-1)!.state.step).toBe(13);
    const resumed = await train(task, { resume: kept.at(-1)! });
    expect(resumed.parameters).toEqual(whole.parameters);
  });

  it('refuses a checkpoint of another run', async () => {
    const [checkpoint] = await checkpointsOf(regression(2));
    const other = { ...regression(4), seed: 8 };
    await expect(train(other, { resume: checkpoint! })).rejects.toMatchObject({ code: 'checkpoint-of-another-run' });
  });

  it('leaves frozen parameters alone, and starts their moments afresh when they thaw', async () => {
    const task = regression(20);
    const phased: typeof task = {
      ...task,
      phase: ({ step }) => (step < 10 ? 0 : 1),
      share: (name, phase) => (name === 'w' && phase === 0 ? 0 : 1),
    };
    const [early, late] = await checkpointsOf(phased, { checkpointEvery: { steps: 10 } });
    expect([...early!.network.get('w')!.data]).toEqual([0, 0, 0]);
    expect([...early!.firstMoment.keys()]).toEqual(['scale']);
    expect(late!.network.get('w')!.data[0]).not.toBe(0);
    expect(late!.state).toMatchObject({ step: 20, phase: 1, updates: 10 });
    const resumed = await train(phased, { resume: early! });
    expect(resumed.parameters).toEqual(late!.network);
  });

  it('plans its steps from a time budget and says how fast it is', async () => {
    let clock = 0;
    const task = regression(0);
    const timed = {
      ...task,
      settings: { ...task.settings, budget: { seconds: 10 } },
      loss: (...args: Parameters<typeof task.loss>) => {
        clock += 0.1;
        return task.loss(...args);
      },
    };
    const { history } = await train(timed, { now: () => clock });
    const last = history.at(-1)!;
    expect(last.step).toBe(100);
    expect(last.imagesPerSecond).toBeCloseTo(BASE.batchSize / 0.1);
    expect(last.learningRate).toBeLessThan(1e-4);
  });
});

describe('a checkpoint file', () => {
  it('that is not ours is refused by what it lacks', () => {
    expect(() => decodeCheckpoint({ tensors: new Map(), metadata: {} }, 'x.safetensors')).toThrow(/no format/);
    const ours = { format: 'isochromat-checkpoint', version: '1', description: '{}', state: '{}' };
    expect(() => decodeCheckpoint({ tensors: new Map(), metadata: ours }, 'x.safetensors')).toThrow(/0 parameters/);
    const one = { shape: [1], data: new Float32Array(1) };
    const tensors = new Map([
      ['network.w', one],
      ['ema.w', one],
    ]);
    expect(() => decodeCheckpoint({ tensors, metadata: { ...ours, state: '{' } }, 'x.safetensors')).toThrow(/not JSON/);
  });
});

it('tells the speed of a session by all of its windows and not by the last', () => {
  const history = [
    { seconds: 1, imagesPerSecond: 10 },
    { seconds: 3, imagesPerSecond: 100 },
    { seconds: 4, imagesPerSecond: 400 },
  ];
  expect(meanSpeed(history)).toBeCloseTo(200, 6);
  expect(meanSpeed(history.slice(0, 1))).toBe(10);
});
