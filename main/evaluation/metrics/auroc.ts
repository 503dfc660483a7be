import { IsochromatError } from '../../domain/errors.ts';

/** Labels are 1 (positive) or 0; scores any finite numbers, higher = more positive. */
export interface ScoredLabels {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** Numbers of positives and negatives; refuses labels other than 0 and 1, and scores that are not finite. */
export function countClasses({ labels, scores }: ScoredLabels): { positives: number; negatives: number } {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if ((label !== 0 && label !== 1) || !Number.isFinite(scores[i])) {
      throw new IsochromatError({
        code: 'roc-bad-value',
        sentence: `Item ${i + 1} cannot be ranked.`,
        expected: 'the label 0 or 1 and a finite score',
        found: `label ${label}, score ${scores[i]}`,
      });
    }
    positives += label;
  }
  if (scores.length !== labels.length) {
    throw new IsochromatError({
      code: 'roc-lengths-differ',
      sentence: 'Labels and scores do not pair up.',
      expected: `${labels.length} scores, one a label`,
      found: `${scores.length} scores`,
    });
  }
  return { positives, negatives: labels.length - positives };
}

/** As `countClasses`, and refuses data in which one class is absent: an AUROC does not exist there. */
export function requireBothClasses(data: ScoredLabels): { positives: number; negatives: number } {
  const counts = countClasses(data);
  if (counts.positives > 0 && counts.negatives > 0) return counts;
  throw new IsochromatError({
    code: 'roc-one-class',
    sentence: 'An AUROC needs items of both classes.',
    expected: 'at least one label 0 and one label 1',
    found: `${counts.positives} positives and ${counts.negatives} negatives`,
  });
}

/** Order of `values` from low to high, as indices. */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
}

/**
 * Ranks from 1 to n; equal values share the mean of their ranks. O(n log n): the values are sorted without a comparator,
 * which is several times faster, and each finds its place by bisection.
 */
export function midranks(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  return Float64Array.from(values, (value) => (below(sorted, value, false) + below(sorted, value, true) + 1) / 2);
}

/** How many of ascending values are less than `value`, or less than or equal to it. */
function below(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle]!;
    if (found < value || (orEqual && found === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. Mann and Whitney's
 * statistic by midranks, (Σ ranks of positives − m(m+1)/2) / (m·n). Throws where one class is absent.
 */
export function auroc(data: ScoredLabels): number {
  const { positives, negatives } = requireBothClasses(data);
  const ranks = midranks(data.scores);
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) if (data.labels[i] === 1) sum += ranks[i]!;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
