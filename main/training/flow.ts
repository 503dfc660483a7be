import type * as tf from '@tensorflow/tfjs-core';
import { meanSquaredError } from '../compute/losses/index.ts';
import { Random } from '../domain/random.ts';
import { flowParameters, UNKNOWN_SEQUENCE, velocity } from '../models/flow-unet.ts';
import type { FlowArchitecture, FlowCondition } from '../models/flow-unet.ts';
import type { NamedTensors } from '../models/parameters.ts';
import type { FlowSettings, TimeDensity } from '../models/presets.ts';
import type { Flow, FlowDescription } from '../models/trained.ts';
import { requireItems } from './dataset.ts';
import { batchTensor, drawLatents, standardisationOf } from './latents.ts';
import type { LatentSet } from './latents.ts';
import { train } from './loop.ts';
import type { TrainingHooks, TrainingResult } from './loop.ts';
import { shuffledOrder } from './order.ts';

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
  const order = shuffledOrder(latents.count, settings.batchSize, seed);
  return train(
    {
      description,
      parameters: flowParameters(architecture),
      settings,
      seed,
      loss: (parameters, { step }) => {
        const random = Random.for(seed, 'flow', step);
        const indices = order.indices(step);
        const z = drawLatents(latents, description.standardisation, indices, random);
        const sequence = Array.from(indices, (i) => latents.sequence[i]!);
        const dropped = dropCondition(sequence, UNKNOWN_SEQUENCE, settings.conditionDropout, random);
        return flowMatchingLoss(description, parameters, z, { sequence: dropped }, settings.timeDensity, random);
      },
    },
    hooks,
  );
}

/**
 * Conditional flow matching on the straight path from noise to data (Lipman et al. 2023; Liu et al. 2023):
 * x_t = (1 − t)·ε + t·z, v = z − ε, mean squared error over all elements.
 * @param z standardised latents, `[batch, size, size, channels]`
 */
export function flowMatchingLoss(
  { architecture }: FlowDescription,
  parameters: NamedTensors,
  z: Float32Array,
  condition: Omit<FlowCondition, 'time'>,
  density: TimeDensity,
  random: Random,
): tf.Scalar {
  const count = condition.sequence.length;
  const length = z.length / count;
  const noise = random.normals(z.length);
  const time = condition.sequence.map(() => drawTime(density, random));
  const x = new Float32Array(z.length);
  const target = new Float32Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const t = time[Math.floor(i / length)]!;
    x[i] = (1 - t) * noise[i]! + t * z[i]!;
    target[i] = z[i]! - noise[i]!;
  }
  const size = architecture.latentSize;
  const predicted = velocity(architecture, parameters, batchTensor(x, count, size), { ...condition, time });
  return meanSquaredError(predicted, batchTensor(target, count, size));
}

/** t in (0, 1): uniform, or sigmoid of a normal (Esser et al. 2024, Eq. 19). */
export function drawTime(density: TimeDensity, random: Random): number {
  if (density.kind === 'uniform') return random.uniform();
  return 1 / (1 + Math.exp(-(density.location + density.scale * random.normal())));
}

/** Replaces each sample's condition by the unknown token with the given probability, independently. */
export function dropCondition(
  condition: readonly number[],
  unknown: number,
  probability: number,
  random: Random,
): number[] {
  return condition.map((value) => (random.uniform() < probability ? unknown : value));
}
