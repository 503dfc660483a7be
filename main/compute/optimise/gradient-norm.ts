import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, runFusedKernel } from '../backends/cpu-simd/fused-kernels.ts';
import type { Scalar, Tensor } from '../tensors.ts';
import { joined } from './adamw-update.ts';

/** √Σg² over all gradients together, on the device. Not finite as soon as one of them is not. */
export function globalNorm(gradients: readonly Tensor[]): Scalar {
  return tf.tidy(() => {
    const sum = hasFusedKernel('SumOfSquares', tf.getBackend())
      ? runFusedKernel('SumOfSquares', [...gradients], {})[0]!
      : tf.sum(tf.square(joined(gradients)));
    return tf.sqrt(sum) as Scalar;
  });
}

/**
 * Factor that brings gradients of that norm to at most `limit` (Pascanu 2013); the 1e-6 is PyTorch's. 1 without a limit.
 */
export function clippingFactor(norm: number, limit: number | null): number {
  return limit === null ? 1 : Math.min(1, limit / (norm + 1e-6));
}
