import { IsochromatError } from '../domain/errors.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { SafeTensor, TensorContent } from '../formats/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../training/checkpoint.ts';
import type { TrainingCheckpoint } from '../training/checkpoint.ts';

/** Reads a checkpoint from its safetensors file. */
export async function readCheckpoint(path: string): Promise<TrainingCheckpoint> {
  const { tensors, metadata } = await readSafetensors(path);
  const arrays = new Map([...tensors].map(([name, tensor]) => [name, float32(tensor, name, path)]));
  return decodeCheckpoint({ tensors: arrays, metadata }, path);
}

/** Writes a checkpoint as safetensors, which other programs read too. */
export async function writeCheckpoint(path: string, checkpoint: TrainingCheckpoint): Promise<void> {
  const { tensors, metadata } = encodeCheckpoint(checkpoint);
  await writeSafetensors(path, tensors as ReadonlyMap<string, TensorContent>, metadata);
}

function float32(
  { shape, dtype, data }: SafeTensor,
  name: string,
  path: string,
): { shape: number[]; data: Float32Array } {
  if (data instanceof Float32Array) return { shape, data };
  throw new IsochromatError({
    code: 'checkpoint-unreadable',
    sentence: 'This is not a checkpoint that can be used.',
    subject: path,
    expected: 'float32 arrays',
    found: `${name} in ${dtype}`,
  });
}
