import type { Random } from '../domain/random.ts';
import { meanPhases, rotatePhases } from '../models/phase-reference.ts';
import type { PhaseReference } from '../models/presets.ts';
import type { Standardisation } from '../models/trained.ts';
import type { ItemLabels } from './dataset.ts';

/** The latent distributions of a data set, encoded once. */
export interface LatentSet extends ItemLabels {
  readonly count: number;
  readonly size: number;
  readonly channels: number;
  readonly phaseReference: PhaseReference;
  /** μ, `[count, size, size, channels]`, not standardised. */
  readonly mean: Float32Array;
  /** σ, the same shape. */
  readonly deviation: Float32Array;
}

/** Brings patches to the phase reference that a model was trained with. @param images `[n, size, size, 2]` */
export function toPhaseReference(images: Float32Array, size: number, reference: PhaseReference): Float32Array {
  return reference === 'volume' ? images : rotatePhases(images, meanPhases(images, size * size), -1);
}

/**
 * Mean and standard deviation of z = μ + σε for each channel over the whole set: Var z = Var μ + E σ².
 */
export function standardisationOf({ mean, deviation, channels }: LatentSet): Standardisation {
  const means: number[] = [];
  const deviations: number[] = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    let squares = 0;
    for (let i = c; i < mean.length; i += channels) {
      sum += mean[i]!;
      squares += mean[i]! ** 2 + deviation[i]! ** 2;
    }
    const n = mean.length / channels;
    const average = sum / n;
    means.push(average);
    deviations.push(Math.sqrt(Math.max(squares / n - average * average, 1e-12)));
  }
  return { mean: means, deviation: deviations };
}

/**
 * Draws the latents of some items anew and standardises them, (μ + σε − mean) / deviation: what a flow learns to make and what a latent
 * classifier sees, of real patches as of synthetic ones.
 * @returns `[indices.length, size, size, channels]`
 */
export function drawLatents(
  set: Pick<LatentSet, 'size' | 'channels' | 'mean' | 'deviation'>,
  { mean, deviation }: Standardisation,
  indices: ArrayLike<number>,
  random: Random,
): Float32Array {
  const { channels } = set;
  const length = set.size * set.size * channels;
  const out = random.normals(indices.length * length);
  for (let k = 0; k < indices.length; k++) {
    const from = indices[k]! * length;
    for (let i = 0; i < length; i++) {
      const c = i % channels;
      const z = set.mean[from + i]! + set.deviation[from + i]! * out[k * length + i]!;
      out[k * length + i] = (z - mean[c]!) / deviation[c]!;
    }
  }
  return out;
}

/** Standardised latents → latents as the decoder takes them, a copy. */
export function unstandardise(latents: Float32Array, { mean, deviation }: Standardisation): Float32Array {
  const channels = mean.length;
  return latents.map((value, i) => value * deviation[i % channels]! + mean[i % channels]!);
}
