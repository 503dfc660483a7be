import * as tf from '@tensorflow/tfjs-core';
import { bindAxes, misfit } from '../ops/axes.ts';
import type { Scalar, Tensor } from '../tensors.ts';

/**
 * Binary cross-entropy of logits, mean over all elements: max(z, 0) − z·y + log(1 + e^{−|z|}), which overflows for no z.
 * @param logits any shape
 * @param targets the same shape, 0 … 1 (soft targets from mixup are welcome)
 */
export function binaryCrossEntropyMean(logits: Tensor, targets: Tensor): Scalar {
  if (logits.shape.join() !== targets.shape.join()) {
    throw misfit(
      'binaryCrossEntropyMean',
      `targets of the logits' shape [${logits.shape.join(', ')}]`,
      `[${targets.shape.join(', ')}]`,
    );
  }
  return tf.tidy(() => {
    const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
    return tf.mean(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tail)) as Scalar;
  });
}

/**
 * Cross-entropy of softmax(logits) against soft targets, mean over the batch: −Σ_class target·log softmax.
 * @param logits `[batch, classes]`
 * @param targets `[batch, classes]`, rows summing to 1
 */
export function softmaxCrossEntropyMean(logits: Tensor, targets: Tensor): Scalar {
  bindAxes('softmaxCrossEntropyMean', { logits: [logits, 'batch classes'], targets: [targets, 'batch classes'] });
  return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1))) as Scalar);
}
