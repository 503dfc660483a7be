import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '../tensors.ts';
import { bindAxes } from './axes.ts';
import { linear } from './linear.ts';

export interface SqueezeExcitationWeights {
  /** `[channels, squeezed]` */
  reduce: Tensor;
  /** `[squeezed]` */
  reduceBias: Tensor;
  /** `[squeezed, channels]` */
  expand: Tensor;
  /** `[channels]` */
  expandBias: Tensor;
}

/**
 * x·σ(W₂·relu(W₁·mean(x) + b₁) + b₂): each channel weighted by what the whole image holds (Hu 2018, Eq. 2–4).
 * @param x `[batch, rows, columns, channels]`
 * @returns the shape of x
 * @throws IsochromatError `tensor-shape`
 */
export function squeezeExcitation(x: Tensor, weights: SqueezeExcitationWeights): Tensor4D {
  const { batch, channels } = bindAxes('squeezeExcitation', {
    x: [x, 'batch rows columns channels'],
    reduce: [weights.reduce, 'channels squeezed'],
    reduceBias: [weights.reduceBias, 'squeezed'],
    expand: [weights.expand, 'squeezed channels'],
    expandBias: [weights.expandBias, 'channels'],
  });
  const squeezed = tf.relu(linear(tf.mean(x, [1, 2]), weights.reduce, weights.reduceBias));
  const gates = tf.sigmoid(linear(squeezed, weights.expand, weights.expandBias));
  return tf.mul(x as Tensor4D, tf.reshape(gates, [batch!, 1, 1, channels!]));
}
