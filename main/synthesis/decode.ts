import * as tf from '@tensorflow/tfjs-core';
import { readTensor } from '../compute/tensors.ts';
import { betweenParts } from '../domain/progress.ts';
import type { WorkContext } from '../domain/progress.ts';
import { decode } from '../models/cvae.ts';
import { meanPhases, rotatePhases } from '../models/phase-reference.ts';
import { withLoaded } from '../models/trained.ts';
import type { Autoencoder, Standardisation } from '../models/trained.ts';
import { unstandardise } from '../training/latent-set.ts';
import { encodeDataset } from '../training/latents.ts';
import type { PatchDataset } from '../training/dataset.ts';

const BATCH = 64;

/**
 * Complex patches of latents.
 * @param latents standardised when `standardisation` is given, `[n, size, size, channels]`
 * @param sequence index of each into SEQUENCES
 * @param phases radians added to each patch
 * @returns `[n, patchSize, patchSize, 2]`
 */
export async function decodePatches(
  autoencoder: Autoencoder,
  {
    latents,
    standardisation,
    sequence,
    phases,
  }: { latents: Float32Array; standardisation?: Standardisation; sequence: readonly number[]; phases: Float32Array },
  context: WorkContext = {},
): Promise<Float32Array> {
  const { architecture, patchSize } = autoencoder.description;
  const size = patchSize / 2 ** (architecture.channels.length - 1);
  const length = size * size * architecture.latentChannels;
  const raw = standardisation === undefined ? latents : unstandardise(latents, standardisation);
  const out = new Float32Array(sequence.length * 2 * patchSize * patchSize);
  await withLoaded(autoencoder.weights, async (parameters) => {
    for (let start = 0; start < sequence.length; start += BATCH) {
      await betweenParts(context, 'Decoding');
      const count = Math.min(BATCH, sequence.length - start);
      const decoded = tf.tidy(() => {
        const part = raw.subarray(start * length, (start + count) * length);
        const z = tf.tensor4d(part, [count, size, size, architecture.latentChannels]);
        return decode(architecture, parameters, z, sequence.slice(start, start + count));
      });
      out.set(await readTensor(decoded), start * 2 * patchSize * patchSize);
      decoded.dispose();
      context.onProgress?.({ stage: 'Decoding patches', done: start + count, total: sequence.length });
    }
  });
  return rotatePhases(out, phases, 1);
}

/**
 * What the autoencoder makes of real patches: encoded to the mean of their latents and decoded, in their own phase.
 * @returns `[n, patchSize, patchSize, 2]`, to be compared with `dataset.read`
 */
export async function reconstructPatches(
  autoencoder: Autoencoder,
  dataset: PatchDataset,
  context: WorkContext = {},
): Promise<Float32Array> {
  const latents = await encodeDataset(autoencoder, dataset, context);
  const all = Int32Array.from({ length: dataset.count }, (_, i) => i);
  const phases =
    autoencoder.description.phaseReference === 'patch'
      ? meanPhases(dataset.read(all), dataset.size * dataset.size)
      : new Float32Array(dataset.count);
  const sequence = Array.from(dataset.sequence);
  return decodePatches(autoencoder, { latents: latents.mean, sequence, phases }, context);
}
