import type { Random } from '../../domain/random.ts';
import { ascendingOrder, requireBothClasses } from './auroc.ts';
import type { ScoredLabels } from './auroc.ts';
import { quantileOfSorted } from './quantile.ts';

/** Scores of items that come in groups (patches of a volume). The same name in several runs is the same group. */
export interface GroupedScores extends ScoredLabels {
  readonly groups: ArrayLike<string | number>;
}

/**
 * Groups that a class must come from for an interval: three can be drawn in 10 ways, two in 3 only, and a 2.5 % quantile
 * of so few outcomes is none.
 */
export const FEWEST_GROUPS = 3;

export interface BootstrapEstimate {
  /** The statistic on the data as they are. */
  value: number;
  /** 95 % percentile interval; null where a class comes from fewer than FEWEST_GROUPS groups. */
  interval: [low: number, high: number] | null;
  groups: number;
  resamples: number;
}

/**
 * Bootstrap over groups of the AUROC, averaged over `runs` (seeds of one experiment): whole volumes are drawn with
 * replacement, because patches of one volume are not independent. Volumes that hold positives only, negatives only or
 * both are drawn each from their own kind, so that every resample has the classes and sizes of the data.
 */
export function bootstrapAuroc(runs: readonly GroupedScores[], random: Random, resamples = 2000): BootstrapEstimate {
  return bootstrapAurocDifference(runs, [], random, resamples);
}

/** As `bootstrapAuroc`, of mean AUROC(first) − mean AUROC(second), with the same volumes drawn for both (paired). */
export function bootstrapAurocDifference(
  first: readonly GroupedScores[],
  second: readonly GroupedScores[],
  random: Random,
  resamples = 2000,
): BootstrapEstimate {
  const all = [...first, ...second];
  const names = new Map<string | number, number>();
  for (const run of all) {
    for (let i = 0; i < run.groups.length; i++) {
      if (!names.has(run.groups[i]!)) names.set(run.groups[i]!, names.size);
    }
  }
  const prepared = all.map((run) => new RankedRun(run, names));
  const statistic = (weights: Uint32Array): number => {
    let sum = 0;
    for (let k = 0; k < prepared.length; k++) {
      const value = prepared[k]!.weightedAuroc(weights);
      sum += k < first.length ? value / first.length : -value / second.length;
    }
    return sum;
  };
  const value = statistic(new Uint32Array(names.size).fill(1));
  if (all.some((run) => !canBeResampled(run))) return { value, interval: null, groups: names.size, resamples: 0 };

  const strata = strataOf(all, names);
  const drawn = new Float64Array(resamples);
  const weights = new Uint32Array(names.size);
  for (let k = 0; k < resamples; k++) {
    weights.fill(0);
    for (const stratum of strata) {
      for (let i = 0; i < stratum.length; i++) weights[stratum[random.integer(0, stratum.length - 1)]!]!++;
    }
    drawn[k] = statistic(weights);
  }
  drawn.sort();
  const interval: [number, number] = [quantileOfSorted(drawn, 0.025), quantileOfSorted(drawn, 0.975)];
  return { value, interval, groups: names.size, resamples };
}

/** The items of one run in descending order of score, ready for many weightings of their groups. */
class RankedRun {
  private readonly group: Uint32Array;
  private readonly label: Uint8Array;
  /** 1 where the next item has another score. */
  private readonly last: Uint8Array;

  constructor(run: GroupedScores, names: Map<string | number, number>) {
    requireBothClasses(run);
    const order = ascendingOrder(run.scores).reverse();
    this.group = order.map((i) => names.get(run.groups[i]!)!);
    this.label = Uint8Array.from(order, (i) => run.labels[i]!);
    this.last = Uint8Array.from(order, (i, k) => Number(run.scores[i] !== run.scores[order[k + 1] ?? -1]));
  }

  /** AUROC in which an item of group g counts weights[g] times; O(n). */
  weightedAuroc(weights: Uint32Array): number {
    let positives = 0;
    let negatives = 0;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    let area = 0;
    for (let k = 0; k < this.group.length; k++) {
      const weight = weights[this.group[k]!]!;
      if (this.label[k] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
      if (this.last[k] === 0) continue;
      area += tiedNegatives * (positives + tiedPositives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
    return area / (positives * negatives);
  }
}

/** Groups by what they hold in each run: nothing, negatives, positives, both. */
function strataOf(runs: readonly GroupedScores[], names: Map<string | number, number>): Uint32Array[] {
  const signature = Array.from({ length: names.size }, () => new Uint8Array(runs.length));
  runs.forEach((run, r) => {
    for (let i = 0; i < run.groups.length; i++) {
      const kinds = signature[names.get(run.groups[i]!)!]!;
      kinds[r] = kinds[r]! | (run.labels[i] === 1 ? 2 : 1);
    }
  });
  const strata = new Map<string, number[]>();
  signature.forEach((kinds, group) => {
    const key = kinds.join();
    strata.set(key, [...(strata.get(key) ?? []), group]);
  });
  return [...strata.values()].map((members) => Uint32Array.from(members));
}

function canBeResampled(run: GroupedScores): boolean {
  const holders = [new Set<string | number>(), new Set<string | number>()];
  for (let i = 0; i < run.groups.length; i++) holders[run.labels[i]!]!.add(run.groups[i]!);
  return holders.every((groups) => groups.size >= FEWEST_GROUPS);
}
