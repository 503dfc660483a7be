// Elementwise kernels. Buffers are allocated in multiples of 64 bytes, so whole-buffer loops may run over the end by a part of
// a vector; rows inside a buffer may not, and finish one element at a time with the same vector function.
import { exponential, fma, hyperbolicTangent, logarithm, pointer, real, shareStart, sigmoid, softplus, word } from './_simd';

// Codes of the operations: the same numbers as in main/compute/backends/cpu-simd/operation-codes.ts.
// @ts-ignore: decorator
@inline
function unary(op: i32, x: v128, p: v128, q: v128): v128 {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  if (op == 0) return f32x4.mul(x, x);
  if (op == 1) return f32x4.sqrt(x);
  if (op == 2) return exponential(x);
  if (op == 3) return logarithm(x);
  if (op == 4) return sigmoid(x);
  if (op == 5) return hyperbolicTangent(x);
  if (op == 6) return f32x4.abs(x);
  if (op == 7) {
    const s = v128.or(v128.and(x, i32x4.splat(0x80000000)), one);
    const known = v128.bitselect(s, zero, f32x4.ne(x, zero));
    return v128.bitselect(zero, known, f32x4.ne(x, x)); // sign: NaN → 0, as TensorFlow.js
  }
  if (op == 8) return f32x4.neg(x);
  if (op == 9) return f32x4.div(one, f32x4.sqrt(x));
  if (op == 10) return softplus(x);
  if (op == 11) return f32x4.max(x, zero);
  if (op == 12) {
    const s = v128.bitselect(one, p, f32x4.gt(x, zero));
    return v128.bitselect(x, s, f32x4.ne(x, x)); // step: x > 0 ? 1 : alpha
  }
  if (op == 13) return v128.bitselect(x, f32x4.min(f32x4.max(x, p), q), f32x4.ne(x, x)); // clip to [p, q]
  if (op == 14) return f32x4.div(one, x);
  if (op == 15) return f32x4.mul(x, sigmoid(x)); // SiLU
  if (op == 16) return f32x4.min(f32x4.max(x, zero), f32x4.splat(6));
  if (op == 17) return v128.bitselect(x, f32x4.mul(x, p), f32x4.gt(x, zero)); // leaky
  if (op == 18) return f32x4.floor(x);
  if (op == 19) return f32x4.ceil(x);
  if (op == 20) return f32x4.nearest(x);
  if (op == 24) {
    // ln(1 + x) = ln(u)·x/(u − 1), u = 1 + x rounded: the rounding cancels (Kahan).
    const u = f32x4.add(one, x);
    const exact = f32x4.mul(logarithm(u), f32x4.div(x, f32x4.sub(u, one)));
    const direct = v128.or(f32x4.eq(u, one), f32x4.eq(x, f32x4.splat(Infinity)));
    return v128.bitselect(x, exact, direct);
  }
  return x;
}

// @ts-ignore: decorator
@inline
function unaryLoop(op: i32, job: usize, thread: i32, threads: i32): void {
  const n = word(job, 3);
  const p = f32x4.splat(real(job, 4)), q = f32x4.splat(real(job, 5));
  const from = <usize>shareStart(n, 1024, thread, threads) << 2;
  const end = <usize>shareStart(n, 1024, thread + 1, threads) << 2;
  const x = pointer(job, 1), y = pointer(job, 2);
  for (let i = from; i < end; i += 16) v128.store(y + i, unary(op, v128.load(x + i), p, q));
}

/** sin (quarter 0) or cos (quarter 1) in double precision: an argument of thousands of turns keeps single precision. */
function circular(x: f64, quarter: i64): f64 {
  const turns = nearest(x * 0.63661977236758134308);
  const r = x - turns * 1.57079632679489655800 - turns * 6.12323399573676603587e-17;
  const z = r * r;
  const q = (<i64>turns + quarter) & 3;
  let y: f64;
  if (q & 1) y = 1 - z * (0.5 - z * (4.16666666666666019037e-2 - z * (1.38888888888741095749e-3 - z * 2.48015872894767294178e-5)));
  else y = r - r * z * (1.66666666666666324348e-1 - z * (8.33333333332248946124e-3 - z * (1.98412698298579493134e-4 - z * 2.75573137070700676789e-6)));
  return q & 2 ? -y : y;
}

function circularLoop(quarter: i64, job: usize, thread: i32, threads: i32): void {
  const n = word(job, 3), x = pointer(job, 1), y = pointer(job, 2);
  const to = shareStart(n, 64, thread + 1, threads);
  for (let i = shareStart(n, 64, thread, threads); i < to; i++) {
    const v = <f64>load<f32>(x + (<usize>i << 2));
    store<f32>(y + (<usize>i << 2), isFinite(v) && abs(v) < 1e15 ? <f32>circular(v, quarter) : <f32>NaN);
  }
}

/** y = f(x). Job: 0 code, 1 x, 2 y, 3 n, 4 and 5 parameters. */
export function mapUnary(job: usize, thread: i32, threads: i32): void {
  switch (word(job, 0)) {
    case 0: unaryLoop(0, job, thread, threads); break;
    case 1: unaryLoop(1, job, thread, threads); break;
    case 2: unaryLoop(2, job, thread, threads); break;
    case 3: unaryLoop(3, job, thread, threads); break;
    case 4: unaryLoop(4, job, thread, threads); break;
    case 5: unaryLoop(5, job, thread, threads); break;
    case 6: unaryLoop(6, job, thread, threads); break;
    case 7: unaryLoop(7, job, thread, threads); break;
    case 8: unaryLoop(8, job, thread, threads); break;
    case 9: unaryLoop(9, job, thread, threads); break;
    case 10: unaryLoop(10, job, thread, threads); break;
    case 11: unaryLoop(11, job, thread, threads); break;
    case 12: unaryLoop(12, job, thread, threads); break;
    case 13: unaryLoop(13, job, thread, threads); break;
    case 14: unaryLoop(14, job, thread, threads); break;
    case 15: unaryLoop(15, job, thread, threads); break;
    case 16: unaryLoop(16, job, thread, threads); break;
    case 17: unaryLoop(17, job, thread, threads); break;
    case 18: unaryLoop(18, job, thread, threads); break;
    case 19: unaryLoop(19, job, thread, threads); break;
    case 20: unaryLoop(20, job, thread, threads); break;
    case 22: circularLoop(0, job, thread, threads); break;
    case 23: circularLoop(1, job, thread, threads); break;
    case 24: unaryLoop(24, job, thread, threads); break;
    default: unreachable();
  }
}

// @ts-ignore: decorator
@inline
function binary(op: i32, a: v128, b: v128): v128 {
  const one = f32x4.splat(1);
  if (op == 0) return f32x4.add(a, b);
  if (op == 1) return f32x4.sub(a, b);
  if (op == 2) return f32x4.mul(a, b);
  if (op == 3) return f32x4.div(a, b);
  if (op == 4) return f32x4.max(a, b);
  if (op == 5) return f32x4.min(a, b);
  if (op == 6) {
    const d = f32x4.sub(a, b);
    return f32x4.mul(d, d);
  }
  if (op == 7) return f32x4.mul(a, f32x4.mul(b, f32x4.sub(one, b))); // (dy, y) → gradient of the sigmoid
  if (op == 8) return f32x4.mul(a, f32x4.sub(one, f32x4.mul(b, b))); // (dy, y) → gradient of tanh
  if (op == 9) return v128.and(a, f32x4.gt(b, f32x4.splat(0))); // (dy, x) → gradient of the rectifier
  if (op == 10) {
    const s = sigmoid(b); // (dy, x) → gradient of SiLU
    return f32x4.mul(a, f32x4.mul(s, fma(b, f32x4.sub(one, s), one)));
  }
  return a;
}

// @ts-ignore: decorator
@inline
function binaryRow(op: i32, a: usize, b: usize, y: usize, n: i32, aStep: usize, bStep: usize): void {
  // The three cases have loops of their own: a load or a splat outside the loop.
  let i: usize = 0;
  const bytes = <usize>n << 2, whole = bytes & ~(<usize>15);
  if (aStep && bStep) {
    for (; i < whole; i += 16) v128.store(y + i, binary(op, v128.load(a + i), v128.load(b + i)));
  } else if (aStep) {
    const s = v128.load_splat<f32>(b);
    for (; i < whole; i += 16) v128.store(y + i, binary(op, v128.load(a + i), s));
  } else {
    const s = v128.load_splat<f32>(a);
    for (; i < whole; i += 16) v128.store(y + i, binary(op, s, v128.load(b + i)));
  }
  for (; i < bytes; i += 4) {
    const u = v128.load_splat<f32>(a + (aStep ? i : 0)), v = v128.load_splat<f32>(b + (bStep ? i : 0));
    v128.store_lane<f32>(y + i, binary(op, u, v), 0);
  }
}

/** Most axes that are left after neighbouring ones have been merged. */
const AXES = 5;

/** Byte offset of outer row `index` for strides at job[first…]. */
// @ts-ignore: decorator
@inline
function offsetOf(job: usize, index: i32, dims: i32, strides: i32): usize {
  let offset: usize = 0;
  for (let axis = AXES - 1; axis >= 0; axis--) {
    const size = word(job, dims + axis);
    const rest = index / size;
    offset += <usize>(index - rest * size) * pointer(job, strides + axis);
    index = rest;
  }
  return offset;
}

// @ts-ignore: decorator
@inline
function binaryLoop(op: i32, job: usize, thread: i32, threads: i32): void {
  const a = pointer(job, 1), b = pointer(job, 2), y = pointer(job, 3);
  const inner = word(job, 4), aStep = pointer(job, 5), bStep = pointer(job, 6), outer = word(job, 7);
  if (outer == 1) {
    const from = shareStart(inner, 1024, thread, threads), to = shareStart(inner, 1024, thread + 1, threads);
    const skip = <usize>from << 2;
    binaryRow(op, a + (aStep ? skip : 0), b + (bStep ? skip : 0), y + skip, to - from, aStep, bStep);
    return;
  }
  const to = shareStart(outer, 1, thread + 1, threads);
  const columns = word(job, 8 + AXES - 1);
  const aColumn = pointer(job, 8 + AXES + AXES - 1), bColumn = pointer(job, 8 + 2 * AXES + AXES - 1);
  let row = shareStart(outer, 1, thread, threads);
  while (row < to) {
    // One decoding of the index per run along the last outer axis.
    let column = row % columns;
    let pa = a + offsetOf(job, row, 8, 8 + AXES), pb = b + offsetOf(job, row, 8, 8 + 2 * AXES);
    for (; column < columns && row < to; column++, row++) {
      binaryRow(op, pa, pb, y + (<usize>row * <usize>inner << 2), inner, aStep, bStep);
      pa += aColumn;
      pb += bColumn;
    }
  }
}

/**
 * y = f(a, b) with broadcasting. y is dense: `outer` rows of `inner` elements.
 * Job: 0 code, 1 a, 2 b, 3 y, 4 inner, 5 and 6 whether a, b advance along a row, 7 outer, 8 the five outer sizes, 13 a's and 18 b's
 * byte strides along them.
 */
export function mapBinary(job: usize, thread: i32, threads: i32): void {
  switch (word(job, 0)) {
    case 0: binaryLoop(0, job, thread, threads); break;
    case 1: binaryLoop(1, job, thread, threads); break;
    case 2: binaryLoop(2, job, thread, threads); break;
    case 3: binaryLoop(3, job, thread, threads); break;
    case 4: binaryLoop(4, job, thread, threads); break;
    case 5: binaryLoop(5, job, thread, threads); break;
    case 6: binaryLoop(6, job, thread, threads); break;
    case 7: binaryLoop(7, job, thread, threads); break;
    case 8: binaryLoop(8, job, thread, threads); break;
    case 9: binaryLoop(9, job, thread, threads); break;
    case 10: binaryLoop(10, job, thread, threads); break;
    default: unreachable();
  }
}

/**
 * y (one byte an element) = a ⋛ b with broadcasting; arguments as for mapBinary. Codes: 0 >, 1 ≥, 2 <, 3 ≤, 4 =, 5 ≠. Word 23: 0 where the inputs are
 * float32, 1 where int32.
 */
export function compare(job: usize, thread: i32, threads: i32): void {
  const op = word(job, 0), a = pointer(job, 1), b = pointer(job, 2), y = pointer(job, 3);
  const inner = word(job, 4), outer = word(job, 7), integers = word(job, 23);
  const aStep: usize = pointer(job, 5) << 2, bStep: usize = pointer(job, 6) << 2;
  const to = shareStart(outer, 1, thread + 1, threads);
  for (let row = shareStart(outer, 1, thread, threads); row < to; row++) {
    let pa = a + offsetOf(job, row, 8, 8 + AXES), pb = b + offsetOf(job, row, 8, 8 + 2 * AXES);
    let py = y + <usize>row * <usize>inner;
    for (let i = 0; i < inner; i++) {
      const u = integers ? <f64>load<i32>(pa) : <f64>load<f32>(pa);
      const v = integers ? <f64>load<i32>(pb) : <f64>load<f32>(pb);
      let r = false;
      if (op == 0) r = u > v;
      else if (op == 1) r = u >= v;
      else if (op == 2) r = u < v;
      else if (op == 3) r = u <= v;
      else if (op == 4) r = u == v;
      else r = u != v;
      store<u8>(py, r ? 1 : 0);
      pa += aStep;
      pb += bStep;
      py++;
    }
  }
}

/** Logic on bytes. Job: 0 code (0 and, 1 or, 2 not a), 1 a, 2 b, 3 y, 4 n. Bytes are 0 or 1; whole vectors, as buffers allow. */
export function logic(job: usize, thread: i32, threads: i32): void {
  const op = word(job, 0), a = pointer(job, 1), b = pointer(job, 2), y = pointer(job, 3), n = word(job, 4);
  const end = <usize>shareStart(n, 1024, thread + 1, threads);
  for (let i = <usize>shareStart(n, 1024, thread, threads); i < end; i += 16) {
    const u = v128.load(a + i), v = v128.load(b + i);
    v128.store(y + i, op == 0 ? v128.and(u, v) : op == 1 ? v128.or(u, v) : v128.andnot(i8x16.splat(1), u));
  }
}

/** y[i] = condition[i / span] ? a[i] : b[i], conditions one byte each. Job: 0 condition, 1 a, 2 b, 3 y, 4 n, 5 span. */
export function select(job: usize, thread: i32, threads: i32): void {
  const c = pointer(job, 0), a = pointer(job, 1), b = pointer(job, 2), y = pointer(job, 3);
  const n = word(job, 4), span = word(job, 5);
  const to = shareStart(n, 1, thread + 1, threads);
  for (let i = shareStart(n, 1, thread, threads); i < to; i++) {
    const o = <usize>i << 2;
    store<f32>(y + o, load<f32>((load<u8>(c + i / span) ? a : b) + o));
  }
}

/** Conversion between element types. Job: 0 x, 1 y, 2 n, 3 code (0 int32 → float32, 1 float32 → int32, 2 byte → float32, 3 byte → int32, 4 float32 → byte ≠ 0, 5 int32 → byte ≠ 0). */
export function convert(job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 0), y = pointer(job, 1), n = word(job, 2), code = word(job, 3);
  const to = shareStart(n, 64, thread + 1, threads);
  for (let i = shareStart(n, 64, thread, threads); i < to; i++) {
    const o = <usize>i << 2;
    if (code == 0) store<f32>(y + o, <f32>load<i32>(x + o));
    else if (code == 1) store<i32>(y + o, i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(f32x4.splat(load<f32>(x + o))), 0));
    else if (code == 2) store<f32>(y + o, <f32>load<u8>(x + i));
    else if (code == 3) store<i32>(y + o, load<u8>(x + i));
    else if (code == 4) store<u8>(y + i, load<f32>(x + o) != 0 ? 1 : 0);
    else store<u8>(y + i, load<i32>(x + o) != 0 ? 1 : 0);
  }
}

/** Fills n 32-bit words. Job: 0 y, 1 n, 2 the word. */
export function fill(job: usize, thread: i32, threads: i32): void {
  const y = pointer(job, 0), n = word(job, 1), value = i32x4.splat(word(job, 2));
  const from = <usize>shareStart(n, 1024, thread, threads) << 2, end = <usize>shareStart(n, 1024, thread + 1, threads) << 2;
  for (let i = from; i < end; i += 16) v128.store(y + i, value);
}
