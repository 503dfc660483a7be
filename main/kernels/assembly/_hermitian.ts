// Householder reduction of a Hermitian matrix to tridiagonal form in 64 bits, and the way back for eigenvectors. See the TypeScript twin
// (recon/hermitian-eigen.ts) for the mathematics. Here the update of the last reflection and the product with the next one are one sweep over
// the matrix, which is what the time goes into.

import { fma64, fnma64, total64 } from './_double';

/** row[c] −= v_r·conj(w[c]) + w_r·conj(v[c]) for c ≤ r, on the row at (re, im). */
// @ts-ignore: decorator
@inline
function updateRow(re: usize, im: usize, r: usize, v: usize, vi: usize, w: usize, wi: usize): void {
  const vr = load<f64>(v + (r << 3)), vj = load<f64>(vi + (r << 3)), wr = load<f64>(w + (r << 3)), wj = load<f64>(wi + (r << 3));
  for (let c: usize = 0; c <= r << 3; c += 8) {
    const xr = load<f64>(v + c), xi = load<f64>(vi + c), yr = load<f64>(w + c), yi = load<f64>(wi + c);
    store<f64>(re + c, load<f64>(re + c) - (vr * yr + vj * yi + wr * xr + wj * xi));
    store<f64>(im + c, load<f64>(im + c) - (vj * yr - vr * yi + wj * xr - wr * xi));
  }
} // prettier-ignore

/**
 * The sweep for one row r: the pending update with (v, w), then with the updated row a the products p[c] += conj(a[c])·x_r for c < r and
 * p[r] += Σ_{c<r} a[c]·x[c] + a[r]·x_r.
 */
// @ts-ignore: decorator
@inline
function sweepRow(
  re: usize, im: usize, r: usize, v: usize, vi: usize, w: usize, wi: usize, x: usize, xi: usize, p: usize, pi: usize,
): void {
  const at = r << 3;
  const vr = v128.load64_splat(v + at), vj = v128.load64_splat(vi + at);
  const wr = v128.load64_splat(w + at), wj = v128.load64_splat(wi + at);
  const xr = v128.load64_splat(x + at), xj = v128.load64_splat(xi + at);
  let sumR = f64x2.splat(0), sumI = f64x2.splat(0);
  const even = (r & ~1) << 3;
  for (let c: usize = 0; c < even; c += 16) {
    const yr = v128.load(w + c), yi = v128.load(wi + c), zr = v128.load(v + c), zi = v128.load(vi + c);
    let ar = v128.load(re + c), ai = v128.load(im + c);
    ar = fnma64(vr, yr, fnma64(vj, yi, fnma64(wr, zr, fnma64(wj, zi, ar))));
    ai = fnma64(vj, yr, fma64(vr, yi, fnma64(wj, zr, fma64(wr, zi, ai))));
    v128.store(re + c, ar);
    v128.store(im + c, ai);
    const br = v128.load(x + c), bi = v128.load(xi + c);
    sumR = fma64(ar, br, fnma64(ai, bi, sumR));
    sumI = fma64(ar, bi, fma64(ai, br, sumI));
    v128.store(p + c, fma64(ar, xr, fma64(ai, xj, v128.load(p + c))));
    v128.store(pi + c, fma64(ar, xj, fnma64(ai, xr, v128.load(pi + c))));
  }
  let totalR = total64(sumR), totalI = total64(sumI);
  const sr = load<f64>(x + at), si = load<f64>(xi + at);
  const qr = load<f64>(v + at), qi = load<f64>(vi + at), ur = load<f64>(w + at), ui = load<f64>(wi + at);
  for (let c = even; c <= at; c += 8) {
    const yr = load<f64>(w + c), yi = load<f64>(wi + c), zr = load<f64>(v + c), zi = load<f64>(vi + c);
    const ar = load<f64>(re + c) - (qr * yr + qi * yi + ur * zr + ui * zi);
    const ai = load<f64>(im + c) - (qi * yr - qr * yi + ui * zr - ur * zi);
    store<f64>(re + c, ar);
    store<f64>(im + c, ai);
    const br = load<f64>(x + c), bi = load<f64>(xi + c);
    totalR += ar * br - ai * bi;
    totalI += ar * bi + ai * br;
    if (c < at) {
      store<f64>(p + c, load<f64>(p + c) + ar * sr + ai * si);
      store<f64>(pi + c, load<f64>(pi + c) + ar * si - ai * sr);
    }
  }
  store<f64>(p + at, load<f64>(p + at) + totalR);
  store<f64>(pi + at, load<f64>(pi + at) + totalI);
} // prettier-ignore

/**
 * A (n × n, lower triangle at re, im) is overwritten by the vectors of the reflections, one a row. `out` receives five arrays of n: the
 * diagonal, β, the off-diagonal's real and imaginary parts (entry i couples i and i − 1), and its size. `work` holds six arrays of n.
 */
export function tridiagonalise(n: usize, re: usize, im: usize, out: usize, work: usize): void {
  const array = n << 3;
  const diagonal = out, betas = out + array, offRe = out + 2 * array, offIm = out + 3 * array, sizes = out + 4 * array;
  const zeros = work + 4 * array, p0 = work, p1 = work + 2 * array;
  memory.fill(out, 0, 5 * array);
  memory.fill(work, 0, 6 * array);
  let p = p0, w = zeros, wi = zeros, v = zeros, vi = zeros;
  for (let i: usize = n - 1; i >= 1; i--) {
    const row = re + i * array, rowIm = im + i * array;
    updateRow(row, rowIm, i, v, vi, w, wi);
    store<f64>(diagonal + (i << 3), load<f64>(row + (i << 3)));
    let sum: f64 = 0;
    for (let c: usize = 0; c < i << 3; c += 8) {
      // The column is the conjugate of the stored row.
      const r = load<f64>(row + c), j = -load<f64>(rowIm + c);
      store<f64>(rowIm + c, j);
      sum += r * r + j * j;
    }
    const last = (i - 1) << 3;
    const lastRe = load<f64>(row + last), lastIm = load<f64>(rowIm + last);
    const square = lastRe * lastRe + lastIm * lastIm;
    const size = sqrt(square), norm = sqrt(sum);
    store<f64>(sizes + (i << 3), norm);
    if (sum == square) {
      // Only the last entry, or nothing: no reflection, but the pending update still has to reach the other rows.
      store<f64>(offRe + (i << 3), lastRe);
      store<f64>(offIm + (i << 3), -lastIm);
      memory.fill(row, 0, i << 3);
      memory.fill(rowIm, 0, i << 3);
    } else {
      const alphaRe = size == 0 ? -norm : (-norm * lastRe) / size, alphaIm = size == 0 ? 0 : (-norm * lastIm) / size;
      store<f64>(offRe + (i << 3), alphaRe);
      store<f64>(offIm + (i << 3), -alphaIm);
      store<f64>(row + last, lastRe - alphaRe);
      store<f64>(rowIm + last, lastIm - alphaIm);
      store<f64>(betas + (i << 3), 1 / (norm * (norm + size)));
    }
    const beta = load<f64>(betas + (i << 3)), q = p + array;
    memory.fill(p, 0, 2 * array);
    for (let r: usize = 0; r < i; r++) sweepRow(re + r * array, im + r * array, r, v, vi, w, wi, row, rowIm, p, q);
    let dot: f64 = 0;
    for (let c: usize = 0; c < i << 3; c += 8) dot += load<f64>(row + c) * load<f64>(p + c) + load<f64>(rowIm + c) * load<f64>(q + c);
    const along = (beta * beta * dot) / 2;
    for (let c: usize = 0; c < i << 3; c += 8) {
      store<f64>(p + c, beta * load<f64>(p + c) - along * load<f64>(row + c));
      store<f64>(q + c, beta * load<f64>(q + c) - along * load<f64>(rowIm + c));
    }
    v = row;
    vi = rowIm;
    w = p;
    wi = q;
    p = p == p0 ? p1 : p0;
  }
  updateRow(re, im, 0, v, vi, w, wi);
  store<f64>(diagonal, load<f64>(re));
} // prettier-ignore

/** Applies the reflections left by {@link tridiagonalise} to `count` vectors of n at (zRe, zIm), in place. */
export function reflectBack(n: usize, re: usize, im: usize, betas: usize, count: usize, zRe: usize, zIm: usize): void {
  const array = n << 3;
  for (let i: usize = 1; i < n; i++) {
    const beta = load<f64>(betas + (i << 3));
    if (beta == 0) continue;
    const v = re + i * array, vi = im + i * array, even = (i & ~1) << 3, end = i << 3;
    for (let k: usize = 0; k < count; k++) {
      const z = zRe + k * array, zj = zIm + k * array;
      let sumR = f64x2.splat(0), sumI = f64x2.splat(0);
      for (let c: usize = 0; c < even; c += 16) {
        const xr = v128.load(v + c), xi = v128.load(vi + c), yr = v128.load(z + c), yi = v128.load(zj + c);
        sumR = fma64(xr, yr, fma64(xi, yi, sumR));
        sumI = fma64(xr, yi, fnma64(xi, yr, sumI));
      }
      let dotR = total64(sumR), dotI = total64(sumI);
      for (let c = even; c < end; c += 8) {
        const xr = load<f64>(v + c), xi = load<f64>(vi + c), yr = load<f64>(z + c), yi = load<f64>(zj + c);
        dotR += xr * yr + xi * yi;
        dotI += xr * yi - xi * yr;
      }
      dotR *= beta;
      dotI *= beta;
      const dr = f64x2.splat(dotR), di = f64x2.splat(dotI);
      for (let c: usize = 0; c < even; c += 16) {
        const xr = v128.load(v + c), xi = v128.load(vi + c);
        v128.store(z + c, fnma64(dr, xr, fma64(di, xi, v128.load(z + c))));
        v128.store(zj + c, fnma64(dr, xi, fnma64(di, xr, v128.load(zj + c))));
      }
      for (let c = even; c < end; c += 8) {
        const xr = load<f64>(v + c), xi = load<f64>(vi + c);
        store<f64>(z + c, load<f64>(z + c) - (dotR * xr - dotI * xi));
        store<f64>(zj + c, load<f64>(zj + c) - (dotR * xi + dotI * xr));
      }
    }
  }
} // prettier-ignore
