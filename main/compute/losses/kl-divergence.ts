import * as tf from '@tensorflow/tfjs-core';
import { misfit } from '../ops/axes.ts';
import type { Scalar, Tensor } from '../tensors.ts';

/**
 * KL( N(μ, σ²) ‖ N(0, 1) ) = ½(μ² + σ² − log σ² − 1), **mean** over all elements (Kingma & Welling 2014, appendix B, has the sum).
 * @param mu any shape
 * @param logVariance the same shape
 */
export function klDivergenceMean(mu: Tensor, logVariance: Tensor): Scalar {
  if (mu.shape.join() !== logVariance.shape.join()) {
    throw misfit(
      'klDivergenceMean',
      `log variance of the shape of μ, [${mu.shape.join(', ')}]`,
      `[${logVariance.shape.join(', ')}]`,
    );
  }
  return tf.tidy(() => {
    const perElement = tf.sub(tf.sub(tf.add(tf.square(mu), tf.exp(logVariance)), logVariance), 1);
    return tf.mul(tf.mean(perElement), 0.5) as Scalar;
  });
}
