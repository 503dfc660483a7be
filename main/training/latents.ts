import * as tf from '@tensorflow/tfjs-core';
import { readTensor } from '../compute/tensors.ts';
import type { Tensor4D } from '../compute/tensors.ts';
import { betweenParts } from '../domain/progress.ts';
import type { WorkContext } from '../domain/progress.ts';
import type { Random } from '../domain/random.ts';
import { encode } from '../models/cvae.ts';
import { meanPhases, rotatePhases } from '../models/phase-reference.ts';
import type { PhaseReference } from '../models/presets.ts';
import { withLoaded } from '../models/trained.ts';
import type { Autoencoder, Standardisation } from '../models/trained.ts';
import type { ItemLabels, PatchDataset } from './dataset.ts';

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

const BATCH = 64;

/** Brings patches to the phase reference that a model was trained with. @param images `[n, size, size, 2]` */
export function toPhaseReference(images: Float32Array, size: number, reference: PhaseReference): Float32Array {
  return reference === 'volume' ? images : rotatePhases(images, meanPhases(images, size * size), -1);
}

/** Encodes every patch of a data set: μ and σ of its latents. */
export async function encodeDataset(
  autoencoder: Autoencoder,
  dataset: PatchDataset,
  context: WorkContext = {},
): Promise<LatentSet> {
  const { architecture, phaseReference, patchSize } = autoencoder.description;
  const size = patchSize / 2 ** (architecture.channels.length - 1);
  const channels = architecture.latentChannels;
  const length = size * size * channels;
  const mean = new Float32Array(dataset.count * length);
  const deviation = new Float32Array(dataset.count * length);
  await withLoaded(autoencoder.weights, async (parameters) => {
    for (let start = 0; start < dataset.count; start += BATCH) {
      await betweenParts(context, 'Encoding');
      const count = Math.min(BATCH, dataset.count - start);
      const indices = Int32Array.from({ length: count }, (_, i) => start + i);
      const images = toPhaseReference(dataset.read(indices), patchSize, phaseReference);
      const sequence = Array.from(indices, (i) => dataset.sequence[i]!);
      const both = tf.tidy(() => {
        const x = tf.tensor4d(images, [count, patchSize, patchSize, 2]);
        const latent = encode(architecture, parameters, x, sequence);
        return tf.stack([latent.mean, tf.exp(tf.mul(latent.logVariance, 0.5))]);
      });
      const values = await readTensor(both);
      both.dispose();
      mean.set(values.subarray(0, values.length / 2), start * length);
      deviation.set(values.subarray(values.length / 2), start * length);
      context.onProgress?.({ stage: 'Encoding patches', done: start + count, total: dataset.count });
    }
  });
  const { sequence, tissue, volume } = dataset;
  return { count: dataset.count, size, channels, phaseReference, mean, deviation, sequence, tissue, volume };
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
  set: LatentSet,
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

/** A tensor of latents or patches of one batch. */
export function batchTensor(values: Float32Array, count: number, size: number): Tensor4D {
  return tf.tensor4d(values, [count, size, size, values.length / (count * size * size)]);
}
