import { Random } from '../../domain/random.ts';
import { UNKNOWN_CLASS, UNKNOWN_SEQUENCE } from '../../models/conditions.ts';
import type { TimeDensity } from '../../models/presets.ts';
import type { Standardisation } from '../../models/trained.ts';
import { drawLatents } from '../latent-set.ts';
import type { LatentSet } from '../latent-set.ts';
import { shuffledOrder } from '../order.ts';
import { balancedOrder } from '../weighted-sampler.ts';

/** What one step of flow matching is computed from. */
export interface FlowBatch {
  /** x_t `[batch, size, size, channels]`. */
  x: Float32Array;
  /** The velocity that leads there, z − ε. */
  target: Float32Array;
  time: number[];
  sequence: number[];
  /** Stage 2 only. */
  tissue?: number[];
}

/** What the batches of a run are drawn from: plain data. */
export interface FlowRecipe {
  /** Stage 1, from all latents, or stage 2, from the labelled ones. */
  kind: 'flow' | 'finetune';
  latents: Pick<LatentSet, 'count' | 'size' | 'channels' | 'mean' | 'deviation' | 'sequence'>;
  standardisation: Standardisation;
  /** Of stage 2: which latents, and the class of each. */
  labelled?: { indices: number[]; tissue: number[] };
  batchSize: number;
  conditionDropout: number;
  timeDensity: TimeDensity;
  seed: number | string;
}

/** The batch of each step; a function of the seed and the step alone. */
export function flowBatches(recipe: FlowRecipe): (step: number) => FlowBatch {
  const { kind, latents, standardisation, labelled, batchSize, conditionDropout, timeDensity, seed } = recipe;
  const drawn = (random: Random, indices: ArrayLike<number>): [z: Float32Array, sequence: number[]] => [
    drawLatents(latents, standardisation, indices, random),
    Array.from(indices, (i) => latents.sequence[i]!),
  ];
  if (labelled === undefined) {
    const order = shuffledOrder(latents.count, batchSize, seed);
    return (step) => {
      const random = Random.for(seed, kind, step);
      const [z, sequence] = drawn(random, order.indices(step));
      const dropped = dropCondition(sequence, UNKNOWN_SEQUENCE, conditionDropout, random);
      return onTheWay(z, { sequence: dropped }, timeDensity, random);
    };
  }
  const strata = labelled.indices.map((i, k) => `${latents.sequence[i]!}:${labelled.tissue[k]!}`);
  const order = balancedOrder(strata, batchSize, seed);
  return (step) => {
    const random = Random.for(seed, kind, step);
    const chosen = order.indices(step);
    const indices = Array.from(chosen, (k) => labelled.indices[k]!);
    const [z, sequence] = drawn(random, indices);
    const tissue = Array.from(chosen, (k) => labelled.tissue[k]!);
    const dropped = dropCondition(tissue, UNKNOWN_CLASS, conditionDropout, random);
    return onTheWay(z, { sequence, tissue: dropped }, timeDensity, random);
  };
}

/**
 * Points on the straight path from noise to data (Lipman et al. 2023; Liu et al. 2023): x_t = (1 − t)·ε + t·z, v = z − ε.
 * @param z standardised latents, `[batch, size, size, channels]`
 */
export function onTheWay(
  z: Float32Array,
  condition: Pick<FlowBatch, 'sequence' | 'tissue'>,
  density: TimeDensity,
  random: Random,
): FlowBatch {
  const length = z.length / condition.sequence.length;
  const noise = random.normals(z.length);
  const time = condition.sequence.map(() => drawTime(density, random));
  const x = new Float32Array(z.length);
  const target = new Float32Array(z.length);
  time.forEach((t, sample) => {
    for (let i = sample * length; i < (sample + 1) * length; i++) {
      x[i] = (1 - t) * noise[i]! + t * z[i]!;
      target[i] = z[i]! - noise[i]!;
    }
  });
  return { x, target, time, ...condition };
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
