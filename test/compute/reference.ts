import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { readNpy } from '../../main/formats/npy.ts';
import { referenceFile } from '../data.ts';

interface NetworkReference {
  operations: Record<string, { files: Record<string, string>; targets?: number[] }>;
  adamw: {
    matrix: number[][];
    initial: number[];
    lr: number;
    betas: [number, number];
    epsilon: number;
    weight_decay: number;
    clip_norm: number;
    steps: { loss: number; gradient_norm: number; weights: number[]; ema: number[] }[];
  };
}

export const network = JSON.parse(readFileSync(referenceFile('network.json'), 'utf8')) as NetworkReference;

/** The tensors of an operation on the active backend, by their role. */
export async function referenceTensors(operation: string): Promise<Record<string, tf.Tensor>> {
  const tensors: Record<string, tf.Tensor> = {};
  for (const [role, file] of Object.entries(network.operations[operation]!.files)) {
    const { data, shape } = await readNpy(referenceFile(file));
    tensors[role] = tf.tensor(Float32Array.from(data as Float32Array), [...shape], 'float32');
  }
  return tensors;
}

/** Largest difference relative to the largest reference value. */
export function relativeError(found: tf.Tensor, expected: tf.Tensor): number {
  // PyTorch's scalars were saved with one axis.
  if (found.size !== expected.size) {
    throw new Error(`The shape is [${found.shape.join()}] where the reference has [${expected.shape.join()}].`);
  }
  const a = found.dataSync();
  const b = expected.dataSync();
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= worst)) worst = difference;
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return worst / largest;
}
