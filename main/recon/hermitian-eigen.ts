import { tridiagonalEigenvalues, tridiagonalEigenvectors } from './tridiagonal-eigen.ts';

/** A complex n × n matrix, row-major, real and imaginary parts apart. */
export interface SplitMatrix {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface LeadingEigenvectors {
  /** Eigenvalues that were kept, largest first. */
  readonly values: Float64Array;
  /** Unit eigenvectors, `[values.length, n]`. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Eigenvectors of a Hermitian matrix whose eigenvalue exceeds `threshold` × the largest one. Only the lower triangle
 * is read, and it is overwritten.
 */
export function leadingEigenvectors(matrix: SplitMatrix, threshold: number): LeadingEigenvectors {
  const { n } = matrix;
  const { diagonal, below, betas, phaseRe, phaseIm } = tridiagonalise(matrix);
  const all = tridiagonalEigenvalues(diagonal, below);
  const limit = threshold * all[0]!;
  const values = all.filter((value) => value > limit);
  const real = tridiagonalEigenvectors(diagonal, below, values);
  const re = new Float64Array(values.length * n);
  const im = new Float64Array(values.length * n);
  for (let k = 0, at = 0; k < values.length; k++) {
    for (let i = 0; i < n; i++, at++) {
      re[at] = real[at]! * phaseRe[i]!;
      im[at] = real[at]! * phaseIm[i]!;
    }
  }
  for (let i = 1; i < n; i++) reflect(matrix, i, betas[i]!, values.length, re, im);
  return { values, re, im };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly below: Float64Array;
  /** β of the reflection 1 − β·v·vᴴ made for row i, whose v stands in that row of the matrix. */
  readonly betas: Float64Array;
  /** Unit factors that make the off-diagonal real: T_complex = D·T·Dᴴ. */
  readonly phaseRe: Float64Array;
  readonly phaseIm: Float64Array;
}

/**
 * Householder reduction from the last row up (the order of EISPACK's htridi), so that every vector is a contiguous row:
 * for row i, b = A[0…i−1, i] is reflected onto its last entry, and the leading block becomes H·A·H.
 */
function tridiagonalise({ n, re, im }: SplitMatrix): Tridiagonal {
  const diagonal = new Float64Array(n);
  const below = new Float64Array(Math.max(0, n - 1));
  const betas = new Float64Array(n);
  const offRe = new Float64Array(n);
  const offIm = new Float64Array(n);
  const pRe = new Float64Array(n);
  const pIm = new Float64Array(n);
  for (let i = n - 1; i >= 1; i--) {
    const row = i * n;
    diagonal[i] = re[row + i]!;
    let sum = 0;
    for (let j = 0; j < i; j++) {
      // The column is the conjugate of the stored row.
      im[row + j] = -im[row + j]!;
      sum += re[row + j]! ** 2 + im[row + j]! ** 2;
    }
    const last = row + i - 1;
    const size = Math.hypot(re[last]!, im[last]!);
    const norm = Math.sqrt(sum);
    if (norm === 0) continue;
    // α = −e^{i·arg b_last}·‖b‖, the sign that avoids cancellation
    const alphaRe = size === 0 ? -norm : (-norm * re[last]!) / size;
    const alphaIm = size === 0 ? 0 : (-norm * im[last]!) / size;
    offRe[i] = alphaRe;
    offIm[i] = -alphaIm;
    below[i - 1] = norm;
    if (sum === size * size) {
      // Only the last entry: nothing to reflect.
      offRe[i] = re[last]!;
      offIm[i] = -im[last]!;
      continue;
    }
    re[last] = re[last]! - alphaRe;
    im[last] = im[last]! - alphaIm;
    const beta = 1 / (norm * (norm + size));
    betas[i] = beta;
    reflectBlock(n, i, beta, re, im, pRe, pIm);
  }
  if (n > 0) diagonal[0] = re[0]!;
  const phaseRe = new Float64Array(n);
  const phaseIm = new Float64Array(n);
  phaseRe[0] = 1;
  for (let i = 1; i < n; i++) {
    const size = Math.hypot(offRe[i]!, offIm[i]!);
    const uRe = size === 0 ? 1 : offRe[i]! / size;
    const uIm = size === 0 ? 0 : offIm[i]! / size;
    phaseRe[i] = phaseRe[i - 1]! * uRe - phaseIm[i - 1]! * uIm;
    phaseIm[i] = phaseRe[i - 1]! * uIm + phaseIm[i - 1]! * uRe;
  }
  return { diagonal, below, betas, phaseRe, phaseIm };
}

/** B ← H·B·H on the leading i × i block (lower triangle), H = 1 − β·v·vᴴ, as the update B − v·wᴴ − w·vᴴ. */
function reflectBlock(
  n: number,
  i: number,
  beta: number,
  re: Float64Array,
  im: Float64Array,
  pRe: Float64Array,
  pIm: Float64Array,
): void {
  const v = i * n;
  pRe.fill(0, 0, i);
  pIm.fill(0, 0, i);
  for (let r = 0; r < i; r++) {
    const row = r * n;
    const vr = re[v + r]!;
    const vi = im[v + r]!;
    let sumRe = re[row + r]! * vr;
    let sumIm = re[row + r]! * vi;
    for (let c = 0; c < r; c++) {
      const aRe = re[row + c]!;
      const aIm = im[row + c]!;
      const cRe = re[v + c]!;
      const cIm = im[v + c]!;
      sumRe += aRe * cRe - aIm * cIm;
      sumIm += aRe * cIm + aIm * cRe;
      pRe[c] = pRe[c]! + aRe * vr + aIm * vi;
      pIm[c] = pIm[c]! + aRe * vi - aIm * vr;
    }
    pRe[r] = pRe[r]! + sumRe;
    pIm[r] = pIm[r]! + sumIm;
  }
  let dot = 0;
  for (let r = 0; r < i; r++) dot += re[v + r]! * pRe[r]! + im[v + r]! * pIm[r]!;
  const along = (beta * beta * dot) / 2;
  for (let r = 0; r < i; r++) {
    pRe[r] = beta * pRe[r]! - along * re[v + r]!;
    pIm[r] = beta * pIm[r]! - along * im[v + r]!;
  }
  for (let r = 0; r < i; r++) {
    const row = r * n;
    const vr = re[v + r]!;
    const vi = im[v + r]!;
    const wr = pRe[r]!;
    const wi = pIm[r]!;
    for (let c = 0; c <= r; c++) {
      const xr = re[v + c]!;
      const xi = im[v + c]!;
      const yr = pRe[c]!;
      const yi = pIm[c]!;
      re[row + c] = re[row + c]! - (vr * yr + vi * yi + wr * xr + wi * xi);
      im[row + c] = im[row + c]! - (vi * yr - vr * yi + wi * xr - wr * xi);
    }
  }
}

/** z ← (1 − β·v·vᴴ)·z on the first i entries of each of `count` vectors, with v from row i of the matrix. */
function reflect(matrix: SplitMatrix, i: number, beta: number, count: number, zRe: Float64Array, zIm: Float64Array) {
  if (beta === 0) return;
  const { n } = matrix;
  const vRe = matrix.re.subarray(i * n, i * n + i);
  const vIm = matrix.im.subarray(i * n, i * n + i);
  for (let k = 0; k < count; k++) {
    const at = k * n;
    let dotRe = 0;
    let dotIm = 0;
    for (let j = 0; j < i; j++) {
      dotRe += vRe[j]! * zRe[at + j]! + vIm[j]! * zIm[at + j]!;
      dotIm += vRe[j]! * zIm[at + j]! - vIm[j]! * zRe[at + j]!;
    }
    dotRe *= beta;
    dotIm *= beta;
    for (let j = 0; j < i; j++) {
      zRe[at + j] = zRe[at + j]! - (dotRe * vRe[j]! - dotIm * vIm[j]!);
      zIm[at + j] = zIm[at + j]! - (dotRe * vIm[j]! + dotIm * vRe[j]!);
    }
  }
}
