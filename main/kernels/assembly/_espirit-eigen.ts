// The dominant eigenvector of the ESPIRiT operator at the points of one raster row, four points at a time: every lane is a point, so
// that small matrices need no shuffles. See recon/espirit-eigen.ts and recon/block-eigen.ts for the mathematics.
import { fma, fnma } from './_simd';

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

/**
 * Σ_d line[d]·wave[d] over `span` frequencies for two coil pairs at once: the entries of M for four points. `line` holds interleaved
 * numbers, `wave` re and im of four points by frequency.
 */
function evaluatePair(line: usize, next: usize, wave: usize, span: usize, to: usize, toNext: usize): void {
  let ar = f32x4.splat(0), ai = f32x4.splat(0), br = f32x4.splat(0), bi = f32x4.splat(0);
  for (let d: usize = 0; d < span; d++) {
    const wr = v128.load(wave + (d << 5)), wi = v128.load(wave + (d << 5), 16);
    let zr = v128.load32_splat(line + (d << 3)), zi = v128.load32_splat(line + (d << 3), 4);
    ar = fma(zr, wr, fnma(zi, wi, ar));
    ai = fma(zr, wi, fma(zi, wr, ai));
    zr = v128.load32_splat(next + (d << 3));
    zi = v128.load32_splat(next + (d << 3), 4);
    br = fma(zr, wr, fnma(zi, wi, br));
    bi = fma(zr, wi, fma(zi, wr, bi));
  }
  v128.store(to, ar);
  v128.store(to, ai, 16);
  v128.store(toNext, br);
  v128.store(toNext, bi, 16);
} // prettier-ignore

/** line[pair][dx] = Σ_dy coefficient[pair][dy][dx]·wave[dy]; interleaved. */
function polynomialOfRow(coefficients: usize, pairs: usize, span: usize, wave: usize, line: usize): void {
  const width = span << 3;
  for (let pair: usize = 0; pair < pairs; pair++, coefficients += span * width, line += width) {
    memory.fill(line, 0, width);
    for (let dy: usize = 0; dy < span; dy++) {
      const wr = load<f32>(wave + (dy << 3)), wi = load<f32>(wave + (dy << 3), 4);
      // (re, im) of two frequencies times w: re·wr − im·wi, im·wr + re·wi
      const same = f32x4.splat(wr), swapped = f32x4(-wi, wi, -wi, wi);
      const row = coefficients + dy * width;
      let x: usize = 0;
      for (; x + 16 <= width; x += 16) {
        const z = v128.load(row + x);
        v128.store(line + x, fma(z, same, fma(v128.shuffle<f32>(z, z, 1, 0, 3, 2), swapped, v128.load(line + x))));
      }
      for (; x < width; x += 8) {
        const re = load<f32>(row + x), im = load<f32>(row + x, 4);
        store<f32>(line + x, load<f32>(line + x) + re * wr - im * wi);
        store<f32>(line + x, load<f32>(line + x, 4) + im * wr + re * wi, 4);
      }
    }
  }
} // prettier-ignore

/** y = M·x for both vectors; `step` is the bytes of a vector. Two rows of M at a time. */
function multiply(matrix: usize, x: usize, y: usize, coils: usize, step: usize): void {
  for (let a: usize = 0; a < coils; a += 2) {
    // An odd last row is done with itself as its neighbour.
    const other = min(a + 1, coils - 1);
    let p = matrix + a * step, q = matrix + other * step;
    let s0r = f32x4.splat(0), s0i = s0r, s1r = s0r, s1i = s0r, t0r = s0r, t0i = s0r, t1r = s0r, t1i = s0r;
    for (let b: usize = 0; b < step; b += 32, p += 32, q += 32) {
      const x0r = v128.load(x + b), x0i = v128.load(x + b, 16);
      const x1r = v128.load(x + step + b), x1i = v128.load(x + step + b, 16);
      let mr = v128.load(p), mi = v128.load(p, 16);
      s0r = fma(mr, x0r, fnma(mi, x0i, s0r));
      s0i = fma(mr, x0i, fma(mi, x0r, s0i));
      s1r = fma(mr, x1r, fnma(mi, x1i, s1r));
      s1i = fma(mr, x1i, fma(mi, x1r, s1i));
      mr = v128.load(q);
      mi = v128.load(q, 16);
      t0r = fma(mr, x0r, fnma(mi, x0i, t0r));
      t0i = fma(mr, x0i, fma(mi, x0r, t0i));
      t1r = fma(mr, x1r, fnma(mi, x1i, t1r));
      t1i = fma(mr, x1i, fma(mi, x1r, t1i));
    }
    const to = y + (a << 5), too = y + (other << 5);
    v128.store(to, s0r);
    v128.store(to, s0i, 16);
    v128.store(to + step, s1r);
    v128.store(to + step, s1i, 16);
    v128.store(too, t0r);
    v128.store(too, t0i, 16);
    v128.store(too + step, t1r);
    v128.store(too + step, t1i, 16);
  }
} // prettier-ignore

/** 1/√s, 0 where s is 0. */
// @ts-ignore: decorator
@inline
function inverseRoot(s: v128): v128 {
  const inverse = f32x4.div(f32x4.splat(1), f32x4.sqrt(s));
  return v128.and(inverse, f32x4.gt(s, f32x4.splat(0)));
}

/** x ← orthonormal basis of the two vectors y (Gram–Schmidt). */
function orthonormalise(y: usize, x: usize, step: usize): void {
  let sum = f32x4.splat(0), dotR = f32x4.splat(0), dotI = f32x4.splat(0), other = f32x4.splat(0);
  for (let c: usize = 0; c < step; c += 32) {
    const ar = v128.load(y + c), ai = v128.load(y + c, 16);
    sum = fma(ar, ar, fma(ai, ai, sum));
  }
  const scale = inverseRoot(sum);
  for (let c: usize = 0; c < step; c += 32) {
    const ar = mul(v128.load(y + c), scale), ai = mul(v128.load(y + c, 16), scale);
    v128.store(x + c, ar);
    v128.store(x + c, ai, 16);
    const br = v128.load(y + step + c), bi = v128.load(y + step + c, 16);
    dotR = fma(ar, br, fma(ai, bi, dotR));
    dotI = fma(ar, bi, fnma(ai, br, dotI));
  }
  for (let c: usize = 0; c < step; c += 32) {
    const ar = v128.load(x + c), ai = v128.load(x + c, 16);
    const br = fnma(dotR, ar, fma(dotI, ai, v128.load(y + step + c)));
    const bi = fnma(dotR, ai, fnma(dotI, ar, v128.load(y + step + c, 16)));
    v128.store(x + step + c, br);
    v128.store(x + step + c, bi, 16);
    other = fma(br, br, fma(bi, bi, other));
  }
  const second = inverseRoot(other);
  for (let c = step; c < 2 * step; c += 32) {
    v128.store(x + c, mul(v128.load(x + c), second));
    v128.store(x + c, mul(v128.load(x + c, 16), second), 16);
  }
} // prettier-ignore

/** Starts each point from the two columns of M with the largest diagonals. */
function start(matrix: usize, x: usize, coils: usize, step: usize): void {
  memory.fill(x, 0, 2 * step);
  for (let lane: usize = 0; lane < 16; lane += 4) {
    let first: usize = 0, second: usize = 0;
    let largest: f32 = -Infinity, next: f32 = -Infinity;
    for (let c: usize = 0; c < coils; c++) {
      const value = load<f32>(matrix + c * (step + 32) + lane);
      if (value > largest) {
        second = first;
        next = largest;
        first = c;
        largest = value;
      } else if (value > next) {
        second = c;
        next = value;
      }
    }
    store<f32>(x + (first << 5) + lane, 1);
    if (coils > 1) store<f32>(x + step + (second << 5) + lane, 1);
  }
} // prettier-ignore

/** The Ritz step: x[0] ← the vector of the plane (x[0], x[1]) with the larger v ᴴ·M·v, given y = M·x; returns that value. */
function ritz(x: usize, y: usize, step: usize): v128 {
  let a = f32x4.splat(0), b = f32x4.splat(0), hr = f32x4.splat(0), hi = f32x4.splat(0);
  for (let c: usize = 0; c < step; c += 32) {
    const x0r = v128.load(x + c), x0i = v128.load(x + c, 16), x1r = v128.load(x + step + c), x1i = v128.load(x + step + c, 16);
    const y0r = v128.load(y + c), y0i = v128.load(y + c, 16), y1r = v128.load(y + step + c), y1i = v128.load(y + step + c, 16);
    a = fma(x0r, y0r, fma(x0i, y0i, a));
    b = fma(x1r, y1r, fma(x1i, y1i, b));
    hr = fma(x0r, y1r, fma(x0i, y1i, hr));
    hi = fma(x0r, y1i, fnma(x0i, y1r, hi));
  }
  // [[a, h], [h*, b]]: eigenvalue m + r with m = (a + b)/2, δ = (a − b)/2, r = √(δ² + |h|²); its vector is (r + δ, h*), not normalised,
  // or (h, r − δ): the longer of the two keeps its digits.
  const half = f32x4.splat(0.5), zero = f32x4.splat(0);
  const delta = mul(half, f32x4.sub(a, b)), r = f32x4.sqrt(fma(delta, delta, fma(hr, hr, mul(hi, hi))));
  const first = f32x4.ge(delta, zero);
  const whole = f32x4.add(r, f32x4.abs(delta));
  let pr = v128.bitselect(whole, hr, first), pi = v128.bitselect(zero, hi, first);
  let qr = v128.bitselect(hr, whole, first), qi = v128.bitselect(f32x4.neg(hi), zero, first);
  const length = inverseRoot(fma(pr, pr, fma(pi, pi, fma(qr, qr, mul(qi, qi)))));
  // r = 0: both values are equal, the first vector is as good as any.
  const same = f32x4.eq(length, zero);
  pr = v128.bitselect(f32x4.splat(1), mul(pr, length), same);
  pi = mul(pi, length);
  qr = mul(qr, length);
  qi = mul(qi, length);
  for (let c: usize = 0; c < step; c += 32) {
    const x0r = v128.load(x + c), x0i = v128.load(x + c, 16), x1r = v128.load(x + step + c), x1i = v128.load(x + step + c, 16);
    v128.store(x + c, fma(pr, x0r, fnma(pi, x0i, fma(qr, x1r, fnma(qi, x1i, zero)))));
    v128.store(x + c, fma(pr, x0i, fma(pi, x0r, fma(qr, x1i, mul(qi, x1r)))), 16);
  }
  return fma(half, f32x4.add(a, b), r);
} // prettier-ignore

/** x[0] ← x[0]·e^{−i∠(uᴴ·x[0])} / ‖x[0]‖. */
function fixPhase(x: usize, reference: usize, coils: usize): void {
  let pr = f32x4.splat(0), pi = f32x4.splat(0), energy = f32x4.splat(0);
  for (let c: usize = 0; c < coils; c++) {
    const ur = v128.load32_splat(reference + (c << 3)), ui = v128.load32_splat(reference + (c << 3), 4);
    const xr = v128.load(x + (c << 5)), xi = v128.load(x + (c << 5), 16);
    pr = fma(ur, xr, fma(ui, xi, pr));
    pi = fma(ur, xi, fnma(ui, xr, pi));
    energy = fma(xr, xr, fma(xi, xi, energy));
  }
  const square = fma(pr, pr, mul(pi, pi)), none = f32x4.eq(square, f32x4.splat(0));
  const scale = mul(inverseRoot(square), inverseRoot(energy));
  const fr = v128.bitselect(inverseRoot(energy), mul(pr, scale), none), fi = mul(f32x4.neg(pi), scale);
  for (let c: usize = 0; c < coils << 5; c += 32) {
    const xr = v128.load(x + c), xi = v128.load(x + c, 16);
    v128.store(x + c, fnma(xi, fi, mul(xr, fr)));
    v128.store(x + c, fma(xr, fi, mul(xi, fr)), 16);
  }
} // prettier-ignore

/**
 * Dominant eigenvectors at `count` points of a raster row. `coefficients` [pairs, span, span], `wave` [span] of the row and `waves`
 * [columns, span] of all columns are interleaved; `points` are column numbers (32 bits). Coil c of point i goes to
 * vectors + c·stride + 8·i, its eigenvalue to values + 4·i. `work` holds 8·pairs·span + 32·(span + coils² + 4·coils) bytes.
 */
export function eigenvectorsOfRow(
  coils: usize, span: usize, iterations: usize, coefficients: usize, wave: usize, waves: usize, points: usize, count: usize,
  reference: usize, vectors: usize, stride: usize, values: usize, work: usize,
): void {
  const pairs = (coils * (coils + 1)) >> 1, step = coils << 5;
  const line = work + (span << 5), matrix = line + ((pairs * span * 8 + 31) & ~31), x = matrix + coils * step, y = x + 2 * step;
  polynomialOfRow(coefficients, pairs, span, wave, line);
  for (let i: usize = 0; i < count; i += 4) {
    const lanes = min(4, count - i);
    for (let lane: usize = 0; lane < 4; lane++) {
      const from = waves + (load<u32>(points + ((i + min(lane, lanes - 1)) << 2)) as usize) * span * 8;
      for (let d: usize = 0; d < span; d++) {
        store<f32>(work + (d << 5) + (lane << 2), load<f32>(from + (d << 3)));
        store<f32>(work + (d << 5) + (lane << 2), load<f32>(from + (d << 3), 4), 16);
      }
    }
    let at = line;
    for (let a: usize = 0; a < coils; a++) {
      for (let b = a; b < coils; b += 2) {
        // An odd last pair of a row is done twice.
        const two = b + 1 < coils, other = two ? b + 1 : b;
        const p = matrix + a * step + (b << 5), q = matrix + a * step + (other << 5);
        evaluatePair(at, two ? at + span * 8 : at, work, span, p, q);
        at += two ? span * 16 : span * 8;
        mirror(p, matrix + b * step + (a << 5));
        if (two) mirror(q, matrix + other * step + (a << 5));
      }
      v128.store(matrix + a * step + (a << 5), f32x4.splat(0), 16);
    }
    start(matrix, x, coils, step);
    for (let k: usize = 0; k < iterations; k++) {
      multiply(matrix, x, y, coils, step);
      orthonormalise(y, x, step);
    }
    multiply(matrix, x, y, coils, step);
    const value = ritz(x, y, step);
    fixPhase(x, reference, coils);
    for (let lane: usize = 0; lane < lanes; lane++) {
      for (let c: usize = 0; c < coils; c++) {
        const to = vectors + c * stride + ((i + lane) << 3), from = x + (c << 5) + (lane << 2);
        store<f32>(to, load<f32>(from));
        store<f32>(to, load<f32>(from, 16), 4);
      }
    }
    v128.store(work, value);
    memory.copy(values + (i << 2), work, lanes << 2);
  }
} // prettier-ignore

// @ts-ignore: decorator
@inline
function mirror(from: usize, to: usize): void {
  const im = f32x4.neg(v128.load(from, 16));
  v128.store(to, v128.load(from));
  v128.store(to, im, 16);
}
