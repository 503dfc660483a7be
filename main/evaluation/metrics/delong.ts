import { midranks, requireBothClasses } from './auroc.ts';
import type { ScoredLabels } from './auroc.ts';
import { normalTwoSided, Z95 } from './normal.ts';

export interface DeLongEstimate {
  auroc: number;
  variance: number;
  /**
   * AUROC ± 1.96·√variance, held to [0, 1]. Where the classes are completely apart the variance is 0 and the interval
   * a point: it then says nothing.
   */
  interval: [low: number, high: number];
  positives: number;
  negatives: number;
}

/** AUROC with DeLong's variance (DeLong 1988) in O(n log n) (Sun & Xu 2014). Variance NaN with one item of a class. */
export function delong(data: ScoredLabels): DeLongEstimate {
  const { positives, negatives } = requireBothClasses(data);
  const components = structuralComponents(data);
  const variance =
    covariance(components.positive, components.positive) / positives +
    covariance(components.negative, components.negative) / negatives;
  const auroc = components.auroc;
  const half = Z95 * Math.sqrt(variance);
  const interval: [number, number] = Number.isNaN(half)
    ? [0, 1]
    : [Math.max(0, auroc - half), Math.min(1, auroc + half)];
  return { auroc, variance, interval, positives, negatives };
}

/** DeLong's test that two scores of the same items have the same AUROC. `z` > 0 where the first is higher. */
export function delongTest(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { difference: number; z: number; p: number } {
  const { positives, negatives } = requireBothClasses({ labels, scores: first });
  requireBothClasses({ labels, scores: second });
  const a = structuralComponents({ labels, scores: first });
  const b = structuralComponents({ labels, scores: second });
  // var(A − B) is the variance of the differences of the structural components.
  const minus = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, i) => value - y[i]!);
  const positive = minus(a.positive, b.positive);
  const negative = minus(a.negative, b.negative);
  const variance = covariance(positive, positive) / positives + covariance(negative, negative) / negatives;
  const difference = a.auroc - b.auroc;
  const z = difference === 0 ? 0 : difference / Math.sqrt(variance);
  return { difference, z, p: normalTwoSided(z) };
}

/** For each positive the share of negatives below it (V10), for each negative the share of positives above it (V01). */
function structuralComponents({ labels, scores }: ScoredLabels): {
  auroc: number;
  positive: Float64Array;
  negative: Float64Array;
} {
  const ofClass = (label: number): Float64Array =>
    Float64Array.from(Array.from(scores).filter((_, i) => labels[i] === label));
  const positiveScores = ofClass(1);
  const negativeScores = ofClass(0);
  const m = positiveScores.length;
  const n = negativeScores.length;
  const together = new Float64Array(m + n);
  together.set(positiveScores);
  together.set(negativeScores, m);
  const all = midranks(together);
  const amongPositives = midranks(positiveScores);
  const amongNegatives = midranks(negativeScores);
  const positive = amongPositives.map((rank, i) => (all[i]! - rank) / n);
  const negative = amongNegatives.map((rank, j) => 1 - (all[m + j]! - rank) / m);
  return { auroc: positive.reduce((sum, v) => sum + v, 0) / m, positive, negative };
}

function covariance(a: Float64Array, b: Float64Array): number {
  const meanA = a.reduce((sum, v) => sum + v, 0) / a.length;
  const meanB = b.reduce((sum, v) => sum + v, 0) / b.length;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - meanA) * (b[i]! - meanB);
  return sum / (a.length - 1);
}
