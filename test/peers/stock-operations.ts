/**
 * The operations of the models as a program without ours would write them: stock TensorFlow.js operations and their own gradients.
 * Stands in for `main/compute/ops/index.ts` (stock-operations-hook.ts), so the names and arguments are the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import { attentionBlockReference } from '../../main/compute/ops/attention-block.ts';
import type { AttentionBlockOptions } from '../../main/compute/ops/attention-block.ts';
import { attentionReference as attention } from '../../main/compute/ops/attention.ts';
import type { Conv2dOptions } from '../../main/compute/ops/conv2d.ts';
import { groupNormSiluReference as groupNormSilu } from '../../main/compute/ops/group-norm-silu.ts';
import type * as ours from '../../main/compute/ops/index.ts';
import { linearReference as linear } from '../../main/compute/ops/linear.ts';
import { residualBlockReference } from '../../main/compute/ops/residual-block.ts';
import type { ResidualBlockOptions } from '../../main/compute/ops/residual-block.ts';
import { siluReference as silu } from '../../main/compute/ops/silu.ts';
import { squeezeExcitation } from '../../main/compute/ops/squeeze-excitation.ts';
import type { Tensor, Tensor4D } from '../../main/compute/tensors.ts';

export { attention, groupNormSilu, linear, silu, squeezeExcitation };

export function residualBlock(
  x: Tensor4D,
  embedding: Tensor,
  weights: ours.ResidualBlockWeights,
  options: ResidualBlockOptions,
): Tensor4D {
  return residualBlockReference(x, embedding, weights, options, { conv2d, groupNormSilu, linear });
}

export function attentionBlock(
  x: Tensor4D,
  weights: ours.AttentionBlockWeights,
  options: AttentionBlockOptions,
): Tensor4D {
  return attentionBlockReference(x, weights, options, { attention, groupNormSilu, linear });
}

/** At stride 1 padding by one pixel is `same`; at stride 2 it is not, and the image is padded first. */
export function conv2d(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | null = null,
  { stride = 1 }: Conv2dOptions = {},
): Tensor4D {
  const edge: [number, number] = [1, 1];
  const padded = stride === 1 ? (x as Tensor4D) : tf.pad(x as Tensor4D, [[0, 0], edge, edge, [0, 0]]);
  const y = tf.conv2d(padded, kernel as Tensor4D, stride, stride === 1 ? 'same' : 'valid');
  return bias === null ? y : tf.add(y, bias);
}

export function upsampleNearest2(x: Tensor): Tensor4D {
  const [, rows, columns] = x.shape as [number, number, number];
  return tf.image.resizeNearestNeighbor(x as Tensor4D, [2 * rows, 2 * columns]);
}

export function embedding(table: Tensor, indices: readonly number[]): Tensor {
  const rows = tf.oneHot(tf.tensor1d([...indices], 'int32'), table.shape[0]!);
  return tf.matMul(tf.cast(rows, 'float32'), table);
}

/** Does not compile where an operation of the models is missing here. */
({
  ...{ attention, attentionBlock, conv2d, embedding, groupNormSilu, linear, residualBlock },
  ...{ silu, squeezeExcitation, upsampleNearest2 },
}) satisfies Record<keyof typeof ours, unknown>;
