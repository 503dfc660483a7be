import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, RESIDUAL_BLOCK_KEPT, runFusedKernel } from '../backends/cpu-simd/fused-kernels.ts';
import type { ResidualBlockAttributes, ResidualBlockInputs } from '../backends/cpu-simd/fused-kernels.ts';
import type { Tensor, Tensor4D } from '../tensors.ts';
import { bindAxes } from './axes.ts';
import { conv2d } from './conv2d.ts';
import { areFrozen, differentiable, isRecorded } from './differentiable.ts';
import { byName } from './fused.ts';
import { groupNormSilu } from './group-norm-silu.ts';
import { linear } from './linear.ts';

/** An affine map, a convolution or a normalisation by its two parameters. */
type Pair = readonly [Tensor, Tensor];

export interface ResidualBlockWeights {
  /** γ and β `[channels]`. */
  norm1: Pair;
  /** Kernel `[3, 3, channels, filters]` and bias. */
  conv1: Pair;
  /** Weight `[features, 2·filters]` and bias: scale and shift of the second normalisation. */
  film: Pair;
  norm2: Pair;
  conv2: Pair;
  /** Kernel `[1, 1, channels, filters]` and bias, where channels and filters differ. */
  skip?: Pair | undefined;
}

export interface ResidualBlockOptions {
  /** Of the first and the second normalisation. */
  groups: readonly [number, number];
  epsilon?: number;
}

/**
 * x + conv₂(SiLU(FiLM(GN₂(conv₁(SiLU(GN₁(x))))))), as Dhariwal & Nichol (2021) condition it; in one kernel where the backend has one.
 * @param x `[batch, rows, columns, channels]`
 * @param embedding `[batch, features]`
 * @returns `[batch, rows, columns, filters]`
 * @throws IsochromatError `tensor-shape`
 */
export function residualBlock(
  x: Tensor4D,
  embedding: Tensor,
  weights: ResidualBlockWeights,
  options: ResidualBlockOptions,
): Tensor4D {
  if (!hasFusedKernel('ResidualBlock')) return residualBlockReference(x, embedding, weights, options);
  const { norm1, conv1, film, norm2, conv2, skip } = weights;
  bindAxes('residualBlock', {
    x: [x, 'batch rows columns channels'],
    embedding: [embedding, 'batch features'],
    gamma1: [norm1[0], 'channels'],
    beta1: [norm1[1], 'channels'],
    kernel1: [conv1[0], 'size size channels filters'],
    bias1: [conv1[1], 'filters'],
    filmWeight: [film[0], 'features modulations'],
    filmBias: [film[1], 'modulations'],
    gamma2: [norm2[0], 'filters'],
    beta2: [norm2[1], 'filters'],
    kernel2: [conv2[0], 'size size filters filters'],
    bias2: [conv2[1], 'filters'],
    ...(skip === undefined
      ? {}
      : { skipKernel: [skip[0], '1 1 channels filters'] as const, skipBias: [skip[1], 'filters'] as const }),
  });
  const parameters = [...norm1, ...conv1, ...film, ...norm2, ...conv2, ...(skip ?? [])];
  const [groups1, groups2] = options.groups;
  return operation([x, embedding, ...parameters], {
    ...{ groups1, groups2, epsilon: options.epsilon ?? 1e-5 },
    ...{ keep: isRecorded(), frozen: areFrozen(parameters) },
  }) as Tensor4D;
}

/** The operations that a block is made of. */
interface BlockParts {
  conv2d: typeof conv2d;
  groupNormSilu: typeof groupNormSilu;
  linear: typeof linear;
}

/** The same from single operations and their gradients: ours, or others of the same names. */
export function residualBlockReference(
  x: Tensor4D,
  embedding: Tensor,
  { norm1, conv1, film, norm2, conv2, skip }: ResidualBlockWeights,
  { groups, epsilon = 1e-5 }: ResidualBlockOptions,
  parts: BlockParts = { conv2d, groupNormSilu, linear },
): Tensor4D {
  const inner = parts.conv2d(parts.groupNormSilu(x, ...norm1, { groups: groups[0], epsilon }), ...conv1);
  const [scale, shift] = tf.split(parts.linear(embedding, ...film), 2, 1) as [Tensor, Tensor];
  const modulated = parts.groupNormSilu(inner, ...norm2, { groups: groups[1], epsilon, film: { scale, shift } });
  return tf.add(skip === undefined ? x : parts.conv2d(x, ...skip), parts.conv2d(modulated, ...conv2));
}

const operation = differentiable<ResidualBlockAttributes & { keep: boolean; frozen: boolean }>({
  forward: (inputs, { frozen: _, ...attributes }) =>
    runFusedKernel('ResidualBlock', byName<ResidualBlockInputs>(NAMES, inputs), attributes),
  gradient: (dy, inputs, outputs, { keep: _, ...attributes }) => {
    const kept = byName<Record<(typeof RESIDUAL_BLOCK_KEPT)[number], Tensor>>(RESIDUAL_BLOCK_KEPT, outputs);
    const operands = { ...byName<ResidualBlockInputs>(NAMES, inputs), ...kept, dy };
    return runFusedKernel('ResidualBlockGrad', operands, attributes).map((gradient) => () => gradient);
  },
});

const NAMES = [
  ...(['x', 'embedding', 'gamma1', 'beta1', 'kernel1', 'bias1', 'filmWeight', 'filmBias'] as const),
  ...(['gamma2', 'beta2', 'kernel2', 'bias2', 'skipKernel', 'skipBias'] as const),
];
