import type { ReconKernels } from '../kernels/recon-kernels.ts';

/** A complex matrix, row-major, real and imaginary parts apart. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * A·Bᴴ, `[a.rows, b.rows]`. With `lower`, only entries on and below the diagonal mean something.
 */
export type MultiplyAdjoint = (a: Matrix, b: Matrix, lower?: boolean) => Matrix;

export function multiplyAdjointReference(a: Matrix, b: Matrix, lower = false): Matrix {
  const [m, n, depth] = [a.rows, b.rows, a.columns];
  const re = new Float64Array(m * n);
  const im = new Float64Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < (lower ? row + 1 : n); column++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let i = row * depth, j = column * depth; i < (row + 1) * depth; i++, j++) {
        sumRe += a.re[i]! * b.re[j]! + a.im[i]! * b.im[j]!;
        sumIm += a.im[i]! * b.re[j]! - a.re[i]! * b.im[j]!;
      }
      re[row * n + column] = sumRe;
      im[row * n + column] = sumIm;
    }
  }
  return { rows: m, columns: n, re, im };
}

export function multiplyAdjointSimd(kernels: ReconKernels, a: Matrix, b: Matrix, lower = false): Matrix {
  const out = {
    rows: a.rows,
    columns: b.rows,
    re: new Float64Array(a.rows * b.rows),
    im: new Float64Array(a.rows * b.rows),
  };
  kernels.reset();
  const [aRe, aIm] = [kernels.put(a.re), kernels.put(a.im)];
  const [bRe, bIm] = a === b ? [aRe, aIm] : [kernels.put(b.re), kernels.put(b.im)];
  const [re, im] = [kernels.reserve(out.re.byteLength), kernels.reserve(out.im.byteLength)];
  kernels.call.multiplyAdjoint(a.rows, b.rows, a.columns, aRe, aIm, bRe, bIm, re, im, lower);
  kernels.copyOut(re, out.re);
  kernels.copyOut(im, out.im);
  return out;
}
