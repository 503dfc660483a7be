// Fourier transforms of four lines at a time. A line's sample is 32 bytes: the real parts of the four lines, then their imaginary
// parts, so that no butterfly ever shuffles lanes.
import { fma, fnma } from './_simd';

const SIN_60: f32 = 0.8660254037844386;
const COS_72: f32 = 0.30901699437494745;
const COS_144: f32 = -0.8090169943749475;
const SIN_72: f32 = 0.9510565162951535;
const SIN_144: f32 = 0.5877852522924731;

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

// @ts-ignore: decorator
@inline
function put(to: usize, re: v128, im: v128): void {
  v128.store(to, re);
  v128.store(to, im, 16);
}

function pass2(from: usize, to: usize, before: usize, after: usize, apart: usize, twiddles: usize): void {
  const span = before << 5;
  for (let k: usize = 0; k < before; k++) {
    const wr = v128.load32_splat(twiddles + (k << 3)),
      wi = v128.load32_splat(twiddles + (k << 3), 4);
    let p = from + (k << 5),
      o = to + (k << 5);
    for (let b: usize = 0; b < after; b++, p += span, o += 2 * span) {
      const ar = v128.load(p),
        ai = v128.load(p, 16),
        xr = v128.load(p + apart),
        xi = v128.load(p + apart, 16);
      const br = fnma(xi, wi, mul(xr, wr)),
        bi = fma(xr, wi, mul(xi, wr));
      put(o, add(ar, br), add(ai, bi));
      put(o + span, sub(ar, br), sub(ai, bi));
    }
  }
}

function pass3(from: usize, to: usize, before: usize, after: usize, apart: usize, twiddles: usize): void {
  const span = before << 5,
    half = f32x4.splat(0.5),
    sin60 = f32x4.splat(SIN_60);
  for (let k: usize = 0; k < before; k++) {
    const t = twiddles + k * 16;
    const w1r = v128.load32_splat(t),
      w1i = v128.load32_splat(t, 4),
      w2r = v128.load32_splat(t, 8),
      w2i = v128.load32_splat(t, 12);
    let p = from + (k << 5),
      o = to + (k << 5);
    for (let b: usize = 0; b < after; b++, p += span, o += 3 * span) {
      const x0r = v128.load(p),
        x0i = v128.load(p, 16);
      let xr = v128.load(p + apart),
        xi = v128.load(p + apart, 16);
      const x1r = fnma(xi, w1i, mul(xr, w1r)),
        x1i = fma(xr, w1i, mul(xi, w1r));
      xr = v128.load(p + 2 * apart);
      xi = v128.load(p + 2 * apart, 16);
      const x2r = fnma(xi, w2i, mul(xr, w2r)),
        x2i = fma(xr, w2i, mul(xi, w2r));
      const sr = add(x1r, x2r),
        si = add(x1i, x2i),
        mr = fnma(half, sr, x0r),
        mi = fnma(half, si, x0i),
        tr = mul(sin60, sub(x1i, x2i)),
        ti = mul(sin60, sub(x2r, x1r));
      put(o, add(x0r, sr), add(x0i, si));
      put(o + span, add(mr, tr), add(mi, ti));
      put(o + 2 * span, sub(mr, tr), sub(mi, ti));
    }
  }
}

// @ts-ignore: decorator
@inline
function store4(
  o: usize, span: usize,
  x0r: v128, x0i: v128, x1r: v128, x1i: v128, x2r: v128, x2i: v128, x3r: v128, x3i: v128,
): void {
  const ar = add(x0r, x2r), ai = add(x0i, x2i), br = sub(x0r, x2r), bi = sub(x0i, x2i);
  const cr = add(x1r, x3r), ci = add(x1i, x3i);
  // −i·(x1 − x3)
  const dr = sub(x1i, x3i), di = sub(x3r, x1r);
  put(o, add(ar, cr), add(ai, ci));
  put(o + span, add(br, dr), add(bi, di));
  put(o + 2 * span, sub(ar, cr), sub(ai, ci));
  put(o + 3 * span, sub(br, dr), sub(bi, di));
} // prettier-ignore

function pass4(from: usize, to: usize, before: usize, after: usize, apart: usize, twiddles: usize): void {
  const span = before << 5;
  // k = 0 needs no twiddles; in the first pass that is all there is.
  let p = from, o = to;
  for (let b: usize = 0; b < after; b++, p += span, o += 4 * span) {
    store4(
      o, span, v128.load(p), v128.load(p, 16), v128.load(p + apart), v128.load(p + apart, 16),
      v128.load(p + 2 * apart), v128.load(p + 2 * apart, 16), v128.load(p + 3 * apart), v128.load(p + 3 * apart, 16),
    );
  }
  for (let k: usize = 1; k < before; k++) {
    const t = twiddles + k * 24;
    const w1r = v128.load32_splat(t), w1i = v128.load32_splat(t, 4);
    const w2r = v128.load32_splat(t, 8), w2i = v128.load32_splat(t, 12);
    const w3r = v128.load32_splat(t, 16), w3i = v128.load32_splat(t, 20);
    p = from + (k << 5);
    o = to + (k << 5);
    for (let b: usize = 0; b < after; b++, p += span, o += 4 * span) {
      let xr = v128.load(p + apart), xi = v128.load(p + apart, 16);
      const x1r = fnma(xi, w1i, mul(xr, w1r)), x1i = fma(xr, w1i, mul(xi, w1r));
      xr = v128.load(p + 2 * apart);
      xi = v128.load(p + 2 * apart, 16);
      const x2r = fnma(xi, w2i, mul(xr, w2r)), x2i = fma(xr, w2i, mul(xi, w2r));
      xr = v128.load(p + 3 * apart);
      xi = v128.load(p + 3 * apart, 16);
      const x3r = fnma(xi, w3i, mul(xr, w3r)), x3i = fma(xr, w3i, mul(xi, w3r));
      store4(o, span, v128.load(p), v128.load(p, 16), x1r, x1i, x2r, x2i, x3r, x3i);
    }
  }
} // prettier-ignore

function pass5(from: usize, to: usize, before: usize, after: usize, apart: usize, twiddles: usize): void {
  const span = before << 5;
  const c1 = f32x4.splat(COS_72), c2 = f32x4.splat(COS_144), s1 = f32x4.splat(SIN_72), s2 = f32x4.splat(SIN_144);
  for (let k: usize = 0; k < before; k++) {
    const t = twiddles + (k << 5);
    let p = from + (k << 5), o = to + (k << 5);
    for (let b: usize = 0; b < after; b++, p += span, o += 5 * span) {
      let wr = v128.load32_splat(t), wi = v128.load32_splat(t, 4);
      let xr = v128.load(p + apart), xi = v128.load(p + apart, 16);
      const x1r = fnma(xi, wi, mul(xr, wr)), x1i = fma(xr, wi, mul(xi, wr));
      wr = v128.load32_splat(t, 24);
      wi = v128.load32_splat(t, 28);
      xr = v128.load(p + 4 * apart);
      xi = v128.load(p + 4 * apart, 16);
      const x4r = fnma(xi, wi, mul(xr, wr)), x4i = fma(xr, wi, mul(xi, wr));
      const p1r = add(x1r, x4r), p1i = add(x1i, x4i), m1r = sub(x1r, x4r), m1i = sub(x1i, x4i);
      wr = v128.load32_splat(t, 8);
      wi = v128.load32_splat(t, 12);
      xr = v128.load(p + 2 * apart);
      xi = v128.load(p + 2 * apart, 16);
      const x2r = fnma(xi, wi, mul(xr, wr)), x2i = fma(xr, wi, mul(xi, wr));
      wr = v128.load32_splat(t, 16);
      wi = v128.load32_splat(t, 20);
      xr = v128.load(p + 3 * apart);
      xi = v128.load(p + 3 * apart, 16);
      const x3r = fnma(xi, wi, mul(xr, wr)), x3i = fma(xr, wi, mul(xi, wr));
      const p2r = add(x2r, x3r), p2i = add(x2i, x3i), m2r = sub(x2r, x3r), m2i = sub(x2i, x3i);
      const x0r = v128.load(p), x0i = v128.load(p, 16);
      put(o, add(x0r, add(p1r, p2r)), add(x0i, add(p1i, p2i)));
      let ar = fma(c2, p2r, fma(c1, p1r, x0r)), ai = fma(c2, p2i, fma(c1, p1i, x0i));
      let cr = fma(s2, m2i, mul(s1, m1i)), ci = fma(s2, m2r, mul(s1, m1r));
      put(o + span, add(ar, cr), sub(ai, ci));
      put(o + 4 * span, sub(ar, cr), add(ai, ci));
      ar = fma(c1, p2r, fma(c2, p1r, x0r));
      ai = fma(c1, p2i, fma(c2, p1i, x0i));
      cr = fnma(s1, m2i, mul(s2, m1i));
      ci = fnma(s1, m2r, mul(s2, m1r));
      put(o + 2 * span, add(ar, cr), sub(ai, ci));
      put(o + 3 * span, sub(ar, cr), add(ai, ci));
    }
  }
} // prettier-ignore

/** Any odd radix, in pairs: X[p] and X[r − p] share their cosine and sine sums. `temp` holds `radix` samples. */
function passOdd(
  from: usize, to: usize, before: usize, after: usize, apart: usize, twiddles: usize, roots: usize, radix: usize, temp: usize,
): void {
  const span = before << 5, half = radix >> 1;
  for (let k: usize = 0; k < before; k++) {
    const t = twiddles + k * (radix - 1) * 8;
    let p = from + (k << 5), o = to + (k << 5);
    for (let b: usize = 0; b < after; b++, p += span, o += radix * span) {
      const x0r = v128.load(p), x0i = v128.load(p, 16);
      let totalR = x0r, totalI = x0i;
      for (let q: usize = 1; q <= half; q++) {
        const s = radix - q;
        let wr = v128.load32_splat(t + (q - 1) * 8), wi = v128.load32_splat(t + (q - 1) * 8, 4);
        let xr = v128.load(p + q * apart), xi = v128.load(p + q * apart, 16);
        const ar = fnma(xi, wi, mul(xr, wr)), ai = fma(xr, wi, mul(xi, wr));
        wr = v128.load32_splat(t + (s - 1) * 8);
        wi = v128.load32_splat(t + (s - 1) * 8, 4);
        xr = v128.load(p + s * apart);
        xi = v128.load(p + s * apart, 16);
        const cr = fnma(xi, wi, mul(xr, wr)), ci = fma(xr, wi, mul(xi, wr));
        put(temp + (q << 6), add(ar, cr), add(ai, ci));
        put(temp + (q << 6) + 32, sub(ar, cr), sub(ai, ci));
        totalR = add(totalR, add(ar, cr));
        totalI = add(totalI, add(ai, ci));
      }
      put(o, totalR, totalI);
      for (let out: usize = 1; out <= half; out++) {
        let ar = x0r, ai = x0i, br = f32x4.splat(0), bi = f32x4.splat(0);
        let turn: usize = 0;
        for (let q: usize = 1; q <= half; q++) {
          turn += out;
          if (turn >= radix) turn -= radix;
          const cos = v128.load32_splat(roots + (turn << 3)), minusSin = v128.load32_splat(roots + (turn << 3), 4);
          const s = temp + (q << 6);
          ar = fma(cos, v128.load(s), ar);
          ai = fma(cos, v128.load(s, 16), ai);
          br = fma(minusSin, v128.load(s, 32), br);
          bi = fma(minusSin, v128.load(s, 48), bi);
        }
        // A + i·B' with B' = −B: the table holds −sin.
        put(o + out * span, sub(ar, bi), add(ai, br));
        put(o + (radix - out) * span, add(ar, bi), sub(ai, br));
      }
    }
  }
} // prettier-ignore

/**
 * The forward transform of the four lines at `a`; `b` is as large, and the answer is where the result stands (a or b).
 * A plan is words: 0 length, 1 number of passes, then four a pass: radix, product of the radices before, twiddles, roots.
 */
function stockham(plan: usize, a: usize, b: usize, temp: usize): usize {
  const length = load<u32>(plan) as usize, passes = load<u32>(plan, 4) as usize;
  let from = a, to = b;
  for (let i: usize = 0; i < passes; i++) {
    const entry = plan + 8 + (i << 4);
    const radix = load<u32>(entry) as usize, before = load<u32>(entry, 4) as usize;
    const twiddles = load<u32>(entry, 8) as usize, roots = load<u32>(entry, 12) as usize;
    const after = length / (radix * before), apart = (length / radix) << 5;
    if (radix == 4) pass4(from, to, before, after, apart, twiddles);
    else if (radix == 2) pass2(from, to, before, after, apart, twiddles);
    else if (radix == 3) pass3(from, to, before, after, apart, twiddles);
    else if (radix == 5) pass5(from, to, before, after, apart, twiddles);
    else passOdd(from, to, before, after, apart, twiddles, roots, radix, temp);
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
} // prettier-ignore

/** to[j] ← from[j]·table[j] for `count` samples; with `conjugate`, the conjugate of that. */
function multiplyBy(from: usize, to: usize, table: usize, count: usize, conjugate: bool): void {
  for (let j: usize = 0; j < count; j++) {
    const wr = v128.load32_splat(table + (j << 3)), wi = v128.load32_splat(table + (j << 3), 4);
    const xr = v128.load(from + (j << 5)), xi = v128.load(from + (j << 5), 16);
    const im = fma(xr, wi, mul(xi, wr));
    put(to + (j << 5), fnma(xi, wi, mul(xr, wr)), conjugate ? f32x4.neg(im) : im);
  }
} // prettier-ignore

/**
 * The forward transform of four lines, by Stockham or, where `chirp` is not 0, by Bluestein: multiply by the chirp, convolve with its
 * conjugate (the product with `filter`, between two transforms of the plan's length), multiply by the chirp again.
 */
export function transformLanes(
  plan: usize, length: usize, chirp: usize, filter: usize, a: usize, b: usize, temp: usize,
): usize {
  if (chirp == 0) return stockham(plan, a, b, temp);
  const inner = load<u32>(plan) as usize;
  multiplyBy(a, a, chirp, length, false);
  memory.fill(a + (length << 5), 0, (inner - length) << 5);
  const spectrum = stockham(plan, a, b, temp);
  multiplyBy(spectrum, a, filter, inner, true);
  const convolved = stockham(plan, a, b, temp);
  for (let k: usize = 0; k < length; k++) {
    v128.store(convolved + (k << 5), f32x4.neg(v128.load(convolved + (k << 5), 16)), 16);
  }
  multiplyBy(convolved, convolved, chirp, length, false);
  return convolved;
} // prettier-ignore
