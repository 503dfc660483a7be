import { cancelled, IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { Random } from '../domain/random.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { estimateAuroc } from './auroc-estimate.ts';
import type { AurocEstimate } from './auroc-estimate.ts';
import { gather } from './classification-task.ts';
import type { Example, Item, TaskScores, TrainAndScore } from './classification-task.ts';
import { bootstrapAurocDifference } from './metrics/cluster-bootstrap.ts';
import type { GroupedScores } from './metrics/cluster-bootstrap.ts';
import { operatingPoint, youdenThreshold } from './metrics/operating-point.ts';
import type { OperatingPoint } from './metrics/operating-point.ts';
import { matchSizes } from './strata.ts';

/** One row of a downstream table: normal vs abnormal on real test patches of one sequence, or of all. */
export interface DownstreamRow extends AurocEstimate {
  sequence: Sequence | 'all';
}

/** What a classifier trained on one set of patches reached on the same real test patches. */
export interface DownstreamStrategy {
  /** "Real only", "Synthetic only". */
  name: string;
  trainingPatches: number;
  rows: DownstreamRow[];
  /** Test labels (1 = abnormal) and scores (mean over runs), for the ROC curve. */
  labels: number[];
  scores: number[];
  /** Threshold locked on validation (mean scores), applied to the test patches; null without validation of both classes. */
  operatingPoint: OperatingPoint | null;
}

export interface DownstreamResult {
  strategies: DownstreamStrategy[];
  seeds: number;
  /** Each later strategy against the first: difference of mean AUROC on the same volumes, over all sequences. */
  differences: { name: string; value: number; interval: readonly [number, number] | null }[];
}

/** What one strategy trains on. New experiments (substitution, additive, ablation) are new makers of these. */
export interface TrainingSet {
  name: string;
  items: readonly Item[];
}

export interface DownstreamDesign {
  sets: readonly TrainingSet[];
  /** Real patches only: synthetic ones never judge. */
  validation: readonly Item[];
  test: readonly Item[];
  seeds: readonly number[];
  /** Seed of the bootstrap. */
  designSeed: number | string;
}

/**
 * "Real only" and "Synthetic only" with the same number of patches for each class × sequence, so that only their origin
 * differs. Items of unknown class are left out.
 */
export function matchedRealAndSynthetic(
  real: readonly Item[],
  synthetic: readonly Item[],
  designSeed: number | string,
): [TrainingSet, TrainingSet] {
  const labelled = (items: readonly Item[]): Item[] => items.filter((item) => item.abnormal !== null);
  const random = Random.for('downstream', designSeed);
  const stratum = (item: Item): string => `${item.sequence} ${item.abnormal}`;
  const { first, second } = matchSizes(labelled(real), labelled(synthetic), stratum, random);
  return [
    { name: 'Real only', items: first },
    { name: 'Synthetic only', items: second },
  ];
}

/** Trains normal-vs-abnormal classifiers on every set and seed and scores them on the same real test patches. */
export async function evaluateDownstream(
  design: DownstreamDesign,
  trainAndScore: TrainAndScore,
  context: WorkContext = {},
): Promise<DownstreamResult> {
  refuseSynthetic([...design.validation, ...design.test]);
  const validation = labelledExamples(design.validation);
  const test = labelledExamples(design.test);
  const total = design.sets.length * design.seeds.length;
  const strategies: DownstreamStrategy[] = [];
  const runsOf: GroupedScores[][] = [];
  for (const set of design.sets) {
    const training = labelledExamples(set.items);
    const scored: TaskScores[] = [];
    for (const seed of design.seeds) {
      if (context.signal?.aborted === true) throw cancelled('The downstream experiment');
      const done = strategies.length * design.seeds.length + scored.length;
      context.onProgress?.({ stage: 'Downstream', done, total, note: set.name });
      const name = `${set.name}, seed ${seed}`;
      scored.push(await trainAndScore({ name, seed, training, validation, tests: [test] }, context));
    }
    runsOf.push(scored.map(({ tests }) => gather(test, tests[0]!, 'all')));
    strategies.push(summariseStrategy(set.name, training.length, { validation, test, scored }, design.designSeed));
  }
  context.onProgress?.({ stage: 'Downstream', done: total, total });
  return { strategies, seeds: design.seeds.length, differences: differencesToFirst(strategies, runsOf, design) };
}

function summariseStrategy(
  name: string,
  trainingPatches: number,
  { validation, test, scored }: { validation: Example[]; test: Example[]; scored: TaskScores[] },
  designSeed: number | string,
): DownstreamStrategy {
  const present = SEQUENCES.filter((sequence) => test.some(({ item }) => item.sequence === sequence));
  const rows = [...present, 'all' as const].map((sequence): DownstreamRow => {
    const runs = scored.map(({ tests }) => gather(test, tests[0]!, sequence));
    // The same draws for every strategy: their intervals differ by their scores only.
    return { sequence, ...estimateAuroc(runs, Random.for('downstream', sequence, designSeed)) };
  });
  const labels = test.map(({ target }) => target);
  const scores = meanScores(scored.map(({ tests }) => tests[0]!));
  const locked = {
    labels: validation.map(({ target }) => target),
    scores: meanScores(scored.map((s) => s.validation)),
  };
  const usable = [locked.labels, labels].every((each) => new Set<number>(each).size === 2);
  const point = usable ? operatingPoint({ labels, scores }, youdenThreshold(locked)) : null;
  return { name, trainingPatches, rows, labels, scores, operatingPoint: point };
}

function differencesToFirst(
  strategies: readonly DownstreamStrategy[],
  runsOf: readonly GroupedScores[][],
  design: DownstreamDesign,
): DownstreamResult['differences'] {
  const reference = runsOf[0]?.[0];
  if (reference === undefined || new Set(Array.from(reference.labels)).size < 2) return [];
  return strategies.slice(1).map(({ name }, k) => {
    const random = Random.for('downstream difference', design.designSeed);
    const { value, interval } = bootstrapAurocDifference(runsOf[k + 1]!, runsOf[0]!, random);
    return { name: `${name} − ${strategies[0]!.name}`, value, interval };
  });
}

function labelledExamples(items: readonly Item[]): Example[] {
  return items.flatMap((item) => (item.abnormal === null ? [] : [{ item, target: item.abnormal }]));
}

function meanScores(runs: readonly ArrayLike<number>[]): number[] {
  return Array.from(runs[0] ?? [], (_, i) => runs.reduce((sum, run) => sum + run[i]!, 0) / runs.length);
}

function refuseSynthetic(items: readonly Item[]): void {
  const count = items.filter((item) => item.source === 'synthetic').length;
  if (count === 0) return;
  throw new IsochromatError({
    code: 'downstream-synthetic-test',
    sentence: 'Downstream classifiers are judged on real patches only.',
    expected: 'real validation and test patches',
    found: `${count} synthetic ones among them`,
  });
}
