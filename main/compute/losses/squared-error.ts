import * as tf from '@tensorflow/tfjs-core';
import { misfit } from '../ops/axes.ts';
import type { Scalar, Tensor } from '../tensors.ts';

/** Mean over all elements of (prediction − target)²: the flow-matching loss, Eq. 4. The shapes are equal. */
export function meanSquaredError(prediction: Tensor, target: Tensor): Scalar {
  if (prediction.shape.join() !== target.shape.join()) {
    throw misfit(
      'meanSquaredError',
      `a prediction of the target's shape [${target.shape.join(', ')}]`,
      `[${prediction.shape.join(', ')}]`,
    );
  }
  return tf.tidy(() => tf.mean(tf.square(tf.sub(prediction, target))) as Scalar);
}
