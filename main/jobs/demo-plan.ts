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
  downstreamSeeds: number[];
  /** Seconds that everything after the flow's training takes. */
  reserved: number;
}

/** Shares of the time that is left for training the models, of which the rest goes to the score's classifier. */
export const TRAINING_SHARES = { autoencoder: 0.24, flow: 0.48, finetune: 0.18, classifier: 0.1 };

/** Plans a demo of about `minutes`. Below two minutes it is a rehearsal: everything runs, nothing is learnt well. */
export function planDemo(minutes: number, seed: number): DemoPlan {
  const rehearsal = minutes < 2;
  const long = minutes >= 15;
  const volumes = rehearsal ? 20 : long ? 160 : 80;
  const classifierSeconds = rehearsal ? 2 : long ? 40 : 10;
  const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => seed + i);
  const realismSeeds = seeds(rehearsal ? 1 : long ? 3 : 2);
  const downstreamSeeds = seeds(rehearsal ? 1 : long ? 5 : 2);
  const classifiers = realismSeeds.length + 2 * downstreamSeeds.length;
  return {
    seed,
    phantom: { volumes, slices: rehearsal ? 2 : 4, size: 320, coils: 4, seed, unlabeledShare: 0.2 },
    external: {
      volumes: rehearsal ? 4 : 10,
      slices: 4,
      size: 256,
      coils: 4,
      seed: `${seed}:external`,
      unlabeledShare: 0,
    },
    patches: {
      ...DEFAULT_PATCH_SETTINGS,
      perVolume: { abnormal: { minimum: 8, maximum: 16 }, normalBesideBoxes: 4, normal: 12, unlabeled: 8 },
    },
    classifierSeconds,
    realismSeeds,
    downstreamSeeds,
    reserved: classifiers * classifierSeconds + (rehearsal ? 10 : long ? 120 : 30),
  };
}

/** A share of the training time as a budget. */
export function budget(seconds: number): TrainingBudget {
  return { seconds: Math.max(1, seconds) };
}
