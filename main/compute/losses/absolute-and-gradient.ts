import * as tf from '@tensorflow/tfjs-core';
import { bindAxes } from '../ops/axes.ts';
import type { Scalar, Tensor } from '../tensors.ts';

/**
 * mean|d| + weight·(mean|d between neighbouring rows| + mean|d between neighbouring columns|), d = prediction − target: the reconstruction
 * terms of the autoencoder's loss, Eq. 1. Each mean is over its own number of differences.
 * @param prediction `[batch, rows, columns, channels]`, at least 2×2 pixels
 * @param target the same shape
 * @throws IsochromatError `tensor-shape`
 */
export function meanAbsolutePlusGradientLoss(prediction: Tensor, target: Tensor, weight: number): Scalar {
  const { rows, columns } = bindAxes('meanAbsolutePlusGradientLoss', {
    prediction: [prediction, 'batch rows columns channels'],
    target: [target, 'batch rows columns channels'],
  });
  return tf.tidy(() => {
    const d = tf.sub(prediction, target);
    const meanAbsolute = tf.mean(tf.abs(d));
    if (weight === 0) return meanAbsolute as Scalar;
    return tf.add(meanAbsolute, tf.mul(tf.add(meanStep(d, 1, rows!), meanStep(d, 2, columns!)), weight)) as Scalar;
  });
}

/** Mean absolute difference between neighbours along an axis. */
function meanStep(d: Tensor, axis: number, length: number): Tensor {
  const begin = d.shape.map(() => 0);
  const size = d.shape.map((n, i) => (i === axis ? length - 1 : n));
  const later = tf.slice(d, begin.with(axis, 1), size);
  return tf.mean(tf.abs(tf.sub(later, tf.slice(d, begin, size))));
}
