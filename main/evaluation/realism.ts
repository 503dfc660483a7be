import { cancelled } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { Random } from '../domain/random.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { estimateAuroc } from './auroc-estimate.ts';
import type { AurocEstimate } from './auroc-estimate.ts';
import { gather } from './classification-task.ts';
import type { Example, Item, TaskScores, TrainAndScore } from './classification-task.ts';
import { matchSizes } from './strata.ts';

/** Real vs synthetic, per sequence: 0.5 = this classifier found no difference, which is no proof that there is none. */
export interface RealismResult {
  sequences: RealismRow[];
  /** Trainings a sequence, and synthetic test sets that each is scored on. */
  seeds: number;
  testSets: number;
}

export interface RealismRow extends AurocEstimate {
  sequence: Sequence;
  /** Training patches of this sequence, half of them real. */
  trainingSize: number;
}

export interface RealismDesign {
  real: { training: readonly Item[]; validation: readonly Item[]; test: readonly Item[] };
  /** `tests`: independent synthetic sets (the paper takes four); none of them shares a patch with `training`. */
  synthetic: { training: readonly Item[]; validation: readonly Item[]; tests: readonly (readonly Item[])[] };
  seeds: readonly number[];
  /** One classifier for each sequence (the paper), or one for all, tested per sequence (cheaper). */
  classifiers: 'per-sequence' | 'shared';
  /** Seed of what is drawn: matched subsets, bootstrap. */
  designSeed: number | string;
}

const synthetic = (item: Item): 0 | 1 => (item.source === 'synthetic' ? 1 : 0);
const bySequence = (item: Item): string => item.sequence;

/**
 * Can a classifier tell synthetic from real? (Table 4 of the method.) Per sequence, training and test sets hold equally
 * many real and synthetic patches; every seed is scored against every synthetic test set.
 */
export async function evaluateRealism(
  design: RealismDesign,
  trainAndScore: TrainAndScore,
  context: WorkContext = {},
): Promise<RealismResult> {
  const present = SEQUENCES.filter((sequence) => design.real.test.some((item) => item.sequence === sequence));
  const scopes: Sequence[][] = design.classifiers === 'shared' ? [present] : present.map((sequence) => [sequence]);
  const total = scopes.length * design.seeds.length;
  let done = 0;
  const rows = new Map<Sequence, RealismRow>();
  for (const scope of scopes) {
    const sets = matchedSets(design, scope);
    const scored: TaskScores[] = [];
    for (const seed of design.seeds) {
      if (context.signal?.aborted === true) throw cancelled('The realism experiment');
      context.onProgress?.({ stage: 'Realism', done: done++, total, note: scope.join(' ') });
      scored.push(await trainAndScore({ name: `realism ${scope.join(' ')}, seed ${seed}`, seed, ...sets }, context));
    }
    for (const sequence of scope) {
      const runs = scored.flatMap(({ tests }) => sets.tests.map((set, k) => gather(set, tests[k]!, sequence)));
      const estimate = estimateAuroc(runs, Random.for('realism', sequence, design.designSeed));
      const trainingSize = sets.training.filter(({ item }) => item.sequence === sequence).length;
      rows.set(sequence, { sequence, trainingSize, ...estimate });
    }
  }
  context.onProgress?.({ stage: 'Realism', done: total, total });
  return {
    sequences: present.map((sequence) => rows.get(sequence)!),
    seeds: design.seeds.length,
    testSets: design.synthetic.tests.length,
  };
}

function matchedSets(
  design: RealismDesign,
  scope: readonly Sequence[],
): { training: Example[]; validation: Example[]; tests: Example[][] } {
  const inScope = (items: readonly Item[]): Item[] => items.filter((item) => scope.includes(item.sequence));
  const matched = (part: string, real: readonly Item[], made: readonly Item[]): Example[] => {
    const random = Random.for('realism', design.designSeed, part, ...scope);
    const { first, second } = matchSizes(inScope(real), inScope(made), bySequence, random);
    return [...first, ...second].map((item) => ({ item, target: synthetic(item) }));
  };
  return {
    training: matched('training', design.real.training, design.synthetic.training),
    validation: matched('validation', design.real.validation, design.synthetic.validation),
    tests: design.synthetic.tests.map((made, k) => matched(`test ${k}`, design.real.test, made)),
  };
}
