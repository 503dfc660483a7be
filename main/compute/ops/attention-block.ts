import * as tf from '@tensorflow/tfjs-core';
import { ATTENTION_BLOCK_KEPT, hasFusedKernel, runFusedKernel } from '../backends/cpu-simd/fused-kernels.ts';
import type { AttentionBlockAttributes, AttentionBlockInputs } from '../backends/cpu-simd/fused-kernels.ts';
import type { Tensor, Tensor4D } from '../tensors.ts';
import { attention } from './attention.ts';
import { assertDivisible, bindAxes } from './axes.ts';
import { areFrozen, differentiable, isRecorded } from './differentiable.ts';
import { byName } from './fused.ts';
import { groupNormSilu } from './group-norm-silu.ts';
import { linear } from './linear.ts';

type Pair = readonly [Tensor, Tensor];

export interface AttentionBlockWeights {
  /** γ and β `[channels]`. */
  norm: Pair;
  /** Weight `[channels, 3·channels]` and bias: queries, keys, values. */
  qkv: Pair;
  /** Weight `[channels, channels]` and bias. */
  projection: Pair;
}

export interface AttentionBlockOptions {
  groups: number;
  heads: number;
  epsilon?: number;
}

/**
 * x + projection(attention(q, k, v)), queries, keys and values from GN(x), over all pixels of an image; in one kernel where the backend has one.
 * @param x `[batch, rows, columns, channels]`
 * @returns the shape of x
 * @throws IsochromatError `tensor-shape`
 */
export function attentionBlock(x: Tensor4D, weights: AttentionBlockWeights, options: AttentionBlockOptions): Tensor4D {
  if (!hasFusedKernel('AttentionBlock')) return attentionBlockReference(x, weights, options);
  const { norm, qkv, projection } = weights;
  const { groups, heads, epsilon = 1e-5 } = options;
  const { channels } = bindAxes('attentionBlock', {
    x: [x, 'batch rows columns channels'],
    gamma: [norm[0], 'channels'],
    beta: [norm[1], 'channels'],
    qkvWeight: [qkv[0], 'channels three'],
    qkvBias: [qkv[1], 'three'],
    projectionWeight: [projection[0], 'channels channels'],
    projectionBias: [projection[1], 'channels'],
  });
  assertDivisible('attentionBlock', 'channels', channels!, heads, 'heads');
  const parameters = [...norm, ...qkv, ...projection];
  const flags = { keep: isRecorded(), frozen: areFrozen(parameters) };
  return operation([x, ...parameters], { groups, heads, epsilon, ...flags }) as Tensor4D;
}

/** The operations that a block is made of. */
interface BlockParts {
  attention: typeof attention;
  groupNormSilu: typeof groupNormSilu;
  linear: typeof linear;
}

/** The same from single operations and their gradients: ours, or others of the same names. */
export function attentionBlockReference(
  x: Tensor4D,
  { norm, qkv, projection }: AttentionBlockWeights,
  { groups, heads, epsilon = 1e-5 }: AttentionBlockOptions,
  parts: BlockParts = { attention, groupNormSilu, linear },
): Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  const normalised = parts.groupNormSilu(x, ...norm, { groups, epsilon, silu: false });
  const tokens = tf.reshape(normalised, [batch, rows * columns, channels]);
  const [q, k, v] = tf.split(parts.linear(tokens, ...qkv), 3, 2) as [Tensor, Tensor, Tensor];
  return tf.add(x, tf.reshape(parts.linear(parts.attention(q, k, v, heads), ...projection), x.shape));
}

const operation = differentiable<AttentionBlockAttributes & { keep: boolean; frozen: boolean }>({
  forward: (inputs, { frozen: _, ...attributes }) =>
    runFusedKernel('AttentionBlock', byName<AttentionBlockInputs>(NAMES, inputs), attributes),
  gradient: (dy, inputs, outputs, { keep: _, ...attributes }) => {
    const kept = byName<Record<(typeof ATTENTION_BLOCK_KEPT)[number], Tensor>>(ATTENTION_BLOCK_KEPT, outputs);
    const operands = { ...byName<AttentionBlockInputs>(NAMES, inputs), ...kept, dy };
    return runFusedKernel('AttentionBlockGrad', operands, attributes).map((gradient) => () => gradient);
  },
});

const NAMES = ['x', 'gamma', 'beta', 'qkvWeight', 'qkvBias', 'projectionWeight', 'projectionBias'] as const;
