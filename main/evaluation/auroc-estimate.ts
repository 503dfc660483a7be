import type { Random } from '../domain/random.ts';
import { auroc, countClasses } from './metrics/auroc.ts';
import { bootstrapAuroc } from './metrics/cluster-bootstrap.ts';
import type { GroupedScores } from './metrics/cluster-bootstrap.ts';
import { summarise } from './summary.ts';

/** AUROC over repeated runs on one test set, with an interval over volumes. */
export interface AurocEstimate {
  /** One value a run (seed, or seed × synthetic test set). */
  runs: number[];
  /** Mean over runs; null where a class is absent. */
  mean: number | null;
  /** Over runs (training variability only), null below two runs. */
  standardDeviation: number | null;
  /** 95 % percentile bootstrap over volumes of the mean (sampling variability); null where it cannot be had. */
  interval: readonly [low: number, high: number] | null;
  /** Test items of each class in one run. */
  positives: number;
  negatives: number;
  /** Independent groups (volumes; a synthetic patch is its own) in one run. */
  groups: number;
}

/** The estimate of an experiment that was run several times on (parts of) the same groups. */
export function estimateAuroc(runs: readonly GroupedScores[], random: Random, resamples = 2000): AurocEstimate {
  const first = runs[0];
  const { positives, negatives } = first === undefined ? { positives: 0, negatives: 0 } : countClasses(first);
  const groups = first === undefined ? 0 : new Set(Array.from(first.groups)).size;
  if (positives === 0 || negatives === 0) {
    return { runs: [], mean: null, standardDeviation: null, interval: null, positives, negatives, groups };
  }
  const values = runs.map((run) => auroc(run));
  const { mean, standardDeviation } = summarise(values);
  const { interval } = bootstrapAuroc(runs, random, resamples);
  return { runs: values, mean, standardDeviation, interval, positives, negatives, groups };
}
