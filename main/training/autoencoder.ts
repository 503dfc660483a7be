import * as tf from '@tensorflow/tfjs-core';
import { klDivergenceMean, meanAbsolutePlusGradientLoss } from '../compute/losses/index.ts';
import type { Scalar, Tensor4D } from '../compute/tensors.ts';
import { IsochromatError } from '../domain/errors.ts';
import { cvaeParameters, decode, encode, reparameterise } from '../models/cvae.ts';
import type { CvaeArchitecture } from '../models/cvae.ts';
import type { NamedTensors } from '../models/parameters.ts';
import type { AutoencoderSettings, PhaseReference } from '../models/presets.ts';
import type { AutoencoderDescription } from '../models/trained.ts';
import { autoencoderBatches } from './batches/autoencoder.ts';
import { PrefetchedBatches } from './batches/prefetch.ts';
import { requireItems } from './dataset.ts';
import type { PatchDataset } from './dataset.ts';
import { batchTensor } from './latents.ts';
import { train } from './loop.ts';
import type { TrainingHooks, TrainingResult } from './loop.ts';
import { rampFactor } from './schedule.ts';

export interface AutoencoderTrainingInput {
  architecture: CvaeArchitecture;
  settings: AutoencoderSettings;
  phaseReference: PhaseReference;
  /** Training patches at the preset's patch size. */
  dataset: PatchDataset;
  seed: number | string;
}

/** Trains the sequence-conditioned autoencoder on all patches, labelled or not. */
export async function trainAutoencoder(
  { architecture, settings, phaseReference, dataset, seed }: AutoencoderTrainingInput,
  hooks: TrainingHooks = {},
): Promise<TrainingResult<AutoencoderDescription>> {
  requireItems(dataset.count, 'the autoencoder');
  const factor = 2 ** (architecture.channels.length - 1);
  if (dataset.size % factor !== 0) {
    throw new IsochromatError({
      code: 'patch-size',
      sentence: 'Patches of this size cannot be halved into latents.',
      expected: `a size divisible by ${factor}`,
      found: String(dataset.size),
    });
  }
  const { size, sequence, source } = dataset;
  const recipe = {
    ...{ size, sequence, phaseReference, batchSize: settings.batchSize, seed },
    latentLength: settings.batchSize * (size / factor) ** 2 * architecture.latentChannels,
  };
  const told = source === undefined ? undefined : ({ kind: 'autoencoder', source, ...recipe } as const);
  const batches = new PrefetchedBatches(told, autoencoderBatches(recipe, dataset));
  try {
    return await train(
      {
        description: { kind: 'autoencoder', architecture, patchSize: size, phaseReference },
        parameters: cvaeParameters(architecture),
        settings,
        seed,
        loss: (parameters, { step, total }) => {
          const batch = batches.take(step);
          const count = batch.sequence.length;
          return autoencoderLoss(architecture, parameters, {
            patches: batchTensor(batch.patches, count, size),
            sequence: batch.sequence,
            noise: batchTensor(batch.noise, count, size / factor),
            gradientWeight: settings.gradientWeight,
            klWeight: settings.klWeight * rampFactor(step, total, settings.klWarmUp),
          });
        },
      },
      hooks,
    );
  } finally {
    await batches.close();
  }
}

/** mean L1 + λ_grad·(mean|Δx| + mean|Δy|) of the reconstruction's error + λ_KL·mean KL. */
export function autoencoderLoss(
  architecture: CvaeArchitecture,
  parameters: NamedTensors,
  batch: {
    patches: Tensor4D;
    sequence: readonly number[];
    noise: Tensor4D;
    gradientWeight: number;
    klWeight: number;
  },
): Scalar {
  const latent = encode(architecture, parameters, batch.patches, batch.sequence);
  const decoded = decode(architecture, parameters, reparameterise(latent, batch.noise), batch.sequence);
  const error = meanAbsolutePlusGradientLoss(decoded, batch.patches, batch.gradientWeight);
  const divergence = klDivergenceMean(latent.mean, latent.logVariance);
  return tf.add(error, tf.mul(divergence, batch.klWeight));
}
