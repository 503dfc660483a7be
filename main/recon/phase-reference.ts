import type { Calibration } from './calibration.ts';
import { leadingEigenvectors } from './hermitian-eigen.ts';
import type { PhaseReference } from './phase-convention.ts';

/** Σ x·xᴴ over the samples of calibration data, `[coils, coils]` row-major; add those of a volume's slices up. */
export interface CoilCovariance {
  readonly coils: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function coilCovariance({ coils, rows, columns, data }: Calibration): CoilCovariance {
  const samples = rows * columns;
  const re = new Float64Array(coils * coils);
  const im = new Float64Array(coils * coils);
  for (let a = 0; a < coils; a++) {
    for (let b = 0; b < coils; b++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let s = 0, i = 2 * a * samples, j = 2 * b * samples; s < samples; s++, i += 2, j += 2) {
        sumRe += data[i]! * data[j]! + data[i + 1]! * data[j + 1]!;
        sumIm += data[i + 1]! * data[j]! - data[i]! * data[j + 1]!;
      }
      re[a * coils + b] = sumRe;
      im[a * coils + b] = sumIm;
    }
  }
  return { coils, re, im };
}

/**
 * The phase reference of a volume: the first principal component of its coils, from the covariances of all its slices
 * together, so that no arbitrary phase offset stands between slices. Its largest entry is made real and positive.
 * (BART's `ecalib` does the same for one slice.)
 */
export function phaseReference(covariances: readonly CoilCovariance[]): PhaseReference {
  const coils = covariances[0]?.coils ?? 0;
  const re = new Float64Array(coils * coils);
  const im = new Float64Array(coils * coils);
  for (const covariance of covariances) {
    for (let i = 0; i < re.length; i++) {
      re[i] = re[i]! + covariance.re[i]!;
      im[i] = im[i]! + covariance.im[i]!;
    }
  }
  const first = leadingEigenvectors({ rows: coils, columns: coils, re, im }, 1 - 1e-12);
  const reference = { re: first.re.slice(0, coils), im: first.im.slice(0, coils) };
  let largest = 0;
  let size = 0;
  for (let c = 0; c < coils; c++) {
    const here = Math.hypot(reference.re[c]!, reference.im[c]!);
    if (here > size) [largest, size] = [c, here];
  }
  const cos = reference.re[largest]! / size;
  const sin = reference.im[largest]! / size;
  for (let c = 0; c < coils; c++) {
    const r = reference.re[c]!;
    const i = reference.im[c]!;
    reference.re[c] = r * cos + i * sin;
    reference.im[c] = i * cos - r * sin;
  }
  return reference;
}
