import { ascendingOrder, requireBothClasses } from './auroc.ts';
import type { ScoredLabels } from './auroc.ts';

export interface RocPoint {
  /** Items that score at least this are called positive; Infinity at (0, 0). */
  threshold: number;
  falsePositiveRate: number;
  truePositiveRate: number;
}

/** The empirical ROC curve from (0, 0) to (1, 1), one point a distinct score; tied scores make one slanted step. */
export function rocCurve(data: ScoredLabels): RocPoint[] {
  const { positives, negatives } = requireBothClasses(data);
  const order = ascendingOrder(data.scores).reverse();
  const points: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }];
  let truePositives = 0;
  for (let k = 0; k < order.length; k++) {
    const score = data.scores[order[k]!]!;
    truePositives += data.labels[order[k]!]!;
    if (k + 1 < order.length && data.scores[order[k + 1]!] === score) continue;
    points.push({
      threshold: score,
      falsePositiveRate: (k + 1 - truePositives) / negatives,
      truePositiveRate: truePositives / positives,
    });
  }
  return points;
}
