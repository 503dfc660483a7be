import { IsochromatError } from '../domain/errors.ts';
import type { Calibration } from './calibration.ts';
import { leadingEigenvectors } from './hermitian-eigen.ts';
import type { LeadingEigenvectors, SplitMatrix } from './hermitian-eigen.ts';

/** Side of the k-space kernels, in samples (Uecker 2014). */
export const KERNEL_SIZE = 6;
/** Singular values below this share of the largest are noise: √0.001, as in BART's `ecalib -t 0.001`. */
export const SINGULAR_VALUE_THRESHOLD = Math.sqrt(0.001);

/**
 * An orthonormal basis of the space that all 6 × 6 × coils patches of the calibration data lie in: the row space of
 * the calibration matrix.
 */
export interface KernelBasis {
  readonly coils: number;
  /** Side of a kernel. */
  readonly size: number;
  /** Singular values that were kept, largest first. */
  readonly singularValues: Float64Array;
  /** `[kernels, coils, size, size]`, real and imaginary parts apart. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Singular vectors of the calibration matrix with σ > threshold·σ₁ (Uecker 2014, section "Calibration"). A patch at
 * position i is the column b_i[(c, p)] = x_c(i + p); the left singular vectors of B = [b_i] are found from the
 * smaller of the two Gram matrices, B·Bᴴ (36·coils)² and Bᴴ·B (positions)².
 */
export function kernelBasis(
  calibration: Calibration,
  size = KERNEL_SIZE,
  threshold = SINGULAR_VALUE_THRESHOLD,
): KernelBasis {
  const { coils } = calibration;
  const patches = patchMatrix(calibration, size);
  const { entries, positions } = patches;
  let basis: LeadingEigenvectors;
  if (entries <= positions) {
    basis = leadingEigenvectors(gramOfEntries(patches), threshold ** 2);
  } else {
    const right = leadingEigenvectors(gramOfPositions(calibration, size), threshold ** 2);
    basis = { values: right.values, ...leftVectors(patches, right) };
  }
  const largest = basis.values[0] ?? 0;
  if (!(largest > 0)) {
    throw new IsochromatError({
      code: 'calibration-empty',
      sentence: 'The centre of k-space holds no signal, so coil sensitivities cannot be estimated.',
      expected: 'measured samples around the centre of k-space',
      found: 'zeros in every coil',
    });
  }
  return { coils, size, singularValues: basis.values.map(Math.sqrt), re: basis.re, im: basis.im };
}

/** B: `[entries, positions]`, entries = coils·size² in the order (coil, row, column). */
interface PatchMatrix {
  readonly entries: number;
  readonly positions: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function patchMatrix({ coils, rows, columns, data }: Calibration, size: number): PatchMatrix {
  const down = rows - size + 1;
  const across = columns - size + 1;
  const entries = coils * size * size;
  const positions = down * across;
  const re = new Float64Array(entries * positions);
  const im = new Float64Array(entries * positions);
  let at = 0;
  for (let c = 0; c < coils; c++) {
    for (let p = 0; p < size * size; p++) {
      for (let y = 0; y < down; y++) {
        let from = 2 * ((c * rows + y + Math.floor(p / size)) * columns + (p % size));
        for (let x = 0; x < across; x++, at++, from += 2) {
          re[at] = data[from]!;
          im[at] = data[from + 1]!;
        }
      }
    }
  }
  return { entries, positions, re, im };
}

/** B·Bᴴ, lower triangle. */
function gramOfEntries({ entries: n, positions, re, im }: PatchMatrix): SplitMatrix {
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let i = a * positions, j = b * positions; i < (a + 1) * positions; i++, j++) {
        sumRe += re[i]! * re[j]! + im[i]! * im[j]!;
        sumIm += im[i]! * re[j]! - re[i]! * im[j]!;
      }
      out.re[a * n + b] = sumRe;
      out.im[a * n + b] = sumIm;
    }
  }
  return out;
}

/**
 * Bᴴ·B, lower triangle: entry (i, j) = Σ_p R(i + p, j + p) with R(s, t) = Σ_c conj(x_c(s))·x_c(t), so that the long
 * sum over coils is done once for each pair of samples and the sum over the kernel is a sliding one.
 */
function gramOfPositions({ coils, rows, columns, data }: Calibration, size: number): SplitMatrix {
  const down = rows - size + 1;
  const across = columns - size + 1;
  const n = down * across;
  const samples = rows * columns;
  const pairRe = new Float64Array(samples * samples);
  const pairIm = new Float64Array(samples * samples);
  for (let c = 0; c < coils; c++) {
    const coil = data.subarray(2 * c * samples, 2 * (c + 1) * samples);
    for (let s = 0; s < samples; s++) {
      const sRe = coil[2 * s]!;
      const sIm = coil[2 * s + 1]!;
      for (let t = 0, at = s * samples; t < samples; t++, at++) {
        pairRe[at] = pairRe[at]! + sRe * coil[2 * t]! + sIm * coil[2 * t + 1]!;
        pairIm[at] = pairIm[at]! + sRe * coil[2 * t + 1]! - sIm * coil[2 * t]!;
      }
    }
  }
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++) {
    const iStart = Math.floor(i / across) * columns + (i % across);
    for (let j = 0; j <= i; j++) {
      const jStart = Math.floor(j / across) * columns + (j % across);
      let sumRe = 0;
      let sumIm = 0;
      for (let y = 0; y < size; y++) {
        let at = (iStart + y * columns) * samples + jStart + y * columns;
        for (let x = 0; x < size; x++, at += samples + 1) {
          sumRe += pairRe[at]!;
          sumIm += pairIm[at]!;
        }
      }
      out.re[i * n + j] = sumRe;
      out.im[i * n + j] = sumIm;
    }
  }
  return out;
}

/** w = B·u/√λ for every right singular vector u of B: `[kernels, entries]`. */
function leftVectors(
  { entries, positions, re, im }: PatchMatrix,
  right: LeadingEigenvectors,
): { re: Float64Array; im: Float64Array } {
  const count = right.values.length;
  const out = { re: new Float64Array(count * entries), im: new Float64Array(count * entries) };
  for (let k = 0; k < count; k++) {
    const factor = 1 / Math.sqrt(right.values[k]!);
    for (let a = 0; a < entries; a++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let i = a * positions, j = k * positions; i < (a + 1) * positions; i++, j++) {
        sumRe += re[i]! * right.re[j]! - im[i]! * right.im[j]!;
        sumIm += re[i]! * right.im[j]! + im[i]! * right.re[j]!;
      }
      out.re[k * entries + a] = sumRe * factor;
      out.im[k * entries + a] = sumIm * factor;
    }
  }
  return out;
}
