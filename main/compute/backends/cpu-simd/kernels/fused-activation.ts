import type { TensorInfo } from '@tensorflow/tfjs-core';
import { unary } from './elementwise.ts';
import type { Call } from './kernel.ts';
import { attribute, isFloat } from './kernel.ts';

/** Activations that a fused kernel applies to its own output afterwards. */
export const fusedActivations: Record<string, Parameters<typeof unary>[1] | null> = {
  linear: null,
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
};

/** The activation of a fused convolution or product. */
export function activated(call: Call, y: TensorInfo): TensorInfo {
  const name = fusedActivations[attribute<string | undefined>(call, 'activation') ?? 'linear'];
  if (name === null || name === undefined) return y;
  const z = unary(call.backend, name, y, attribute<number | undefined>(call, 'leakyreluAlpha') ?? 0.2);
  call.backend.free(y);
  return z;
}

/** Whether the bias is one value per column, and the activation one of ours. */
export function plainFusion(call: Call, columns: number): boolean {
  const { bias } = call.inputs;
  const known = (attribute<string | undefined>(call, 'activation') ?? 'linear') in fusedActivations;
  return known && (bias == null || (isFloat(bias) && bias.shape.reduce((a, b) => a * b, 1) === columns));
}
