import { IsochromatError } from '../domain/errors.ts';
import type { Calibration } from './calibration.ts';
import type { Matrix } from './complex-product.ts';
import { engine } from './engine.ts';
import { leadingEigenvectors } from './hermitian-eigen.ts';
import type { LeadingEigenvectors } from './hermitian-eigen.ts';

/** Side of the k-space kernels, in samples (Uecker 2014). */
const KERNEL_SIZE = 6;
/** Singular values below this share of the largest are noise: √0.001, as in BART's `ecalib -t 0.001`. */
const SINGULAR_VALUE_THRESHOLD = Math.sqrt(0.001);

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
  const { multiplyAdjoint } = engine();
  let basis: LeadingEigenvectors;
  if (patches.rows <= patches.columns) {
    basis = leadingEigenvectors(multiplyAdjoint(patches, patches, true), threshold ** 2);
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
function patchMatrix({ coils, rows, columns, data }: Calibration, size: number): Matrix {
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
  return { rows: entries, columns: positions, re, im };
}

/**
 * Bᴴ·B, lower triangle: entry (i, j) = Σ_p R(i + p, j + p) with R(s, t) = Σ_c conj(x_c(s))·x_c(t), so that the long
 * sum over coils is done once for each pair of samples; the sum over the kernel's columns, then over its rows.
 */
function gramOfPositions(calibration: Calibration, size: number): Matrix {
  const { rows, columns } = calibration;
  const down = rows - size + 1;
  const across = columns - size + 1;
  const samples = conjugateSamples(calibration);
  const pairs = engine().multiplyAdjoint(samples, samples, true);
  const n = down * across;
  // Samples whose column can start a kernel, in every row.
  const starts = rows * across;
  const bySize = { re: new Float64Array(starts * starts), im: new Float64Array(starts * starts) };
  const out = { rows: n, columns: n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  slide(pairs.re, bySize.re, out.re, { rows, columns, size });
  slide(pairs.im, bySize.im, out.im, { rows, columns, size });
  return out;
}

function slide(
  pairs: Float64Array,
  between: Float64Array,
  out: Float64Array,
  { rows, columns, size }: { rows: number; columns: number; size: number },
): void {
  const across = columns - size + 1;
  const samples = rows * columns;
  const starts = rows * across;
  const n = (rows - size + 1) * across;
  for (let i = 0; i < starts; i++) {
    const from = (Math.floor(i / across) * columns + (i % across)) * samples;
    for (let j = 0; j <= i; j++) {
      let at = from + Math.floor(j / across) * columns + (j % across);
      let sum = 0;
      for (let x = 0; x < size; x++, at += samples + 1) sum += pairs[at]!;
      between[i * starts + j] = sum;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let y = 0, at = i * starts + j; y < size; y++, at += across * (starts + 1)) sum += between[at]!;
      out[i * n + j] = sum;
    }
  }
}

/** conj(x), `[samples, coils]` */
function conjugateSamples({ coils, rows, columns, data }: Calibration): Matrix {
  const samples = rows * columns;
  const re = new Float64Array(samples * coils);
  const im = new Float64Array(samples * coils);
  for (let c = 0, from = 0; c < coils; c++) {
    for (let s = 0; s < samples; s++, from += 2) {
      re[s * coils + c] = data[from]!;
      im[s * coils + c] = -data[from + 1]!;
    }
  }
  return { rows: samples, columns: coils, re, im };
}

/** w = B·u/√λ for every right singular vector u of B: `[kernels, entries]`. */
function leftVectors(patches: Matrix, right: LeadingEigenvectors): { re: Float64Array; im: Float64Array } {
  const count = right.values.length;
  const u = { rows: count, columns: patches.columns, re: right.re, im: right.im };
  const conjugate = { ...patches, im: patches.im.map((v) => -v) };
  const { re, im } = engine().multiplyAdjoint(u, conjugate);
  for (let k = 0, at = 0; k < count; k++) {
    const factor = 1 / Math.sqrt(right.values[k]!);
    for (const end = (k + 1) * patches.rows; at < end; at++) {
      re[at] = re[at]! * factor;
      im[at] = im[at]! * factor;
    }
  }
  return { re, im };
}
