import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../training/checkpoint.ts';
import type { TrainingCheckpoint } from '../training/checkpoint.ts';

/** Reads a checkpoint from its safetensors file. */
export async function readCheckpoint(path: string): Promise<TrainingCheckpoint> {
  return decodeCheckpoint(await readSafetensors(path), path);
}

/** Writes a checkpoint as safetensors, which other programs read too. */
export async function writeCheckpoint(path: string, checkpoint: TrainingCheckpoint): Promise<void> {
  await writeSafetensors(path, encodeCheckpoint(checkpoint));
}
