import type { Sequence } from '../domain/sequences.ts';
import type { Summary } from './summary.ts';

/** How well one patch survived encoding and decoding. */
export interface PatchReconstruction {
  /** γ, 1 = the same phase up to one constant. */
  phaseCoherence: number;
  ssim: number;
  /** dB; null = identical magnitudes. */
  psnr: number | null;
}

/** γ, SSIM and PSNR over the patches of one sequence, or of all. */
export interface ReconstructionSummary {
  sequence: Sequence | 'all';
  patches: number;
  volumes: number;
  phaseCoherence: Summary;
  ssim: Summary;
  psnr: Summary;
}
