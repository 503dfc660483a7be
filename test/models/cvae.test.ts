import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cvaeParameters, decode, encode, reparameterise } from '../../main/models/cvae.ts';
import { parameterCount } from '../../main/models/parameters.ts';
import { PRESETS } from '../../main/models/presets.ts';
import { deadParameters, normalTensor, testBackend, TINY_CVAE, variables } from './tiny.ts';

beforeAll(testBackend);

describe('the sequence-conditioned autoencoder', () => {
  it('has the paper’s 2.4 million parameters in the paper preset', () => {
    expect(parameterCount(cvaeParameters(PRESETS.paper.autoencoder.architecture)) / 1e6).toBeCloseTo(2.4, 1);
  });

  it('halves the sides of a patch and gives them back', () => {
    const p = variables(cvaeParameters(TINY_CVAE), 0.1);
    const x = normalTensor('x', [3, 16, 16, 2]);
    const { mean, logVariance } = encode(TINY_CVAE, p, x, [0, 1, 2]);
    expect(mean.shape).toEqual([3, 8, 8, 2]);
    expect(logVariance.shape).toEqual([3, 8, 8, 2]);
    expect(decode(TINY_CVAE, p, mean, [0, 1, 2]).shape).toEqual([3, 16, 16, 2]);
  });

  it('depends on the sequence in both halves', () => {
    const p = variables(cvaeParameters(TINY_CVAE), 0.1);
    const x = normalTensor('x', [1, 8, 8, 2]);
    const difference = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
    const encoded = [0, 4].map((sequence) => encode(TINY_CVAE, p, x, [sequence]).mean);
    expect(difference(encoded[0]!, encoded[1]!)).toBeGreaterThan(1e-4);
    const decoded = [0, 4].map((sequence) => decode(TINY_CVAE, p, encoded[0]!, [sequence]));
    expect(difference(decoded[0]!, decoded[1]!)).toBeGreaterThan(1e-4);
  });

  it('keeps the log-variance within [−20, 10] whatever the weights', () => {
    const p = variables(cvaeParameters(TINY_CVAE), 0.1);
    p.all.get('encoder.out.bias')!.assign(tf.tensor1d([0, 0, 1e4, -1e4]));
    const values = encode(TINY_CVAE, p, normalTensor('x', [1, 8, 8, 2]), [0]).logVariance.dataSync();
    expect([Math.min(...values), Math.max(...values)]).toEqual([-20, 10]);
  });

  it('sends a gradient to every parameter', () => {
    const p = variables(cvaeParameters(TINY_CVAE), 0.1);
    const x = normalTensor('x', [5, 8, 8, 2]);
    const sequence = [0, 1, 2, 3, 4];
    const dead = deadParameters(p, () => {
      const latent = encode(TINY_CVAE, p, x, sequence);
      const z = reparameterise(latent, normalTensor('noise', [5, 4, 4, 2]));
      return tf.mean(tf.square(tf.sub(decode(TINY_CVAE, p, z, sequence), x)));
    });
    expect(dead).toEqual([]);
  });
});
