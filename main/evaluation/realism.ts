import type { Sequence } from '../domain/sequences.ts';
import type { AurocEstimate } from './auroc-estimate.ts';

/** Real vs synthetic, per sequence: 0.5 = this classifier found no difference, which is no proof that there is none. */
export interface RealismResult {
  sequences: (AurocEstimate & { sequence: Sequence; trainingSize: number })[];
  seeds: number;
  testSets: number;
}
