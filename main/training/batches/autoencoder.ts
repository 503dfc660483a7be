import { Random } from '../../domain/random.ts';
import type { PhaseReference } from '../../models/presets.ts';
import { toPhaseReference } from '../latent-set.ts';
import { shuffledOrder } from '../order.ts';
import type { PatchReader, PatchSource } from './patch-source.ts';

/** What one step of the autoencoder is computed from. */
export interface AutoencoderBatch {
  /** `[batch, size, size, 2]`. */
  patches: Float32Array;
  sequence: number[];
  /** Standard normal, of the latents' shape. */
  noise: Float32Array;
}

/** What the batches of a run are drawn from: plain data. */
export interface AutoencoderRecipe {
  kind: 'autoencoder';
  source: PatchSource;
  /** Side of the patches. */
  size: number;
  /** Of every patch. */
  sequence: Uint8Array;
  phaseReference: PhaseReference;
  batchSize: number;
  /** Numbers of the noise of a batch. */
  latentLength: number;
  seed: number | string;
}

/** The batch of each step; a function of the seed and the step alone. */
export function autoencoderBatches(
  { size, sequence, phaseReference, batchSize, latentLength, seed }: Omit<AutoencoderRecipe, 'kind' | 'source'>,
  reader: Pick<PatchReader, 'read'>,
): (step: number) => AutoencoderBatch {
  const order = shuffledOrder(sequence.length, batchSize, seed);
  return (step) => {
    const indices = order.indices(step);
    return {
      patches: toPhaseReference(reader.read(indices), size, phaseReference),
      sequence: Array.from(indices, (i) => sequence[i]!),
      noise: Random.for(seed, 'autoencoder', step).normals(latentLength),
    };
  };
}
