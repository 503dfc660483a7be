import type { WorkContext } from '../domain/progress.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { GroupedScores } from './metrics/cluster-bootstrap.ts';

/**
 * One patch that an experiment may use, real or synthetic. `key` finds the patch itself (an index into the caller's
 * data set); experiments never look inside.
 */
export interface Item {
  readonly source: 'real' | 'synthetic';
  readonly key: number;
  readonly sequence: Sequence;
  /** 1 = abnormal, 0 = normal; null = unknown (realism needs none). */
  readonly abnormal: 0 | 1 | null;
  /** The volume a real patch was cut from. A synthetic patch stands for itself: give each its own name. */
  readonly volume: string;
}

export interface Example {
  readonly item: Item;
  /** What the classifier is to say: 1 or 0. */
  readonly target: 0 | 1;
}

/** One classifier to be trained from scratch, and what it is to score afterwards. */
export interface ClassificationTask {
  /** For progress and logs: "realism AXT2, seed 1". */
  readonly name: string;
  readonly seed: number;
  readonly training: readonly Example[];
  /** For early stopping and for locking a threshold; may be empty. */
  readonly validation: readonly Example[];
  /** Each set is scored separately; its items were not trained on. */
  readonly tests: readonly (readonly Example[])[];
}

/** Probabilities that the target is 1, in the order of the examples. */
export interface TaskScores {
  readonly validation: ArrayLike<number>;
  readonly tests: readonly ArrayLike<number>[];
}

/** Trains the classifier of a task and scores its sets; given by whoever owns models and data. */
export type TrainAndScore = (task: ClassificationTask, context?: WorkContext) => Promise<TaskScores>;

/** The part of a scored set that belongs to one sequence, or all of it. */
export function gather(
  examples: readonly Example[],
  scores: ArrayLike<number>,
  sequence: Sequence | 'all',
): GroupedScores {
  const chosen = examples.flatMap(({ item }, i) => (sequence === 'all' || item.sequence === sequence ? [i] : []));
  return {
    labels: chosen.map((i) => examples[i]!.target),
    scores: chosen.map((i) => scores[i]!),
    groups: chosen.map((i) => examples[i]!.item.volume),
  };
}
