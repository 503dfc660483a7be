import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { engine, getKernel } from '@tensorflow/tfjs-core';

/**
 * The contract of the fused kernels: names, inputs, attributes and outputs that a backend may register beside TensorFlow.js' own
 * kernels, and that the op seam calls inside `tf.customGrad` where `hasFusedKernel(name)` is true.
 *
 * Conventions
 * - Images are NHWC float32. `groups` divides the channels. An absent optional input is left out of the object, not null.
 * - A kernel with several outputs returns them in the order written here; a gradient that belongs to an absent optional
 *   input is left out of the list.
 * - Statistics and probabilities are saved outputs of the forward kernel; hand them to the gradient kernel unchanged.
 * - `AdamWEma` writes into the memory of its inputs and returns nothing: the tensors (variables) keep their identity. Every
 *   tensor that shares their memory (a `clone`, a `reshape`) sees the new values.
 */
export interface FusedKernels {
  /**
   * y = act(((x − μ_g)/√(σ²_g + ε)·γ + β)·(1 + scale) + shift), moments over rows, columns and the channels of a group
   * (biased variance). Without scale and shift: plain group normalisation.
   * Returns [y, statistics]; statistics [n, groups, 2] = mean, 1/√(σ² + ε).
   */
  GroupNormFilmSilu: {
    inputs: { x: Tensor; gamma: Tensor; beta: Tensor; scale?: Tensor; shift?: Tensor };
    attrs: { groups: number; epsilon: number; activation: 'silu' | 'none' };
  };
  /** Returns [dx, dgamma, dbeta] and, where scale and shift were given, [.., dscale, dshift] (each [n, c]). */
  GroupNormFilmSiluGrad: {
    inputs: {
      dy: Tensor;
      x: Tensor;
      gamma: Tensor;
      beta: Tensor;
      scale?: Tensor;
      shift?: Tensor;
      statistics: Tensor;
    };
    attrs: { groups: number; epsilon: number; activation: 'silu' | 'none' };
  };
  /**
   * softmax(q kᵀ · factor) v over the last two axes [tokens, features]; all axes before are batches (heads among them).
   * k and v may have another number of tokens than q. `factor` defaults to 1/√features.
   * Returns [y, probabilities]; probabilities [.., tokens of q, tokens of k].
   */
  Attention: { inputs: { q: Tensor; k: Tensor; v: Tensor }; attrs: { factor?: number } };
  /** Returns [dq, dk, dv]. */
  AttentionGrad: {
    inputs: { dy: Tensor; q: Tensor; k: Tensor; v: Tensor; probabilities: Tensor };
    attrs: { factor?: number };
  };
  /**
   * x + conv₂(SiLU(FiLM(GN₂(conv₁(SiLU(GN₁(x))))))), FiLM's scale and shift the halves of embedding·W + b; where skipKernel is given, it stands for the
   * first x as a 1×1 convolution. Returns [y] and, with `keep`, what the gradient wants to find again.
   */
  ResidualBlock: { inputs: ResidualBlockInputs; attrs: ResidualBlockAttributes & { keep: boolean } };
  /** Returns the gradients of the inputs in their order; with `frozen` of x and the embedding alone. */
  ResidualBlockGrad: {
    inputs: ResidualBlockInputs & { dy: Tensor } & Record<(typeof RESIDUAL_BLOCK_KEPT)[number], Tensor>;
    attrs: ResidualBlockAttributes & { frozen: boolean };
  };
  /**
   * x + projection(attention(q, k, v)), q, k, v the thirds of GN(x)·W + b, over all pixels of an image. Returns [y] and, with `keep`, what the
   * gradient wants to find again.
   */
  AttentionBlock: { inputs: AttentionBlockInputs; attrs: AttentionBlockAttributes & { keep: boolean } };
  /** Returns the gradients of the inputs in their order; with `frozen` of x alone. */
  AttentionBlockGrad: {
    inputs: AttentionBlockInputs & { dy: Tensor } & Record<(typeof ATTENTION_BLOCK_KEPT)[number], Tensor>;
    attrs: AttentionBlockAttributes & { frozen: boolean };
  };
  /** [n, h, w, c] → [n, 2h, 2w, c], each pixel four times. Returns [y]. */
  UpsampleNearest2: { inputs: { x: Tensor }; attrs: Record<string, never> };
  /** [n, 2h, 2w, c] → [n, h, w, c], sums of 2×2. Returns [dx]. */
  UpsampleNearest2Grad: { inputs: { dy: Tensor }; attrs: Record<string, never> };
  /** x·σ(x). Returns [y]. */
  Silu: { inputs: { x: Tensor }; attrs: Record<string, never> };
  /** dy·σ(x)·(1 + x·(1 − σ(x))). Returns [dx]. */
  SiluGrad: { inputs: { dy: Tensor; x: Tensor }; attrs: Record<string, never> };
  /**
   * One AdamW step with decoupled weight decay and an exponential moving average, in place, one pass over the memory of all parameters:
   * g ← gradientScale·g; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w·(1 − lr·weightDecay) − lr·(m/(1−β₁ᵗ))/(√(v/(1−β₂ᵗ)) + ε);
   * ema ← emaDecay·ema + (1−emaDecay)·w. `step` is t, counted from 1. The inputs are an array, as for Concat: value, gradient, m, v and, with
   * `averaged`, ema of one parameter after another. Returns [].
   */
  AdamWEma: {
    inputs: Tensor[];
    attrs: {
      learningRate: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay: number;
      step: number;
      gradientScale: number;
      emaDecay: number;
      averaged: boolean;
    };
  };
  /** Σx² over all elements of all tensors of the list (inputs is an array, as for Concat). Returns [scalar]. */
  SumOfSquares: { inputs: Tensor[]; attrs: Record<string, never> };
}

export interface ResidualBlockInputs {
  x: Tensor;
  embedding: Tensor;
  gamma1: Tensor;
  beta1: Tensor;
  kernel1: Tensor;
  bias1: Tensor;
  filmWeight: Tensor;
  filmBias: Tensor;
  gamma2: Tensor;
  beta2: Tensor;
  kernel2: Tensor;
  bias2: Tensor;
  skipKernel?: Tensor;
  skipBias?: Tensor;
}

export interface ResidualBlockAttributes {
  groups1: number;
  groups2: number;
  epsilon: number;
}

/** What `ResidualBlock` returns after y. */
export const RESIDUAL_BLOCK_KEPT = [
  'normalised',
  'statistics1',
  'inner',
  'scale',
  'shift',
  'modulated',
  'statistics2',
] as const;

export interface AttentionBlockInputs {
  x: Tensor;
  gamma: Tensor;
  beta: Tensor;
  qkvWeight: Tensor;
  qkvBias: Tensor;
  projectionWeight: Tensor;
  projectionBias: Tensor;
}

export interface AttentionBlockAttributes {
  groups: number;
  heads: number;
  epsilon: number;
}

/** What `AttentionBlock` returns after y. */
export const ATTENTION_BLOCK_KEPT = ['normalised', 'statistics', 'qkv', 'probabilities', 'attended'] as const;

export type FusedKernelName = keyof FusedKernels;

/** Whether the given (or the present) backend has a kernel of its own for this fused operation. */
export function hasFusedKernel(name: FusedKernelName, backend: string = engine().backendName): boolean {
  return getKernel(name, backend) !== undefined;
}

/** Runs a fused kernel on the present backend; call it inside `tf.customGrad` (or where no gradient is wanted). */
export function runFusedKernel<N extends FusedKernelName>(
  name: N,
  inputs: FusedKernels[N]['inputs'],
  attrs: FusedKernels[N]['attrs'],
): Tensor[] {
  const output: Tensor | Tensor[] = engine().runKernel(
    name,
    inputs as unknown as NamedTensorMap,
    attrs as unknown as NamedAttrMap,
  );
  return Array.isArray(output) ? output : [output];
}
