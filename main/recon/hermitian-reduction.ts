import type { ReconKernels } from '../kernels/recon-kernels.ts';
import type { Matrix } from './complex-product.ts';

/** A Hermitian matrix as Q·T·Qᴴ with T tridiagonal. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** T[i, i − 1], for i ≥ 1, and its absolute value. */
  readonly offRe: Float64Array;
  readonly offIm: Float64Array;
  readonly sizes: Float64Array;
  /** z ← Q·z for `count` vectors of n, in place. */
  reflectBack(count: number, re: Float64Array, im: Float64Array): void;
}

export type Tridiagonalise = (matrix: Matrix) => Tridiagonal;

/**
 * Householder reduction from the last row up (the order of EISPACK's htridi), so that every vector is a contiguous row:
 * for row i, b = A[0…i−1, i] is reflected onto its last entry by H = 1 − β·v·vᴴ, and the leading block becomes H·A·H. The
 * vectors v take the place of the rows.
 */
export function tridiagonaliseReference(matrix: Matrix): Tridiagonal {
  const { rows: n, re, im } = matrix;
  const diagonal = new Float64Array(n);
  const sizes = new Float64Array(n);
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
    sizes[i] = norm;
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
  const reflectBack = (count: number, zRe: Float64Array, zIm: Float64Array): void => {
    for (let i = 1; i < n; i++) reflect(matrix, i, betas[i]!, count, zRe, zIm);
  };
  return { diagonal, offRe, offIm, sizes, reflectBack };
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
function reflect(matrix: Matrix, i: number, beta: number, count: number, zRe: Float64Array, zIm: Float64Array) {
  if (beta === 0) return;
  const n = matrix.rows;
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

/** The same by the kernels. */
export function tridiagonaliseSimd(kernels: ReconKernels, { rows: n, re, im }: Matrix): Tridiagonal {
  kernels.reset();
  const [at, atIm] = [kernels.put(re), kernels.put(im)];
  const out = kernels.reserve(5 * 8 * n);
  kernels.call.tridiagonalise(n, at, atIm, out, kernels.reserve(6 * 8 * n));
  kernels.copyOut(at, re);
  kernels.copyOut(atIm, im);
  const results = new Float64Array(5 * n);
  kernels.copyOut(out, results);
  const [diagonal, betas, offRe, offIm, sizes] = [0, 1, 2, 3, 4].map((i) => results.subarray(i * n, (i + 1) * n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const reflectBack = (count: number, zRe: Float64Array, zIm: Float64Array): void => {
    kernels.reset();
    const vectors = [kernels.put(re), kernels.put(im), kernels.put(betas)] as const;
    const [z, zj] = [kernels.put(zRe), kernels.put(zIm)];
    kernels.call.reflectBack(n, ...vectors, count, z, zj);
    kernels.copyOut(z, zRe);
    kernels.copyOut(zj, zIm);
  };
  return { diagonal, offRe, offIm, sizes, reflectBack };
}
