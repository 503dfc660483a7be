import { countClasses } from './auroc.ts';
import type { ScoredLabels } from './auroc.ts';

/** Brier score: mean of (probability − label)². 0 is perfect, 0.25 what a constant 0.5 gets. */
export function brier(data: ScoredLabels): number {
  countClasses(data);
  let sum = 0;
  for (let i = 0; i < data.labels.length; i++) sum += (data.scores[i]! - data.labels[i]!) ** 2;
  return sum / data.labels.length;
}
