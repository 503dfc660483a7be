import type { Sequence } from '../domain/sequences.ts';
import type { AurocEstimate } from './auroc-estimate.ts';

/** One row of a downstream table. */
export interface DownstreamRow extends AurocEstimate {
  sequence: Sequence | 'all';
  /** At the threshold locked on validation; pooled over runs' mean scores. */
}

export interface DownstreamResult {
  strategies: DownstreamStrategy[];
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
}
