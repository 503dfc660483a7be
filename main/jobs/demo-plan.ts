import type { TrainingBudget } from '../models/presets.ts';
import type { DatasetOptions } from '../phantom/index.ts';
import type { PatchSettings } from '../patches/index.ts';
import { DEFAULT_PATCH_SETTINGS } from '../patches/index.ts';

/** What a demo takes unless another time is asked for. */
export const DEMO_MINUTES = 5;

/** What the demo does with the minutes that it is given. */
export interface DemoPlan {
  seed: number;
  phantom: DatasetOptions;
  /** A second site: other patients, another matrix, scored as external volumes. */
  external: DatasetOptions;
  patches: PatchSettings;
  /** Steps of every classifier: a number and not a time, so that a slow machine gives the same answer later rather than another. */
  classifierSteps: number;
  realismSeeds: number[];
  /** At most this many synthetic patches of a sequence in each part of the realism experiment. */
  realismPatches: number;
  downstreamSeeds: number[];
  /** At most this many synthetic patches of a sequence and class in the downstream experiment. */
  downstreamPatches: number;
  /** Seconds that generating and decoding take where a classifier's step takes `STEP_SECONDS`. */
  samplingSeconds: number;
}

/** Seconds of one step of a patch classifier on two quiet cores. */
const STEP_SECONDS = 0.06;
/** A step on latents, a quarter of the size of patches, takes this part of one on patches. */
const LATENT_STEP = 0.25;
/** What is planned is mostly exceeded a little. */
const MARGIN = 1.05;

/** The autoencoder is good enough after this many seconds; a longer demo gives the rest to the flow, which never is. */
const LONGEST_AUTOENCODER = 180;

/** How the seconds that are left for training the generative models are shared among them. */
export function trainingBudgets(seconds: number): Record<'autoencoder' | 'flow' | 'finetune', TrainingBudget> {
  const autoencoder = Math.min(0.3 * seconds, LONGEST_AUTOENCODER);
  const flow = 0.7 * (seconds - autoencoder);
  return { autoencoder: budget(autoencoder), flow: budget(flow), finetune: budget(seconds - autoencoder - flow) };
}

/** What differs between demos of different length. In a rehearsal everything runs, and nothing is learnt well. */
const SIZES = {
  rehearsal: {
    volumes: 20,
    externalVolumes: 4,
    classifierSteps: 20,
    realismSeeds: 1,
    downstreamSeeds: 1,
    realismPatches: 10,
    downstreamPatches: 10,
    samplingSeconds: 10,
  },
  short: {
    volumes: 72,
    externalVolumes: 8,
    classifierSteps: 300,
    realismSeeds: 1,
    downstreamSeeds: 1,
    realismPatches: 16,
    downstreamPatches: 40,
    samplingSeconds: 45,
  },
  usual: {
    volumes: 100,
    externalVolumes: 12,
    classifierSteps: 400,
    realismSeeds: 1,
    downstreamSeeds: 2,
    realismPatches: 40,
    downstreamPatches: 80,
    samplingSeconds: 100,
  },
  long: {
    volumes: 200,
    externalVolumes: 12,
    classifierSteps: 500,
    realismSeeds: 3,
    downstreamSeeds: 3,
    realismPatches: 60,
    downstreamPatches: 200,
    samplingSeconds: 250,
  },
};

function sizeOf(minutes: number): (typeof SIZES)[keyof typeof SIZES] {
  if (minutes < 2) return SIZES.rehearsal;
  if (minutes < 7) return SIZES.short;
  return minutes < 15 ? SIZES.usual : SIZES.long;
}

/** Plans a demo of about `minutes`. */
export function planDemo(minutes: number, seed: number): DemoPlan {
  const size = sizeOf(minutes);
  const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => seed + i);
  const { classifierSteps, realismPatches, downstreamPatches } = size;
  return {
    seed,
    // Many heads with few slices each: what a classifier lacks is different people, not more of the same.
    phantom: { volumes: size.volumes, slices: 2, size: 320, coils: 4, seed, unlabeledShare: 0.15 },
    external: {
      volumes: size.externalVolumes,
      slices: 2,
      size: 256,
      coils: 4,
      seed: `${seed}:external`,
      unlabeledShare: 0,
    },
    patches: {
      ...DEFAULT_PATCH_SETTINGS,
      perVolume: { abnormal: { minimum: 12, maximum: 28 }, normalBesideBoxes: 6, normal: 20, unlabeled: 10 },
    },
    classifierSteps,
    realismSeeds: seeds(size.realismSeeds),
    realismPatches,
    downstreamSeeds: seeds(size.downstreamSeeds),
    downstreamPatches,
    samplingSeconds: size.samplingSeconds,
  };
}

/** However slow the machine is, so much of the demo's time trains the generative models: a demo that ends late is better than one that learnt nothing. */
const LEAST_TRAINING = 0.2;

/**
 * Seconds that there are for the generative models.
 * @param asked for the whole demo
 * @param elapsed until now
 * @param classifierSeconds see `secondsAfterTraining`
 */
export function trainingSeconds(plan: DemoPlan, asked: number, elapsed: number, classifierSeconds?: number): number {
  return Math.max(LEAST_TRAINING * asked, asked - elapsed - secondsAfterTraining(plan, classifierSeconds));
}

/**
 * Seconds that all work after the generative models takes: classifiers of experiments and sampling, at the pace that this machine has now.
 * @param classifierSeconds what training the patch classifier has just taken; as on two quiet cores where it is not known
 */
function secondsAfterTraining(plan: DemoPlan, classifierSeconds?: number): number {
  const usual = plan.classifierSteps * STEP_SECONDS;
  const pace = (classifierSeconds ?? usual) / usual;
  const classifiers = LATENT_STEP * plan.realismSeeds.length + 2 * plan.downstreamSeeds.length;
  return MARGIN * pace * (classifiers * usual + plan.samplingSeconds);
}

function budget(seconds: number): TrainingBudget {
  return { seconds: Math.max(1, seconds) };
}
