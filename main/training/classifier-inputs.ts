import { magnitude } from '../domain/complex.ts';
import type { Random } from '../domain/random.ts';
import type { PhaseReference } from '../models/presets.ts';
import type { Standardisation } from '../models/trained.ts';
import type { PatchDataset } from './dataset.ts';
import { drawLatents, toPhaseReference } from './latent-set.ts';
import type { LatentSet } from './latent-set.ts';

/** What a classifier looks at, whatever its origin: real or synthetic, latents or patches. */
export interface ClassifierInputs {
  readonly count: number;
  readonly size: number;
  readonly channels: number;
  readonly input: 'latent' | 'complex' | 'magnitude';
  readonly phaseReference: PhaseReference;
  /** `[indices.length, size, size, channels]`, a copy. Latents are drawn anew each time. */
  read(indices: ArrayLike<number>, random: Random): Float32Array;
}

/** Real latents, drawn and standardised at each read. */
export function latentInputs(latents: LatentSet, standardisation: Standardisation): ClassifierInputs {
  const { count, size, channels, phaseReference } = latents;
  return {
    count,
    size,
    channels,
    input: 'latent',
    phaseReference,
    read: (indices, random) => drawLatents(latents, standardisation, indices, random),
  };
}

/** Synthetic latents as generated (standardised), `[count, size, size, channels]`. */
export function syntheticLatentInputs(
  values: Float32Array,
  { count, size, channels, phaseReference }: Pick<ClassifierInputs, 'count' | 'size' | 'channels' | 'phaseReference'>,
): ClassifierInputs {
  const length = size * size * channels;
  return {
    count,
    size,
    channels,
    input: 'latent',
    phaseReference,
    read(indices) {
      const out = new Float32Array(indices.length * length);
      for (let k = 0; k < indices.length; k++) {
        out.set(values.subarray(indices[k]! * length, (indices[k]! + 1) * length), k * length);
      }
      return out;
    },
  };
}

/** Complex patches, or their magnitudes alone (the ablation that asks what phase adds). */
export function patchInputs(
  dataset: PatchDataset,
  phaseReference: PhaseReference,
  components: 'complex' | 'magnitude' = 'complex',
): ClassifierInputs {
  const { count, size } = dataset;
  return {
    count,
    size,
    channels: components === 'complex' ? 2 : 1,
    input: components,
    phaseReference,
    read(indices) {
      const images = dataset.read(indices);
      return components === 'magnitude' ? magnitude(images) : toPhaseReference(images, size, phaseReference).slice();
    },
  };
}

/** Several inputs of one kind one after another: real and synthetic, for instance. */
export function concatenatedInputs(parts: readonly ClassifierInputs[]): ClassifierInputs {
  const starts: number[] = [];
  let count = 0;
  for (const part of parts) {
    starts.push(count);
    count += part.count;
  }
  const { size, channels } = parts[0]!;
  const length = size * size * channels;
  return {
    ...parts[0]!,
    count,
    read(indices, random) {
      const out = new Float32Array(indices.length * length);
      for (let k = 0; k < indices.length; k++) {
        const part = starts.findLastIndex((start) => start <= indices[k]!);
        out.set(parts[part]!.read([indices[k]! - starts[part]!], random), k * length);
      }
      return out;
    },
  };
}

/** The items of these indices. */
export function selectedInputs(inputs: ClassifierInputs, indices: ArrayLike<number>): ClassifierInputs {
  const kept = Int32Array.from(indices);
  return {
    ...inputs,
    count: kept.length,
    read: (wanted, random) =>
      inputs.read(
        Int32Array.from({ length: wanted.length }, (_, k) => kept[wanted[k]!]!),
        random,
      ),
  };
}
