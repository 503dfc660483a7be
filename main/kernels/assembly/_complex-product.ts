// Products of complex matrices in 64 bits, real and imaginary parts apart.

import { fma64, fnma64, total64 } from './_double';

/** One entry: Σ_k a[k]·conj(b[k]) over `depth` samples. */
// @ts-ignore: decorator
@inline
function product1(ar: usize, ai: usize, br: usize, bi: usize, depth: usize, re: usize, im: usize): void {
  let sr = f64x2.splat(0), si = f64x2.splat(0);
  const pairs = (depth & ~1) << 3, bytes = depth << 3;
  for (let k: usize = 0; k < pairs; k += 16) {
    const xr = v128.load(ar + k), xi = v128.load(ai + k), yr = v128.load(br + k), yi = v128.load(bi + k);
    sr = fma64(xr, yr, fma64(xi, yi, sr));
    si = fma64(xi, yr, fnma64(xr, yi, si));
  }
  let sumRe = total64(sr), sumIm = total64(si);
  for (let k = pairs; k < bytes; k += 8) {
    const xr = load<f64>(ar + k), xi = load<f64>(ai + k), yr = load<f64>(br + k), yi = load<f64>(bi + k);
    sumRe += xr * yr + xi * yi;
    sumIm += xi * yr - xr * yi;
  }
  store<f64>(re, sumRe);
  store<f64>(im, sumIm);
} // prettier-ignore

/** Two rows of a against one of b. */
// @ts-ignore: decorator
@inline
function product2(
  ar: usize, ai: usize, row: usize, br: usize, bi: usize, depth: usize, re: usize, im: usize, next: usize,
): void {
  let sr = f64x2.splat(0), si = f64x2.splat(0), tr = f64x2.splat(0), ti = f64x2.splat(0);
  const pairs = (depth & ~1) << 3, bytes = depth << 3;
  for (let k: usize = 0; k < pairs; k += 16) {
    const yr = v128.load(br + k), yi = v128.load(bi + k);
    let xr = v128.load(ar + k), xi = v128.load(ai + k);
    sr = fma64(xr, yr, fma64(xi, yi, sr));
    si = fma64(xi, yr, fnma64(xr, yi, si));
    xr = v128.load(ar + row + k);
    xi = v128.load(ai + row + k);
    tr = fma64(xr, yr, fma64(xi, yi, tr));
    ti = fma64(xi, yr, fnma64(xr, yi, ti));
  }
  let sumRe = total64(sr), sumIm = total64(si), nextRe = total64(tr), nextIm = total64(ti);
  for (let k = pairs; k < bytes; k += 8) {
    const yr = load<f64>(br + k), yi = load<f64>(bi + k);
    let xr = load<f64>(ar + k), xi = load<f64>(ai + k);
    sumRe += xr * yr + xi * yi;
    sumIm += xi * yr - xr * yi;
    xr = load<f64>(ar + row + k);
    xi = load<f64>(ai + row + k);
    nextRe += xr * yr + xi * yi;
    nextIm += xi * yr - xr * yi;
  }
  store<f64>(re, sumRe);
  store<f64>(im, sumIm);
  store<f64>(re + next, nextRe);
  store<f64>(im + next, nextIm);
} // prettier-ignore

/**
 * C[m × n] = A[m × depth]·B[n × depth]ᴴ. With `lower`, only the entries on and below the diagonal are of use (some above are
 * written too).
 */
export function multiplyAdjoint(
  m: usize, n: usize, depth: usize, ar: usize, ai: usize, br: usize, bi: usize, cr: usize, ci: usize, lower: bool,
): void {
  const row = depth << 3, across = n << 3;
  for (let a: usize = 0; a < m; a += 2) {
    const columns = lower ? min(n, a + 2) : n;
    const x = a * row, c = a * across;
    for (let b: usize = 0; b < columns; b++) {
      if (a + 1 < m) product2(ar + x, ai + x, row, br + b * row, bi + b * row, depth, cr + c + (b << 3), ci + c + (b << 3), across);
      else product1(ar + x, ai + x, br + b * row, bi + b * row, depth, cr + c + (b << 3), ci + c + (b << 3));
    }
  }
} // prettier-ignore
