// Reductions. Long sums are taken over blocks of fixed length first, so their value does not depend on the number of
// threads and their error grows with the number of blocks, not of elements.
import { exponentialWithin, fma, horizontalSum, pointer, real, shareStart, word } from './_simd';

/** Codes: 0 sum, 1 maximum, 2 minimum, 3 product, 4 sum of squares. */
// @ts-ignore: decorator
@inline
function initial(op: i32): f32 {
  return op == 1 ? -Infinity : op == 2 ? Infinity : op == 3 ? 1 : 0;
}

// @ts-ignore: decorator
@inline
function combine(op: i32, a: v128, b: v128): v128 {
  if (op == 1) return f32x4.max(a, b);
  if (op == 2) return f32x4.min(a, b);
  if (op == 3) return f32x4.mul(a, b);
  if (op == 4) return fma(b, b, a);
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function fold(op: i32, v: v128): f32 {
  const a = f32x4.extract_lane(v, 0), b = f32x4.extract_lane(v, 1), c = f32x4.extract_lane(v, 2), d = f32x4.extract_lane(v, 3);
  if (op == 1) return max(max(a, b), max(c, d));
  if (op == 2) return min(min(a, b), min(c, d));
  if (op == 3) return a * b * (c * d);
  return a + b + (c + d);
}

// @ts-ignore: decorator
@inline
function reduceRow(op: i32, x: usize, n: i32): f32 {
  const start = f32x4.splat(initial(op));
  let s0 = start, s1 = start, s2 = start, s3 = start;
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    s0 = combine(op, s0, v128.load(x));
    s1 = combine(op, s1, v128.load(x, 16));
    s2 = combine(op, s2, v128.load(x, 32));
    s3 = combine(op, s3, v128.load(x, 48));
    x += 64;
  }
  for (; i + 4 <= n; i += 4) {
    s0 = combine(op, s0, v128.load(x));
    x += 16;
  }
  // Squares were taken above: from here on partial results are added.
  const join = op == 4 ? 0 : op;
  let r = fold(join, combine(join, combine(join, s0, s1), combine(join, s2, s3)));
  for (; i < n; i++) {
    r = f32x4.extract_lane(combine(op, f32x4.splat(r), v128.load_splat<f32>(x)), 0);
    x += 4;
  }
  return r;
}

// @ts-ignore: decorator
@inline
function rows(op: i32, job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 1), y = pointer(job, 2), total = word(job, 3), length = word(job, 4);
  const factor = real(job, 5);
  const count = (total + length - 1) / length;
  const to = shareStart(count, 1, thread + 1, threads);
  for (let row = shareStart(count, 1, thread, threads); row < to; row++) {
    const n = min(length, total - row * length);
    store<f32>(y + (<usize>row << 2), reduceRow(op, x + (<usize>row * <usize>length << 2), n) * factor);
  }
}

/**
 * Σx² of blocks of many arrays → partial sums, as many as there are blocks. Job: 0 table (address and number of elements of each array), 1 arrays, 2 elements
 * of a block, 3 partial sums, 4 blocks.
 */
export function squaresOfAll(job: usize, thread: i32, threads: i32): void {
  const count = word(job, 1), length = word(job, 2), sums = pointer(job, 3);
  const from = shareStart(word(job, 4), 1, thread, threads), to = shareStart(word(job, 4), 1, thread + 1, threads);
  let entry = pointer(job, 0);
  let block = 0;
  for (let array = 0; array < count && block < to; array++, entry += 8) {
    const x = pointer(entry, 0), n = word(entry, 1);
    for (let first = 0; first < n; first += length, block++) {
      if (block < from || block >= to) continue;
      store<f32>(sums + (<usize>block << 2), reduceRow(4, x + (<usize>first << 2), min(length, n - first)));
    }
  }
}

/** y[row] = factor · reduction of `length` contiguous elements (the last row may be shorter). Job: 0 code, 1 x, 2 y, 3 elements, 4 length, 5 factor. */
export function reduceRows(job: usize, thread: i32, threads: i32): void {
  switch (word(job, 0)) {
    case 0: rows(0, job, thread, threads); break;
    case 1: rows(1, job, thread, threads); break;
    case 2: rows(2, job, thread, threads); break;
    case 3: rows(3, job, thread, threads); break;
    case 4: rows(4, job, thread, threads); break;
    default: unreachable();
  }
}

// @ts-ignore: decorator
@inline
function column(op: i32, x: usize, step: usize, n: i32, y: usize, lanes: i32, factor: v128): void {
  const start = f32x4.splat(initial(op));
  if (lanes == 16) {
    let s0 = start, s1 = start, s2 = start, s3 = start;
    for (; n > 0; --n) {
      s0 = combine(op, s0, v128.load(x));
      s1 = combine(op, s1, v128.load(x, 16));
      s2 = combine(op, s2, v128.load(x, 32));
      s3 = combine(op, s3, v128.load(x, 48));
      x += step;
    }
    v128.store(y, f32x4.mul(s0, factor));
    v128.store(y, f32x4.mul(s1, factor), 16);
    v128.store(y, f32x4.mul(s2, factor), 32);
    v128.store(y, f32x4.mul(s3, factor), 48);
  } else if (lanes == 4) {
    let s = start;
    for (; n > 0; --n) {
      s = combine(op, s, v128.load(x));
      x += step;
    }
    v128.store(y, f32x4.mul(s, factor));
  } else {
    let s = start;
    for (; n > 0; --n) {
      s = combine(op, s, v128.load_splat<f32>(x));
      x += step;
    }
    v128.store_lane<f32>(y, f32x4.mul(s, factor), 0);
  }
}

// @ts-ignore: decorator
@inline
function columns(op: i32, job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 1), y = pointer(job, 2), outer = word(job, 3), length = word(job, 4), inner = word(job, 5);
  const block = word(job, 6);
  const factor = f32x4.splat(real(job, 7));
  const blocks = (length + block - 1) / block;
  const step = <usize>inner << 2;
  const to = shareStart(outer * blocks, 1, thread + 1, threads);
  for (let item = shareStart(outer * blocks, 1, thread, threads); item < to; item++) {
    const o = item / blocks, first = (item - o * blocks) * block;
    const n = min(block, length - first);
    const source = x + step * (<usize>o * <usize>length + first), target = y + step * item;
    let j = 0;
    for (; j + 16 <= inner; j += 16) column(op, source + (<usize>j << 2), step, n, target + (<usize>j << 2), 16, factor);
    for (; j + 4 <= inner; j += 4) column(op, source + (<usize>j << 2), step, n, target + (<usize>j << 2), 4, factor);
    for (; j < inner; j++) column(op, source + (<usize>j << 2), step, n, target + (<usize>j << 2), 1, factor);
  }
}

/**
 * x [outer, length, inner] → y [outer, blocks, inner], each block of `block` rows reduced and multiplied by the factor.
 * Job: 0 code (no squares), 1 x, 2 y, 3 outer, 4 length, 5 inner, 6 block, 7 factor.
 */
export function reduceColumns(job: usize, thread: i32, threads: i32): void {
  switch (word(job, 0)) {
    case 0: columns(0, job, thread, threads); break;
    case 1: columns(1, job, thread, threads); break;
    case 2: columns(2, job, thread, threads); break;
    case 3: columns(3, job, thread, threads); break;
    default: unreachable();
  }
}

/** y = softmax(factor · x) of n elements; x and y may be the same. The largest is subtracted first. */
export function softmaxRow(x: usize, y: usize, n: i32, factor: f32): void {
  const largest = reduceRow(1, x, n) * factor;
  const m = f32x4.splat(largest), f = f32x4.splat(factor);
  let sum = f32x4.splat(0), sum1 = sum;
  const bytes = <usize>n << 2, whole = bytes & ~(<usize>15);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    const p = x + i, to = y + i;
    const e0 = exponentialWithin(f32x4.sub(f32x4.mul(v128.load(p), f), m)), e1 = exponentialWithin(f32x4.sub(f32x4.mul(v128.load(p, 16), f), m));
    v128.store(to, e0); v128.store(to, e1, 16);
    sum = f32x4.add(sum, e0); sum1 = f32x4.add(sum1, e1);
  }
  sum = f32x4.add(sum, sum1);
  for (; i < whole; i += 16) {
    const e = exponentialWithin(f32x4.sub(f32x4.mul(v128.load(x + i), f), m));
    v128.store(y + i, e);
    sum = f32x4.add(sum, e);
  }
  let total = horizontalSum(sum);
  for (; i < bytes; i += 4) {
    const e = f32x4.extract_lane(exponentialWithin(f32x4.splat(load<f32>(x + i) * factor - largest)), 0);
    store<f32>(y + i, e);
    total += e;
  }
  const inverse: f32 = <f32>1 / total;
  const scale = f32x4.splat(inverse);
  for (i = 0; i + 32 <= bytes; i += 32) {
    const to = y + i;
    const r0 = f32x4.mul(v128.load(to), scale), r1 = f32x4.mul(v128.load(to, 16), scale);
    v128.store(to, r0); v128.store(to, r1, 16);
  }
  for (; i < whole; i += 16) v128.store(y + i, f32x4.mul(v128.load(y + i), scale));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(y + i) * inverse);
}

/** Softmax of rows. Job: 0 x, 1 y, 2 rows, 3 length. */
export function softmax(job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 0), y = pointer(job, 1), count = word(job, 2), length = word(job, 3);
  const to = shareStart(count, 1, thread + 1, threads);
  for (let row = shareStart(count, 1, thread, threads); row < to; row++) {
    const o = <usize>row * <usize>length << 2;
    softmaxRow(x + o, y + o, length, 1);
  }
}
