// Batches of small matrix products and attention: each thread takes whole items of the batch and works in its own scratch.
import { multiplyBand, packMatrix } from './_convolve';
import { outerProduct } from './_filter-gradient';
import { fma, horizontalSum, pointer, real, shareStart, word } from './_simd';
import { softmaxRow } from './_reduce';

/** C[m][n] = Σₖ A[m][k]·B[k][n]; rows of A and C lie rowBytesA and rowBytesC apart; B is packed; offsets is scratch of (m + 6)·8 bytes; tile of 256. */
function multiply(
  a: usize, rowBytesA: usize, m: i32, depth: i32, packed: usize, n: i32, c: usize, rowBytesC: usize, zeros: usize, offsets: usize, tile: usize,
): void {
  let o = offsets;
  for (let i = 0; i < m + 6; i++) {
    const row = <usize>min(i, m - 1);
    store<u32>(o, <u32>(rowBytesA * row));
    store<u32>(o, <u32>(rowBytesC * row), 4);
    o += 8;
  }
  multiplyBand(a, offsets, m, c, rowBytesC, 1, <usize>depth << 2, 0, n, packed, zeros, tile);
}

/** Sections of a thread's scratch. */
// @ts-ignore: decorator
@inline
function after(start: usize, floats: i32): usize {
  return (start + (<usize>floats << 2) + 63) & ~(<usize>63);
}

/** target[j][i] = source[i][j]. */
function transpose(source: usize, rows: i32, columns: i32, target: usize): void {
  for (let i = 0; i < rows; i++) {
    let t = target + (<usize>i << 2);
    for (let j = 0; j < columns; j++) {
      store<f32>(t, load<f32>(source));
      source += 4;
      t += <usize>rows << 2;
    }
  }
}

/**
 * C = op(A)·op(B) for every item. Job: 0 A, 1 B, 2 C, 3 items, 4 m, 5 n, 6 k, 7 A transposed (k×m), 8 B transposed (n×k), 9 and 10 floats from one
 * item of A, B to the next, 11 scratch, 12 scratch bytes per thread.
 */
export function batchMatMul(job: usize, thread: i32, threads: i32): void {
  const m = word(job, 4), n = word(job, 5), k = word(job, 6), ta = word(job, 7), tb = word(job, 8);
  const tile = pointer(job, 11) + <usize>thread * pointer(job, 12);
  const zeros = tile + 256;
  const offsets = after(zeros, n + 8);
  const panels = after(offsets, 2 * (m + 6));
  const copy = after(panels, k * (n + 8));
  memory.fill(zeros, 0, <usize>(n + 8) << 2);
  const to = shareStart(word(job, 3), 1, thread + 1, threads);
  for (let i = shareStart(word(job, 3), 1, thread, threads); i < to; i++) {
    let a = pointer(job, 0) + (<usize>i * pointer(job, 9) << 2);
    const b = pointer(job, 1) + (<usize>i * pointer(job, 10) << 2);
    const c = pointer(job, 2) + (<usize>i * <usize>m * <usize>n << 2);
    if (ta && !tb) {
      outerProduct(a, m, b, <usize>n << 2, n, k, c, <usize>n << 2, tile);
      continue;
    }
    if (ta) {
      transpose(a, k, m, copy);
      a = copy;
    }
    packMatrix(b, k, n, tb ? 4 : n << 2, tb ? k << 2 : 4, panels);
    multiply(a, <usize>k << 2, m, k, panels, n, c, <usize>n << 2, zeros, offsets, tile);
  }
}

/** Where the rows of image and head `item` begin: heads lie beside each other in a row, `width` floats each. */
// @ts-ignore: decorator
@inline
function itemOf(base: usize, item: i32, heads: i32, rows: i32, rowBytes: usize, width: i32): usize {
  const image = item / heads;
  return base + rowBytes * <usize>(image * rows) + (<usize>((item - image * heads) * width) << 2);
}

/**
 * y = softmax(factor · q kᵀ) v for every item (image and head). Job: 0 q, 1 k, 2 v, 3 y, 4 probabilities (0: not kept), 5 items, 6 tokens of q,
 * 7 tokens of k, 8 features, 9 features of v, 10 factor, 11 scratch, 12 scratch bytes per thread, 13 heads, 14–17 bytes from one token to the next of q, k, v, y.
 */
export function attention(job: usize, thread: i32, threads: i32): void {
  const tokens = word(job, 6), keys = word(job, 7), features = word(job, 8), values = word(job, 9), heads = word(job, 13);
  const qRow = pointer(job, 14), kRow = pointer(job, 15), vRow = pointer(job, 16), yRow = pointer(job, 17);
  const factor = real(job, 10);
  const tile = pointer(job, 11) + <usize>thread * pointer(job, 12);
  const widest = max(keys, values) + 8;
  const zeros = tile + 256;
  const offsets = after(zeros, widest);
  const panels = after(offsets, 2 * (tokens + 6));
  const own = after(panels, max(features * (keys + 8), keys * (values + 8)));
  memory.fill(zeros, 0, <usize>widest << 2);
  const to = shareStart(word(job, 5), 1, thread + 1, threads);
  for (let i = shareStart(word(job, 5), 1, thread, threads); i < to; i++) {
    const q = itemOf(pointer(job, 0), i, heads, tokens, qRow, features);
    const k = itemOf(pointer(job, 1), i, heads, keys, kRow, features);
    const v = itemOf(pointer(job, 2), i, heads, keys, vRow, values);
    const y = itemOf(pointer(job, 3), i, heads, tokens, yRow, values);
    const p = pointer(job, 4) ? pointer(job, 4) + (<usize>i * <usize>(tokens * keys) << 2) : own;
    packMatrix(k, features, keys, 4, <i32>kRow, panels);
    multiply(q, qRow, tokens, features, panels, keys, p, <usize>keys << 2, zeros, offsets, tile);
    for (let t = 0; t < tokens; t++) {
      const row = p + (<usize>(t * keys) << 2);
      softmaxRow(row, row, keys, factor);
    }
    packMatrix(v, keys, values, <i32>vRow, 4, panels);
    multiply(p, <usize>keys << 2, tokens, keys, panels, values, y, yRow, zeros, offsets, tile);
  }
}

/** dS = factor · P ∘ (dP − rowsum(dP ∘ P)), in place of dP. */
function softmaxGradientRow(p: usize, dp: usize, n: i32, factor: f32): void {
  let sum = f32x4.splat(0);
  const bytes = <usize>n << 2, whole = bytes & ~(<usize>15);
  let i: usize = 0;
  for (; i < whole; i += 16) sum = fma(v128.load(p + i), v128.load(dp + i), sum);
  let total = horizontalSum(sum);
  for (; i < bytes; i += 4) total += load<f32>(p + i) * load<f32>(dp + i);
  const t = f32x4.splat(total), f = f32x4.splat(factor);
  for (i = 0; i + 32 <= bytes; i += 32) {
    const q = p + i, to = dp + i;
    const r0 = f32x4.mul(f32x4.mul(f, v128.load(q)), f32x4.sub(v128.load(to), t));
    const r1 = f32x4.mul(f32x4.mul(f, v128.load(q, 16)), f32x4.sub(v128.load(to, 16), t));
    v128.store(to, r0); v128.store(to, r1, 16);
  }
  for (; i < bytes; i += 4) store<f32>(dp + i, factor * load<f32>(p + i) * (load<f32>(dp + i) - total));
}

/**
 * dV = Pᵀ dy, dS as above from dP = dy vᵀ, dq = dS k, dk = dSᵀ q. Job: 0 dy, 1 q, 2 k, 3 v, 4 probabilities, 5 dq, 6 dk, 7 dv, 8 items, 9 tokens of q,
 * 10 tokens of k, 11 features, 12 features of v, 13 factor, 14 scratch, 15 scratch bytes per thread, 16 heads, 17–20 bytes from one token to the next of q and
 * dq, k and dk, v and dv, dy.
 */
export function attentionGradient(job: usize, thread: i32, threads: i32): void {
  const tokens = word(job, 9), keys = word(job, 10), features = word(job, 11), values = word(job, 12), heads = word(job, 16);
  const qRow = pointer(job, 17), kRow = pointer(job, 18), vRow = pointer(job, 19), yRow = pointer(job, 20);
  const factor = real(job, 13);
  const tile = pointer(job, 14) + <usize>thread * pointer(job, 15);
  const widest = max(max(keys, values), features) + 8;
  const zeros = tile + 256;
  const offsets = after(zeros, widest);
  const panels = after(offsets, 2 * (tokens + 6));
  const ds = after(panels, (max(values, keys) + 8) * (max(features, keys) + 8));
  memory.fill(zeros, 0, <usize>widest << 2);
  const to = shareStart(word(job, 8), 1, thread + 1, threads);
  for (let i = shareStart(word(job, 8), 1, thread, threads); i < to; i++) {
    const dy = itemOf(pointer(job, 0), i, heads, tokens, yRow, values);
    const q = itemOf(pointer(job, 1), i, heads, tokens, qRow, features);
    const k = itemOf(pointer(job, 2), i, heads, keys, kRow, features);
    const v = itemOf(pointer(job, 3), i, heads, keys, vRow, values);
    const p = pointer(job, 4) + (<usize>i * <usize>(tokens * keys) << 2);
    outerProduct(p, keys, dy, yRow, values, tokens, itemOf(pointer(job, 7), i, heads, keys, vRow, values), vRow, tile);
    packMatrix(v, values, keys, 4, <i32>vRow, panels);
    multiply(dy, yRow, tokens, values, panels, keys, ds, <usize>keys << 2, zeros, offsets, tile);
    for (let t = 0; t < tokens; t++) {
      const row = <usize>(t * keys) << 2;
      softmaxGradientRow(p + row, ds + row, keys, factor);
    }
    packMatrix(k, keys, features, <i32>kRow, 4, panels);
    multiply(ds, <usize>keys << 2, tokens, keys, panels, features, itemOf(pointer(job, 5), i, heads, tokens, qRow, features), qRow, zeros, offsets, tile);
    outerProduct(ds, keys, q, qRow, features, tokens, itemOf(pointer(job, 6), i, heads, keys, kRow, features), kRow, tile);
  }
}
