import * as tf from '@tensorflow/tfjs-core';
import { readTensor } from '../compute/tensors.ts';
import type { Tensor4D } from '../compute/tensors.ts';
import { betweenParts } from '../domain/progress.ts';
import type { WorkContext } from '../domain/progress.ts';
import { encode } from '../models/cvae.ts';
import { withLoaded } from '../models/trained.ts';
import type { Autoencoder } from '../models/trained.ts';
import type { PatchDataset } from './dataset.ts';
import { toPhaseReference } from './latent-set.ts';
import type { LatentSet } from './latent-set.ts';

const BATCH = 64;

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
  // Shared: the thread that draws batches ahead reads the same memory.
  const [mean, deviation] = [sharedFloats(dataset.count * length), sharedFloats(dataset.count * length)];
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

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** A tensor of latents or patches of one batch. */
export function batchTensor(values: Float32Array, count: number, size: number): Tensor4D {
  return tf.tensor4d(values, [count, size, size, values.length / (count * size * size)]);
}
