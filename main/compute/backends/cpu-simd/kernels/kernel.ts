import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { runOnPlainCpu } from '../fallback.ts';

/** What TensorFlow.js hands to a kernel function, with the backend's true type. */
export interface Call {
  inputs: NamedTensorInfoMap;
  attrs: NamedAttrMap;
  backend: CpuSimdBackend;
}

/** One kernel of the backend: its TensorFlow.js name, when it applies, and what it does. */
export interface KernelDefinition {
  name: string;
  /** Where this says no, the plain JavaScript kernel of the same name runs instead. */
  accepts?: (call: Call) => boolean;
  compute: (call: Call) => TensorInfo | TensorInfo[];
}

/** The kernel function to register. */
export function kernelFunction({ name, accepts, compute }: KernelDefinition) {
  return (args: unknown): TensorInfo | TensorInfo[] => {
    const call = args as Call;
    return accepts === undefined || accepts(call) ? compute(call) : runOnPlainCpu(name, call);
  };
}

/** An input that must be there. */
export function input(call: Call, name: string): TensorInfo {
  return call.inputs[name] as TensorInfo;
}

export function attribute<T>(call: Call, name: string): T {
  return call.attrs[name] as T;
}

export function isFloat(...tensors: (TensorInfo | undefined | null)[]): boolean {
  return tensors.every((tensor) => tensor?.dtype === 'float32');
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Non-negative form of axes given as a number, a list, or nothing (all axes). */
export function normalisedAxes(axis: number | readonly number[] | undefined | null, rank: number): number[] {
  const axes = axis === undefined || axis === null ? [...Array(rank).keys()] : typeof axis === 'number' ? [axis] : axis;
  return axes.map((a) => (a < 0 ? a + rank : a)).sort((a, b) => a - b);
}
