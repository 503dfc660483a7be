import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../tensors.ts';
import { hasFusedKernel, runFusedKernel } from '../backends/cpu-simd/fused-kernels.ts';
import type { FusedKernelName, FusedKernels } from '../backends/cpu-simd/fused-kernels.ts';

export type FusedInputs<Name extends FusedKernelName> = FusedKernels[Name]['inputs'];
export type FusedAttributes<Name extends FusedKernelName> = FusedKernels[Name]['attrs'];

/** The same outputs, in the same order, from stock operations. */
export type Composition<Name extends FusedKernelName> = (
  inputs: FusedInputs<Name>,
  attributes: FusedAttributes<Name>,
) => Tensor[];

/** Runs the active backend's fused kernel where it has one, else the composition of stock operations. */
export function fusedOrComposed<Name extends FusedKernelName>(
  name: Name,
  inputs: FusedInputs<Name>,
  attributes: FusedAttributes<Name>,
  compose: Composition<Name>,
): Tensor[] {
  if (hasFusedKernel(name, tf.getBackend())) return runFusedKernel(name, inputs, attributes);
  return tf.tidy(() => compose(inputs, attributes));
}

/** Tensors as a kernel takes them, by name: those of a list in the order of the names, which may be more. */
export function byName<Named>(names: readonly (keyof Named & string)[], tensors: readonly Tensor[]): Named {
  return Object.fromEntries(tensors.map((tensor, i) => [names[i]!, tensor])) as Named;
}
