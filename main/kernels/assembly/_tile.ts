// Register-blocked micro-kernels. Twelve accumulators, two vectors of B and one broadcast of A fill the fifteen vector
// registers that V8 allocates on x64. The inner loops are not unrolled: Binaryen would reorder an unrolled body
// accumulator by accumulator, and the registers would spill.
// Exported so that no optimiser inlines them: inlining costs registers too.
import { fma } from './_simd';

/** What sums begin with where they do not go on from C: a row of zeros. */
export const ZEROS = memory.data(64, 64);

/**
 * C[6][8] = initial + Σ A·B, where row i of A begins at aᵢ and is `runs` stretches of `runBytes` bytes, `runStride` bytes apart, and B is
 * packed: eight floats a step. Rows of the initial values lie initialBytes apart: 0 for a bias.
 */
export function tile6x2(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  runs: i32, runBytes: usize, runStride: usize, b: usize, c: usize, rowBytes: usize, initial: usize, initialBytes: usize,
): void {
  let p = initial;
  let c00 = v128.load(p), c01 = v128.load(p, 16); p += initialBytes;
  let c10 = v128.load(p), c11 = v128.load(p, 16); p += initialBytes;
  let c20 = v128.load(p), c21 = v128.load(p, 16); p += initialBytes;
  let c30 = v128.load(p), c31 = v128.load(p, 16); p += initialBytes;
  let c40 = v128.load(p), c41 = v128.load(p, 16); p += initialBytes;
  let c50 = v128.load(p), c51 = v128.load(p, 16);
  const skip = runStride - runBytes;
  for (; runs > 0; --runs) {
    const end = a0 + runBytes;
    while (a0 < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let t = v128.load_splat<f32>(a0);
      c00 = fma(t, b0, c00); c01 = fma(t, b1, c01);
      t = v128.load_splat<f32>(a1);
      c10 = fma(t, b0, c10); c11 = fma(t, b1, c11);
      t = v128.load_splat<f32>(a2);
      c20 = fma(t, b0, c20); c21 = fma(t, b1, c21);
      t = v128.load_splat<f32>(a3);
      c30 = fma(t, b0, c30); c31 = fma(t, b1, c31);
      t = v128.load_splat<f32>(a4);
      c40 = fma(t, b0, c40); c41 = fma(t, b1, c41);
      t = v128.load_splat<f32>(a5);
      c50 = fma(t, b0, c50); c51 = fma(t, b1, c51);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
      b += 32;
    }
    a0 += skip; a1 += skip; a2 += skip; a3 += skip; a4 += skip; a5 += skip;
  }
  v128.store(c, c00); v128.store(c, c01, 16); c += rowBytes;
  v128.store(c, c10); v128.store(c, c11, 16); c += rowBytes;
  v128.store(c, c20); v128.store(c, c21, 16); c += rowBytes;
  v128.store(c, c30); v128.store(c, c31, 16); c += rowBytes;
  v128.store(c, c40); v128.store(c, c41, 16); c += rowBytes;
  v128.store(c, c50); v128.store(c, c51, 16);
}

/** The same for a panel of four columns. */
export function tile6x1(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  runs: i32, runBytes: usize, runStride: usize, b: usize, c: usize, rowBytes: usize, initial: usize, initialBytes: usize,
): void {
  let p = initial;
  let c0 = v128.load(p); p += initialBytes;
  let c1 = v128.load(p); p += initialBytes;
  let c2 = v128.load(p); p += initialBytes;
  let c3 = v128.load(p); p += initialBytes;
  let c4 = v128.load(p); p += initialBytes;
  let c5 = v128.load(p);
  const skip = runStride - runBytes;
  for (; runs > 0; --runs) {
    const end = a0 + runBytes;
    while (a0 < end) {
      const b0 = v128.load(b);
      c0 = fma(v128.load_splat<f32>(a0), b0, c0);
      c1 = fma(v128.load_splat<f32>(a1), b0, c1);
      c2 = fma(v128.load_splat<f32>(a2), b0, c2);
      c3 = fma(v128.load_splat<f32>(a3), b0, c3);
      c4 = fma(v128.load_splat<f32>(a4), b0, c4);
      c5 = fma(v128.load_splat<f32>(a5), b0, c5);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
      b += 16;
    }
    a0 += skip; a1 += skip; a2 += skip; a3 += skip; a4 += skip; a5 += skip;
  }
  v128.store(c, c0); c += rowBytes;
  v128.store(c, c1); c += rowBytes;
  v128.store(c, c2); c += rowBytes;
  v128.store(c, c3); c += rowBytes;
  v128.store(c, c4); c += rowBytes;
  v128.store(c, c5);
}

/**
 * C[6][8] (+)= Σ over pixels x[pixel][6]ᵀ · y[pixel][8]: `rows` rows of `width` pixels; consecutive pixels of a row lie xStep and yStep
 * bytes apart, and xSkip and ySkip bytes are passed over after a row. Accumulates onto C where `accumulate`.
 */
export function outer6x2(
  x: usize, xStep: usize, xSkip: usize, y: usize, yStep: usize, ySkip: usize,
  rows: i32, width: i32, c: usize, rowBytes: usize, accumulate: i32,
): void {
  const initialBytes = accumulate ? rowBytes : 0;
  let p = accumulate ? c : ZEROS;
  let c00 = v128.load(p), c01 = v128.load(p, 16); p += initialBytes;
  let c10 = v128.load(p), c11 = v128.load(p, 16); p += initialBytes;
  let c20 = v128.load(p), c21 = v128.load(p, 16); p += initialBytes;
  let c30 = v128.load(p), c31 = v128.load(p, 16); p += initialBytes;
  let c40 = v128.load(p), c41 = v128.load(p, 16); p += initialBytes;
  let c50 = v128.load(p), c51 = v128.load(p, 16);
  for (; rows > 0; --rows) {
    for (let i = width; i > 0; --i) {
      const b0 = v128.load(y);
      const b1 = v128.load(y, 16);
      let t = v128.load_splat<f32>(x);
      c00 = fma(t, b0, c00); c01 = fma(t, b1, c01);
      t = v128.load_splat<f32>(x, 4);
      c10 = fma(t, b0, c10); c11 = fma(t, b1, c11);
      t = v128.load_splat<f32>(x, 8);
      c20 = fma(t, b0, c20); c21 = fma(t, b1, c21);
      t = v128.load_splat<f32>(x, 12);
      c30 = fma(t, b0, c30); c31 = fma(t, b1, c31);
      t = v128.load_splat<f32>(x, 16);
      c40 = fma(t, b0, c40); c41 = fma(t, b1, c41);
      t = v128.load_splat<f32>(x, 20);
      c50 = fma(t, b0, c50); c51 = fma(t, b1, c51);
      x += xStep;
      y += yStep;
    }
    x += xSkip;
    y += ySkip;
  }
  v128.store(c, c00); v128.store(c, c01, 16); c += rowBytes;
  v128.store(c, c10); v128.store(c, c11, 16); c += rowBytes;
  v128.store(c, c20); v128.store(c, c21, 16); c += rowBytes;
  v128.store(c, c30); v128.store(c, c31, 16); c += rowBytes;
  v128.store(c, c40); v128.store(c, c41, 16); c += rowBytes;
  v128.store(c, c50); v128.store(c, c51, 16);
}

/** The same for a panel of four columns. */
export function outer6x1(
  x: usize, xStep: usize, xSkip: usize, y: usize, yStep: usize, ySkip: usize,
  rows: i32, width: i32, c: usize, rowBytes: usize, accumulate: i32,
): void {
  const initialBytes = accumulate ? rowBytes : 0;
  let p = accumulate ? c : ZEROS;
  let c0 = v128.load(p); p += initialBytes;
  let c1 = v128.load(p); p += initialBytes;
  let c2 = v128.load(p); p += initialBytes;
  let c3 = v128.load(p); p += initialBytes;
  let c4 = v128.load(p); p += initialBytes;
  let c5 = v128.load(p);
  for (; rows > 0; --rows) {
    for (let i = width; i > 0; --i) {
      const b0 = v128.load(y);
      c0 = fma(v128.load_splat<f32>(x), b0, c0);
      c1 = fma(v128.load_splat<f32>(x, 4), b0, c1);
      c2 = fma(v128.load_splat<f32>(x, 8), b0, c2);
      c3 = fma(v128.load_splat<f32>(x, 12), b0, c3);
      c4 = fma(v128.load_splat<f32>(x, 16), b0, c4);
      c5 = fma(v128.load_splat<f32>(x, 20), b0, c5);
      x += xStep;
      y += yStep;
    }
    x += xSkip;
    y += ySkip;
  }
  v128.store(c, c0); c += rowBytes;
  v128.store(c, c1); c += rowBytes;
  v128.store(c, c2); c += rowBytes;
  v128.store(c, c3); c += rowBytes;
  v128.store(c, c4); c += rowBytes;
  v128.store(c, c5);
}

/** C[6·groups][8] = A·B for dense rows of A (rowBytesA each) and one packed panel of B; no call between the groups, for small depths. */
export function strip6x2(a: usize, groups: i32, rowBytesA: usize, b: usize, c: usize, rowBytes: usize): void {
  for (; groups > 0; --groups) {
    let a1 = a + rowBytesA, a2 = a1 + rowBytesA, a3 = a2 + rowBytesA, a4 = a3 + rowBytesA, a5 = a4 + rowBytesA;
    let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
    let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
    let p = b;
    const end = a1;
    while (a < end) {
      const b0 = v128.load(p), b1 = v128.load(p, 16);
      let t = v128.load_splat<f32>(a);
      c00 = fma(t, b0, c00); c01 = fma(t, b1, c01);
      t = v128.load_splat<f32>(a1);
      c10 = fma(t, b0, c10); c11 = fma(t, b1, c11);
      t = v128.load_splat<f32>(a2);
      c20 = fma(t, b0, c20); c21 = fma(t, b1, c21);
      t = v128.load_splat<f32>(a3);
      c30 = fma(t, b0, c30); c31 = fma(t, b1, c31);
      t = v128.load_splat<f32>(a4);
      c40 = fma(t, b0, c40); c41 = fma(t, b1, c41);
      t = v128.load_splat<f32>(a5);
      c50 = fma(t, b0, c50); c51 = fma(t, b1, c51);
      a += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
      p += 32;
    }
    a = a5;
    v128.store(c, c00); v128.store(c, c01, 16); c += rowBytes;
    v128.store(c, c10); v128.store(c, c11, 16); c += rowBytes;
    v128.store(c, c20); v128.store(c, c21, 16); c += rowBytes;
    v128.store(c, c30); v128.store(c, c31, 16); c += rowBytes;
    v128.store(c, c40); v128.store(c, c41, 16); c += rowBytes;
    v128.store(c, c50); v128.store(c, c51, 16); c += rowBytes;
  }
}

/** C[4][8] (+)= Σ over `count` steps of x[·][4]ᵀ·y[·][8]. */
export function outer4x2(x: usize, xStep: usize, y: usize, yStep: usize, count: i32, c: usize, rowBytes: usize, accumulate: i32): void {
  const initialBytes = accumulate ? rowBytes : 0;
  let p = accumulate ? c : ZEROS;
  let c00 = v128.load(p), c01 = v128.load(p, 16); p += initialBytes;
  let c10 = v128.load(p), c11 = v128.load(p, 16); p += initialBytes;
  let c20 = v128.load(p), c21 = v128.load(p, 16); p += initialBytes;
  let c30 = v128.load(p), c31 = v128.load(p, 16);
  for (; count > 0; --count) {
    const b0 = v128.load(y), b1 = v128.load(y, 16);
    let t = v128.load_splat<f32>(x);
    c00 = fma(t, b0, c00); c01 = fma(t, b1, c01);
    t = v128.load_splat<f32>(x, 4);
    c10 = fma(t, b0, c10); c11 = fma(t, b1, c11);
    t = v128.load_splat<f32>(x, 8);
    c20 = fma(t, b0, c20); c21 = fma(t, b1, c21);
    t = v128.load_splat<f32>(x, 12);
    c30 = fma(t, b0, c30); c31 = fma(t, b1, c31);
    x += xStep;
    y += yStep;
  }
  v128.store(c, c00); v128.store(c, c01, 16); c += rowBytes;
  v128.store(c, c10); v128.store(c, c11, 16); c += rowBytes;
  v128.store(c, c20); v128.store(c, c21, 16); c += rowBytes;
  v128.store(c, c30); v128.store(c, c31, 16);
}
