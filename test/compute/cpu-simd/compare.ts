import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { Random } from '../../../main/domain/random.ts';
import type { KernelBuild } from '../../../main/kernels/loader.ts';
import { registerCpuSimd } from '../../../main/compute/backends/cpu-simd/index.ts';

export type Result = { shape: number[]; dtype: string; values: Float32Array | Int32Array | Uint8Array };

/** Starts cpu-simd with this many threads, ending an earlier one with another number, and makes it the active backend. */
export async function useCpuSimd(options: { threads?: number; build?: KernelBuild } = { threads: 2 }): Promise<void> {
  tf.enableProdMode();
  if (tf.engine().registryFactory['cpu-simd'] !== undefined) tf.removeBackend('cpu-simd');
  await registerCpuSimd(options);
  await tf.setBackend('cpu-simd');
}

/** Runs a function of tensors on a backend; the tensors are made there from the same numbers. */
export async function runOn(
  backend: string,
  inputs: readonly Input[],
  body: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): Promise<Result[]> {
  await tf.setBackend(backend);
  const results = tf.tidy(() => {
    const tensors = inputs.map(({ values, shape, dtype }) => tf.tensor(values.slice(), shape, dtype ?? 'float32'));
    const out = body(...tensors);
    return (Array.isArray(out) ? out : [out]).map((t) => ({
      shape: t.shape,
      dtype: t.dtype,
      values: t.dataSync() as Float32Array,
    })) as unknown as tf.Tensor[];
  }) as unknown as Result[];
  await tf.setBackend('cpu-simd');
  return results;
}

export interface Input {
  values: Float32Array | Int32Array;
  shape: number[];
  dtype?: 'float32' | 'int32';
}

/** Standard normal numbers, the same for the same seed. */
export function normal(shape: number[], seed: number | string = 1): Input {
  const size = shape.reduce((a, b) => a * b, 1);
  return { values: new Random(seed).normals(size), shape };
}

/** Largest difference over the largest expected value (∞ where shapes, types or non-finite values differ). */
export function difference(found: Result, expected: Result): number {
  if (found.shape.join() !== expected.shape.join() || found.dtype !== expected.dtype) return Infinity;
  let worst = 0;
  let largest = 1e-30;
  for (let i = 0; i < expected.values.length; i++) {
    const a = found.values[i] as number;
    const b = expected.values[i] as number;
    if (Object.is(a, b) || a === b) continue;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
    worst = Math.max(worst, Math.abs(a - b));
    largest = Math.max(largest, Math.abs(b));
  }
  for (const value of expected.values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return worst / largest;
}

/** The greatest difference between cpu-simd and TensorFlow.js' plain JavaScript kernels. */
export async function differenceFromPlain(
  inputs: readonly Input[],
  body: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): Promise<number> {
  const found = await runOn('cpu-simd', inputs, body);
  const expected = await runOn('cpu', inputs, body);
  return Math.max(...expected.map((e, i) => difference(found[i] as Result, e)));
}

/** A kernel by its TensorFlow.js name on the active backend. */
export function kernel(name: string, inputs: Record<string, tf.Tensor> | tf.Tensor[], attrs: object = {}): tf.Tensor[] {
  const out: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(name, inputs as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
  return Array.isArray(out) ? out : [out];
}
