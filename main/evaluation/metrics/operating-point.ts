import { requireBothClasses } from './auroc.ts';
import type { ScoredLabels } from './auroc.ts';
import { wilsonInterval } from './proportion.ts';
import { rocCurve } from './roc-curve.ts';

export interface Rate {
  value: number;
  /** 95 % Wilson interval. */
  interval: [low: number, high: number];
  n: number;
}

export interface OperatingPoint {
  threshold: number;
  sensitivity: Rate;
  specificity: Rate;
}

/**
 * The threshold with the highest sensitivity + specificity − 1 (Youden 1950) on **validation** data, to be locked there
 * and applied to the test data: half-way between the score it was found at and the next lower one, so that it does
 * not hang on one item's last digits.
 */
export function youdenThreshold(validation: ScoredLabels): number {
  const points = rocCurve(validation);
  let best = 1;
  for (let k = 2; k < points.length; k++) {
    if (youden(points[k]!) > youden(points[best]!)) best = k;
  }
  const here = points[best]!.threshold;
  const lower = points[best + 1]?.threshold;
  return lower === undefined ? here : (here + lower) / 2;
}

function youden(point: { truePositiveRate: number; falsePositiveRate: number }): number {
  return point.truePositiveRate - point.falsePositiveRate;
}

/** Sensitivity and specificity when items that score at least `threshold` are called positive. */
export function operatingPoint(data: ScoredLabels, threshold: number): OperatingPoint {
  const { positives, negatives } = requireBothClasses(data);
  let truePositives = 0;
  let trueNegatives = 0;
  for (let i = 0; i < data.labels.length; i++) {
    const called = data.scores[i]! >= threshold;
    if (called && data.labels[i] === 1) truePositives++;
    if (!called && data.labels[i] === 0) trueNegatives++;
  }
  return { threshold, sensitivity: rate(truePositives, positives), specificity: rate(trueNegatives, negatives) };
}

function rate(successes: number, n: number): Rate {
  return { value: successes / n, interval: wilsonInterval(successes, n), n };
}
