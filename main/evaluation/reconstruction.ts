import type { ComplexImage } from '../domain/complex.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { phaseCoherence } from './metrics/phase-coherence.ts';
import { psnr } from './metrics/psnr.ts';
import { ssim } from './metrics/ssim.ts';
import { summarise } from './summary.ts';
import type { Summary } from './summary.ts';

/** How well one patch survived encoding and decoding. */
export interface PatchReconstruction {
  /** γ, 1 = the same phase up to one constant; null where one of the images is zero everywhere. */
  phaseCoherence: number | null;
  /** Of the magnitudes, data range 1. */
  ssim: number;
  /** Of the magnitudes, range 1, dB; null = identical. */
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

/** γ of two complex images of one size, SSIM and PSNR of their magnitudes; all in float64. */
export function compareImages(reconstruction: ComplexImage, target: ComplexImage): PatchReconstruction {
  const a = magnitudes(reconstruction.data);
  const b = magnitudes(target.data);
  return {
    phaseCoherence: phaseCoherence(reconstruction.data, target.data),
    ssim: ssim(a, b, target),
    psnr: psnr(a, b),
  };
}

function magnitudes(data: Float32Array): Float64Array {
  const out = new Float64Array(data.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Math.hypot(data[2 * i]!, data[2 * i + 1]!);
  return out;
}

export interface MeasuredPatch extends PatchReconstruction {
  sequence: Sequence;
  volume: string;
}

/** One row for each sequence that occurs, in the order of SEQUENCES, and one for all patches together. */
export function summariseReconstruction(patches: readonly MeasuredPatch[]): ReconstructionSummary[] {
  const row = (sequence: Sequence | 'all', members: readonly MeasuredPatch[]): ReconstructionSummary => ({
    sequence,
    patches: members.length,
    volumes: new Set(members.map((patch) => patch.volume)).size,
    phaseCoherence: summarise(members.map((patch) => patch.phaseCoherence)),
    ssim: summarise(members.map((patch) => patch.ssim)),
    psnr: summarise(members.map((patch) => patch.psnr)),
  });
  const rows = SEQUENCES.map((sequence) =>
    row(
      sequence,
      patches.filter((patch) => patch.sequence === sequence),
    ),
  );
  return [...rows.filter((each) => each.patches > 0), row('all', patches)];
}
