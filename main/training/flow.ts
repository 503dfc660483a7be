import type * as tf from '@tensorflow/tfjs-core';
import { meanSquaredError } from '../compute/losses/index.ts';
import { flowParameters, velocity } from '../models/flow-unet.ts';
import type { FlowArchitecture } from '../models/flow-unet.ts';
import type { NamedTensors } from '../models/parameters.ts';
import type { FlowSettings } from '../models/presets.ts';
import type { Flow, FlowDescription } from '../models/trained.ts';
import { flowBatches } from './batches/flow.ts';
import type { FlowBatch, FlowRecipe } from './batches/flow.ts';
import { PrefetchedBatches } from './batches/prefetch.ts';
import { requireItems } from './dataset.ts';
import { standardisationOf } from './latent-set.ts';
import type { LatentSet } from './latent-set.ts';
import { batchTensor } from './latents.ts';
import { train } from './loop.ts';
import type { TrainingHooks, TrainingResult } from './loop.ts';

export interface FlowTrainingInput {
  architecture: FlowArchitecture;
  settings: FlowSettings;
  /** Latents of the whole training set, labelled or not. */
  latents: LatentSet;
  seed: number | string;
}

/** Stage 1: a flow conditioned on the sequence, from all patches. */
export async function trainFlow(
  { architecture, settings, latents, seed }: FlowTrainingInput,
  hooks: TrainingHooks = {},
): Promise<TrainingResult<Flow['description']>> {
  requireItems(latents.count, 'the flow');
  const description: FlowDescription = {
    kind: 'flow',
    stage: 1,
    architecture,
    standardisation: standardisationOf(latents),
    phaseReference: latents.phaseReference,
  };
  const batches = prefetchedFlow({
    kind: 'flow',
    latents,
    standardisation: description.standardisation,
    seed,
    ...settings,
  });
  try {
    const parameters = flowParameters(architecture);
    const loss = (tensors: NamedTensors, { step }: { step: number }): tf.Scalar => flowMatchingLoss(description, tensors, batches.take(step)); // prettier-ignore
    return await train({ description, parameters, settings, seed, loss }, hooks);
  } finally {
    await batches.close();
  }
}

/** The batches of a run of flow matching, drawn ahead on another thread. */
export function prefetchedFlow(given: FlowRecipe): PrefetchedBatches<FlowBatch> {
  const { kind, standardisation, batchSize, conditionDropout, timeDensity, seed } = given;
  // Only what drawing needs: the rest would be copied to the other thread for nothing.
  const { count, size, channels, mean, deviation, sequence } = given.latents;
  const recipe: FlowRecipe = {
    ...{ kind, standardisation, batchSize, conditionDropout, timeDensity, seed },
    latents: { count, size, channels, mean, deviation, sequence },
    ...(given.labelled === undefined ? {} : { labelled: given.labelled }),
  };
  return new PrefetchedBatches(recipe, flowBatches(recipe));
}

/** Conditional flow matching (Lipman et al. 2023): mean squared error of the velocity over all elements. */
export function flowMatchingLoss(
  { architecture }: FlowDescription,
  parameters: NamedTensors,
  { x, target, ...condition }: FlowBatch,
): tf.Scalar {
  const [count, size] = [condition.sequence.length, architecture.latentSize];
  const predicted = velocity(architecture, parameters, batchTensor(x, count, size), condition);
  return meanSquaredError(predicted, batchTensor(target, count, size));
}
