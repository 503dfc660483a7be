/** Multiplications by the matrix. With a block one wider than what is wanted, convergence goes with (λ₃/λ₁)ⁿ, not (λ₂/λ₁)ⁿ. */
export const SUBSPACE_ITERATIONS = 14;

/**
 * Leading eigenvectors of small Hermitian matrices by subspace iteration with a final Rayleigh–Ritz step (Golub and Van
 * Loan, Matrix Computations, 8.2.4). The block is one vector wider than the number wanted: where the two largest
 * eigenvalues nearly coincide, as they do where the field of view wraps, thirty power iterations (the usual choice for
 * ESPIRiT) still mix the two eigenvectors; the Ritz step separates them exactly.
 */
export class BlockEigenSolver {
  /** The upper triangle, row by row; set before {@link solve}. */
  readonly matrixRe: Float64Array;
  readonly matrixIm: Float64Array;
  /** Unit eigenvectors, `[block, n]`, largest eigenvalue first; the first `wanted` are the result. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Their eigenvalues. */
  readonly values: Float64Array;
  /** M·v of each vector. */
  private readonly imageRe: Float64Array;
  private readonly imageIm: Float64Array;
  private readonly n: number;
  private readonly block: number;

  constructor(n: number, wanted: number) {
    const triangle = (n * (n + 1)) / 2;
    this.n = n;
    this.block = Math.min(n, wanted + 1);
    this.matrixRe = new Float64Array(triangle);
    this.matrixIm = new Float64Array(triangle);
    this.re = new Float64Array(this.block * n);
    this.im = new Float64Array(this.block * n);
    this.imageRe = new Float64Array(this.block * n);
    this.imageIm = new Float64Array(this.block * n);
    this.values = new Float64Array(this.block);
  }

  solve(): void {
    this.start();
    for (let iteration = 0; iteration < SUBSPACE_ITERATIONS; iteration++) {
      this.multiply();
      this.re.set(this.imageRe);
      this.im.set(this.imageIm);
      this.orthonormalise();
    }
    this.multiply();
    const sweeps = this.block === 2 ? 1 : 6;
    for (let sweep = 0; sweep < sweeps; sweep++) {
      for (let p = 0; p < this.block; p++) for (let q = p + 1; q < this.block; q++) this.separate(p, q);
    }
    for (let s = 0; s < this.block; s++) this.values[s] = this.product(s, s).re;
  }

  /** Start from the columns of M with the largest diagonal. */
  private start(): void {
    const { n, block, matrixRe, re, im } = this;
    re.fill(0);
    im.fill(0);
    const taken: number[] = [];
    for (let s = 0; s < block; s++) {
      let best = -1;
      let largest = -Infinity;
      for (let c = 0, at = 0; c < n; at += n - c, c++) {
        if (matrixRe[at]! > largest && !taken.includes(c)) [best, largest] = [c, matrixRe[at]!];
      }
      taken.push(best);
      re[s * n + best] = 1;
    }
  }

  private multiply(): void {
    const { n, block, matrixRe, matrixIm, re, im, imageRe, imageIm } = this;
    imageRe.fill(0);
    imageIm.fill(0);
    for (let first = 0; first < block * n; first += n) {
      for (let a = first, at = 0; a < first + n; a++) {
        const aRe = re[a]!;
        const aIm = im[a]!;
        let sumRe = imageRe[a]! + matrixRe[at]! * aRe;
        let sumIm = imageIm[a]! + matrixRe[at]! * aIm;
        at++;
        for (let b = a + 1; b < first + n; b++, at++) {
          const mRe = matrixRe[at]!;
          const mIm = matrixIm[at]!;
          sumRe += mRe * re[b]! - mIm * im[b]!;
          sumIm += mRe * im[b]! + mIm * re[b]!;
          imageRe[b] = imageRe[b]! + mRe * aRe + mIm * aIm;
          imageIm[b] = imageIm[b]! + mRe * aIm - mIm * aRe;
        }
        imageRe[a] = sumRe;
        imageIm[a] = sumIm;
      }
    }
  }

  /** Gram–Schmidt. A vector of which nothing is left (a matrix of lower rank) becomes zero. */
  private orthonormalise(): void {
    const { n, block, re, im } = this;
    for (let first = 0; first < block * n; first += n) {
      for (let other = 0; other < first; other += n) {
        let dotRe = 0;
        let dotIm = 0;
        for (let c = 0; c < n; c++) {
          dotRe += re[other + c]! * re[first + c]! + im[other + c]! * im[first + c]!;
          dotIm += re[other + c]! * im[first + c]! - im[other + c]! * re[first + c]!;
        }
        for (let c = 0; c < n; c++) {
          re[first + c] = re[first + c]! - (dotRe * re[other + c]! - dotIm * im[other + c]!);
          im[first + c] = im[first + c]! - (dotRe * im[other + c]! + dotIm * re[other + c]!);
        }
      }
      let sum = 0;
      for (let c = first; c < first + n; c++) sum += re[c]! ** 2 + im[c]! ** 2;
      const factor = sum > 0 ? 1 / Math.sqrt(sum) : 0;
      for (let c = first; c < first + n; c++) {
        re[c] = re[c]! * factor;
        im[c] = im[c]! * factor;
      }
    }
  }

  /** v_pᴴ·M·v_q */
  private product(p: number, q: number): { re: number; im: number } {
    const { n, re, im, imageRe, imageIm } = this;
    let sumRe = 0;
    let sumIm = 0;
    for (let c = 0; c < n; c++) {
      sumRe += re[p * n + c]! * imageRe[q * n + c]! + im[p * n + c]! * imageIm[q * n + c]!;
      sumIm += re[p * n + c]! * imageIm[q * n + c]! - im[p * n + c]! * imageRe[q * n + c]!;
    }
    return { re: sumRe, im: sumIm };
  }

  /** One Jacobi rotation of the Ritz matrix: afterwards v_pᴴ·M·v_q = 0, and v_p has the larger eigenvalue. */
  private separate(p: number, q: number): void {
    const across = this.product(p, q);
    const size = Math.hypot(across.re, across.im);
    const apart = this.product(p, p).re - this.product(q, q).re;
    if (size === 0 && apart >= 0) return;
    const angle = Math.atan2(2 * size, apart) / 2;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const phaseRe = size === 0 ? 1 : across.re / size;
    const phaseIm = size === 0 ? 0 : across.im / size;
    rotate(this.re, this.im, p * this.n, q * this.n, this.n, cos, sin * phaseRe, sin * phaseIm);
    rotate(this.imageRe, this.imageIm, p * this.n, q * this.n, this.n, cos, sin * phaseRe, sin * phaseIm);
  }
}

/** v_p ← cos·v_p + conj(s)·v_q, v_q ← cos·v_q − s·v_p with s = sin·e^{iφ}. */
function rotate(
  re: Float64Array,
  im: Float64Array,
  p: number,
  q: number,
  n: number,
  cos: number,
  sRe: number,
  sIm: number,
): void {
  for (let c = 0; c < n; c++) {
    const pRe = re[p + c]!;
    const pIm = im[p + c]!;
    const qRe = re[q + c]!;
    const qIm = im[q + c]!;
    re[p + c] = cos * pRe + sRe * qRe + sIm * qIm;
    im[p + c] = cos * pIm + sRe * qIm - sIm * qRe;
    re[q + c] = cos * qRe - sRe * pRe + sIm * pIm;
    im[q + c] = cos * qIm - sRe * pIm - sIm * pRe;
  }
}
