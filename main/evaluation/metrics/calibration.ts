import { ascendingOrder, countClasses } from './auroc.ts';
import type { ScoredLabels } from './auroc.ts';
import { wilsonInterval } from './proportion.ts';

export interface CalibrationPoint {
  /** Mean predicted probability of the bin. */
  predicted: number;
  /** Share of positives seen, with its 95 % Wilson interval. */
  observed: number;
  interval: [low: number, high: number];
  n: number;
}

/** Calibration curve over `bins` groups of (nearly) equal size, from the lowest probabilities to the highest. */
export function calibrationCurve(data: ScoredLabels, bins = 10): CalibrationPoint[] {
  countClasses(data);
  const order = ascendingOrder(data.scores);
  const used = Math.min(bins, order.length);
  return Array.from({ length: used }, (_, bin) => {
    const members = order.subarray(
      Math.round((bin * order.length) / used),
      Math.round(((bin + 1) * order.length) / used),
    );
    const n = members.length;
    let predicted = 0;
    let positives = 0;
    for (const i of members) {
      predicted += data.scores[i]! / n;
      positives += data.labels[i]!;
    }
    return { predicted, observed: positives / n, interval: wilsonInterval(positives, n), n };
  });
}
