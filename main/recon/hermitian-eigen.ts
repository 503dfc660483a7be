import type { Matrix } from './complex-product.ts';
import { engine } from './engine.ts';
import { tridiagonalEigenvalues, tridiagonalEigenvectors } from './tridiagonal-eigen.ts';

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
export function leadingEigenvectors(matrix: Matrix, threshold: number): LeadingEigenvectors {
  const n = matrix.rows;
  const { diagonal, offRe, offIm, sizes, reflectBack } = engine().tridiagonalise(matrix);
  const below = sizes.subarray(1);
  const all = tridiagonalEigenvalues(diagonal, below);
  const limit = threshold * all[0]!;
  const values = all.filter((value) => value > limit);
  const real = tridiagonalEigenvectors(diagonal, below, values);
  const re = new Float64Array(values.length * n);
  const im = new Float64Array(values.length * n);
  // Unit factors make the off-diagonal real: T_complex = D·T·Dᴴ, so an eigenvector is D times a real one.
  let [phaseRe, phaseIm] = [1, 0];
  for (let i = 0; i < n; i++) {
    if (i > 0 && sizes[i]! > 0) {
      const [uRe, uIm] = [offRe[i]! / sizes[i]!, offIm[i]! / sizes[i]!];
      [phaseRe, phaseIm] = [phaseRe * uRe - phaseIm * uIm, phaseRe * uIm + phaseIm * uRe];
    }
    for (let at = i; at < re.length; at += n) {
      re[at] = real[at]! * phaseRe;
      im[at] = real[at]! * phaseIm;
    }
  }
  reflectBack(values.length, re, im);
  return { values, re, im };
}
