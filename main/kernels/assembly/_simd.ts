// Shared parts of all kernels: multiply-add in the two instruction sets, and vector functions.

/** a·b + c. Relaxed SIMD lets the engine use its fused instruction; the twin build rounds the product first. */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a·b. */
// @ts-ignore: decorator
@inline
export function fnma(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

// @ts-ignore: decorator
@inline
export function horizontalSum(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * eˣ for −87 ≤ x ≤ 88 (clamped to it), relative error below 2 ulp; NaN stays NaN. Cody–Waite reduction by ln 2 in two parts and a polynomial
 * of degree 6 (Cephes' expf). Adding 1.5·2²³ rounds to the nearest integer n and leaves it in the low bits of the sum, from where one shift makes
 * it an exponent.
 */
// @ts-ignore: decorator
@inline
export function exponentialWithin(x: v128): v128 {
  const magic = f32x4.splat(12582912);
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88)), f32x4.splat(-87));
  const shifted = fma(clamped, f32x4.splat(1.44269504088896341), magic);
  const n = f32x4.sub(shifted, magic);
  let r = fnma(n, f32x4.splat(0.693359375), clamped);
  r = fnma(n, f32x4.splat(-2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = fma(p, r, f32x4.splat(1.3981999507e-3));
  p = fma(p, r, f32x4.splat(8.3334519073e-3));
  p = fma(p, r, f32x4.splat(4.1665795894e-2));
  p = fma(p, r, f32x4.splat(1.6666665459e-1));
  p = fma(p, r, f32x4.splat(5.0000001201e-1));
  p = fma(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** eˣ for every x: 0 below −104, subnormal numbers above it, +∞ above 88.72; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  // Half of x, squared: the range of the fast one, doubled; its relative error too, so only where it is needed.
  const inside = v128.and(f32x4.gt(x, f32x4.splat(-87)), f32x4.lt(x, f32x4.splat(88)));
  const near = exponentialWithin(x);
  if (v128.all_true<i32>(inside)) return near;
  const half = exponentialWithin(f32x4.mul(x, f32x4.splat(0.5)));
  let far = f32x4.mul(half, half);
  far = v128.bitselect(f32x4.splat(Infinity), far, f32x4.gt(x, f32x4.splat(88.72283)));
  far = v128.bitselect(f32x4.splat(0), far, f32x4.lt(x, f32x4.splat(-104)));
  return v128.bitselect(near, far, v128.or(inside, f32x4.ne(x, x)));
}

/** 1/(1 + e⁻ˣ); 6e-39 below −88. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponentialWithin(f32x4.neg(x))));
}

/** tanh x: odd polynomial near 0 (where 1 − 2/(e²ˣ+1) would cancel), the exponential form elsewhere. */
// @ts-ignore: decorator
@inline
export function hyperbolicTangent(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = fma(p, z, f32x4.splat(2.06390887954e-2));
  p = fma(p, z, f32x4.splat(-5.37397155531e-2));
  p = fma(p, z, f32x4.splat(1.33314422036e-1));
  p = fma(p, z, f32x4.splat(-3.33332819422e-1));
  const small = fma(f32x4.mul(p, z), x, x);
  const e = exponential(f32x4.add(a, a));
  const large = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(small, v128.or(large, sign), f32x4.lt(a, f32x4.splat(0.625)));
}

/** ln x, relative error about 1 ulp (Cephes' logf); −∞ at 0, NaN below. Subnormal numbers are scaled up first. */
// @ts-ignore: decorator
@inline
export function logarithm(x0: v128): v128 {
  const tiny = f32x4.lt(x0, f32x4.splat(1.17549435e-38));
  const x = v128.bitselect(f32x4.mul(x0, f32x4.splat(16777216)), x0, tiny);
  const bias = v128.bitselect(f32x4.splat(24), f32x4.splat(0), tiny);
  let exponent = f32x4.sub(f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126))), bias);
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  exponent = f32x4.sub(exponent, v128.and(low, f32x4.splat(1)));
  m = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(low, m));
  const z = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = fma(p, m, f32x4.splat(-1.1514610310e-1));
  p = fma(p, m, f32x4.splat(1.1676998740e-1));
  p = fma(p, m, f32x4.splat(-1.2420140846e-1));
  p = fma(p, m, f32x4.splat(1.4249322787e-1));
  p = fma(p, m, f32x4.splat(-1.6668057665e-1));
  p = fma(p, m, f32x4.splat(2.0000714765e-1));
  p = fma(p, m, f32x4.splat(-2.4999993993e-1));
  p = fma(p, m, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = fma(exponent, f32x4.splat(-2.12194440e-4), p);
  p = fnma(f32x4.splat(0.5), z, p);
  let y = fma(exponent, f32x4.splat(0.693359375), f32x4.add(m, p));
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x0, f32x4.splat(0)));
  y = v128.bitselect(x0, y, f32x4.eq(x0, f32x4.splat(Infinity)));
  return v128.bitselect(f32x4.splat(NaN), y, v128.or(f32x4.lt(x0, f32x4.splat(0)), f32x4.ne(x0, x0)));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), where ln(1 + u) for small u keeps its digits by u − (w − u)/w·… (Kahan's correction). */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  const u = exponential(f32x4.neg(f32x4.abs(x)));
  const one = f32x4.splat(1);
  const w = f32x4.add(one, u);
  const plain = f32x4.mul(logarithm(w), f32x4.div(u, f32x4.sub(w, one)));
  const l = v128.bitselect(u, plain, f32x4.eq(w, one));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), l);
}

/** First and one-past-last of `total` items that belong to `thread`: a fixed partition in units of `unit` items. */
// @ts-ignore: decorator
@inline
export function shareStart(total: i32, unit: i32, thread: i32, threads: i32): i32 {
  const units = (total + unit - 1) / unit;
  return min(total, <i32>((<i64>units * thread) / threads) * unit);
}

// @ts-ignore: decorator
@inline
export function word(job: usize, index: i32): i32 {
  return load<i32>(job + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
export function pointer(job: usize, index: i32): usize {
  return load<u32>(job + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
export function real(job: usize, index: i32): f32 {
  return load<f32>(job + (<usize>index << 2));
}
