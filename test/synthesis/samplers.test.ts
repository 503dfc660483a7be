import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { euler, heun, midpoint, SAMPLERS } from '../../main/synthesis/samplers.ts';
import type { Velocity } from '../../main/synthesis/samplers.ts';
import { timeGrid } from '../../main/synthesis/time-grid.ts';
import { referenceFile } from '../data.ts';
import { testBackend } from '../models/tiny.ts';

beforeAll(testBackend);

interface HeunReference {
  mean: number;
  standard_deviation: number;
  noise: number[];
  exact: number[];
  steps: Record<string, number[]>;
}
const reference = (JSON.parse(readFileSync(referenceFile('network.json'), 'utf8')) as { heun: HeunReference }).heun;

/** The exact velocity field from N(0, 1) to N(m, s²). */
const gaussian: Velocity = (x, t) => {
  const { mean: m, standard_deviation: s } = reference;
  const factor = (t * s ** 2 - (1 - t)) / ((1 - t) ** 2 + t ** 2 * s ** 2);
  return tf.add(tf.mul(tf.sub(x, t * m), factor), m);
};

function worst(sampled: tf.Tensor, wanted: number[]): number {
  return Math.max(...Array.from(sampled.dataSync(), (value, i) => Math.abs(value - wanted[i]!)));
}

describe('the samplers', () => {
  it('Heun gives the reference’s numbers at every number of steps', async () => {
    for (const [steps, wanted] of Object.entries(reference.steps)) {
      expect(worst(await heun(gaussian, tf.tensor1d(reference.noise), timeGrid(Number(steps))), wanted)).toBeLessThan(
        1e-5,
      );
    }
  });

  it('converge to the exact samples: Euler at first order, midpoint and Heun at second', async () => {
    const error = async (sampler: typeof heun, steps: number): Promise<number> =>
      worst(await sampler(gaussian, tf.tensor1d(reference.noise), timeGrid(steps)), reference.exact);
    expect((await error(euler, 40)) / (await error(euler, 80))).toBeCloseTo(2, 0);
    for (const sampler of [midpoint, heun]) {
      expect((await error(sampler, 10)) / (await error(sampler, 20))).toBeGreaterThan(3.4);
      expect(await error(sampler, 20)).toBeLessThan(await error(euler, 80));
    }
  });

  it('leave the noise and no tensors behind, also when stopped', async () => {
    const noise = tf.tensor1d(reference.noise);
    const before = tf.memory().numTensors;
    for (const sampler of Object.values(SAMPLERS)) {
      (await sampler(gaussian, noise, timeGrid(3))).dispose();
      await expect(
        sampler(gaussian, noise, timeGrid(3), () => {
          throw new Error('stop');
        }),
      ).rejects.toThrow('stop');
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(Array.from(noise.dataSync())[0]).toBeCloseTo(reference.noise[0]!);
  });
});
