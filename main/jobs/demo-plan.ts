import type { TrainingBudget } from '../models/presets.ts';
import type { DatasetOptions } from '../phantom/index.ts';
import type { PatchSettings } from '../patches/index.ts';
import { DEFAULT_PATCH_SETTINGS } from '../patches/index.ts';

/** What the demo does with the minutes that it is given. */
export interface DemoPlan {
  seed: number;
  phantom: DatasetOptions;
  /** A second site: other patients, another matrix, scored as external volumes. */
  external: DatasetOptions;
  patches: PatchSettings;
  /** Seconds for each of the classifiers of the experiments, and how many there are. */
  classifierSeconds: number;
  realismSeeds: number[];
  /** At most this many synthetic patches of a sequence in each part of the realism experiment. */
  realismPatches: number;
  downstreamSeeds: number[];
  /** At most this many synthetic patches of a sequence and class in the downstream experiment. */
  downstreamPatches: number;
  /** Seconds that everything after the flow's training takes. */
  reserved: number;
}

/** Shares of the time that is left for training the models, of which the rest goes to the score's classifier. */
export const TRAINING_SHARES = { autoencoder: 0.22, flow: 0.46, finetune: 0.2, classifier: 0.12 };

/** Plans a demo of about `minutes`. Below two minutes it is a rehearsal: everything runs, nothing is learnt well. */
export function planDemo(minutes: number, seed: number): DemoPlan {
  const rehearsal = minutes < 2;
  const long = minutes >= 15;
  const classifierSeconds = rehearsal ? 2 : long ? 40 : 15;
  const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => seed + i);
  const realismSeeds = seeds(long ? 3 : 1);
  const downstreamSeeds = seeds(rehearsal ? 1 : long ? 5 : 2);
  const classifiers = realismSeeds.length + 2 * downstreamSeeds.length;
  return {
    seed,
    // Many heads with few slices each: what a classifier lacks is different people, not more of the same.
    phantom: { volumes: rehearsal ? 20 : long ? 280 : 100, slices: 2, size: 320, coils: 4, seed, unlabeledShare: 0.15 },
    external: {
      volumes: rehearsal ? 4 : 12,
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
    classifierSeconds,
    realismSeeds,
    realismPatches: rehearsal ? 10 : long ? 150 : 40,
    downstreamSeeds,
    downstreamPatches: rehearsal ? 10 : long ? 400 : 80,
    reserved: classifiers * classifierSeconds + (rehearsal ? 10 : long ? 400 : 90),
  };
}

/** A share of the training time as a budget. */
export function budget(seconds: number): TrainingBudget {
  return { seconds: Math.max(1, seconds) };
}
