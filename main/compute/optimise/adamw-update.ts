import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, runFusedKernel } from '../backends/cpu-simd/fused-kernels.ts';
import type { FusedKernels } from '../backends/cpu-simd/fused-kernels.ts';
import type { Tensor, Variable } from '../tensors.ts';

/** One parameter with everything that its update touches. */
export interface UpdatedParameter {
  value: Variable;
  gradient: Tensor;
  m: Variable;
  v: Variable;
  ema: Variable | null;
}

export type UpdateAttributes = Omit<FusedKernels['AdamWEma']['attrs'], 'averaged'>;

/**
 * One step of AdamW with decoupled weight decay (Loshchilov & Hutter 2019, Algorithm 2) for parameters that share their rates, and of their moving
 * average:
 *   g ← gradientScale·g,   m ← β₁m + (1−β₁)g,   v ← β₂v + (1−β₂)g²,
 *   w ← w·(1 − η·λ) − η·m̂/(√v̂ + ε),   m̂ = m/(1−β₁ᵗ),   v̂ = v/(1−β₂ᵗ),
 *   ema ← d·ema + (1−d)·w.
 */
export function adamwUpdate(parameters: readonly UpdatedParameter[], attributes: UpdateAttributes): void {
  if (parameters.length === 0) return;
  if (hasFusedKernel('AdamWEma', tf.getBackend())) updateInPlace(parameters, attributes);
  else updateAsOneVector(parameters, attributes);
}

function updateInPlace(parameters: readonly UpdatedParameter[], attributes: UpdateAttributes): void {
  const averaged = parameters.every(({ ema }) => ema !== null);
  const inputs = parameters.flatMap(({ value, gradient, m, v, ema }) => [value, gradient, m, v, ...(averaged ? [ema!] : [])]); // prettier-ignore
  runFusedKernel('AdamWEma', inputs, { ...attributes, averaged });
}

/** A dozen operations on one long vector instead of on each of hundreds of parameters, where calling would cost more than computing. */
function updateAsOneVector(parameters: readonly UpdatedParameter[], attributes: UpdateAttributes): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale, emaDecay } = attributes;
  tf.tidy(() => {
    const g = tf.mul(joined(parameters.map(({ gradient }) => gradient)), gradientScale);
    const m = blend(joined(parameters.map(({ m }) => m)), g, beta1);
    const v = blend(joined(parameters.map(({ v }) => v)), tf.square(g), beta2);
    const mHat = tf.mul(m, 1 / (1 - beta1 ** step));
    const vHat = tf.mul(v, 1 / (1 - beta2 ** step));
    const direction = tf.div(mHat, tf.add(tf.sqrt(vHat), epsilon));
    const decayed = tf.mul(joined(parameters.map(({ value }) => value)), 1 - learningRate * weightDecay);
    const w = tf.sub(decayed, tf.mul(direction, learningRate));
    distribute(m, parameters.map(({ m }) => m)); // prettier-ignore
    distribute(v, parameters.map(({ v }) => v)); // prettier-ignore
    distribute(w, parameters.map(({ value }) => value)); // prettier-ignore
    const averages = parameters.map(({ ema }) => ema).filter((ema) => ema !== null);
    if (averages.length === parameters.length) distribute(blend(joined(averages), w, emaDecay), averages);
  });
}

/** decay·a + (1 − decay)·b */
function blend(a: Tensor, b: Tensor, decay: number): Tensor {
  return tf.add(tf.mul(a, decay), tf.mul(b, 1 - decay));
}

/** All numbers of some tensors, one after another. */
export function joined(tensors: readonly Tensor[]): Tensor {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [tensor.size])));
}

function distribute(vector: Tensor, variables: readonly Variable[]): void {
  const parts = tf.split(
    vector,
    variables.map(({ size }) => size),
  );
  variables.forEach((variable, i) => variable.assign(tf.reshape(parts[i]!, variable.shape)));
}
