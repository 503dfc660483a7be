// The micro-kernels of the wide build: twice as many columns as those of _tile.ts. V8's revectoriser joins two neighbouring 128-bit
// vectors in one register of 256 bits: twelve accumulators, two vectors of B and one broadcast of A are then fifteen registers again.
// Without it the accumulators would spill; main/kernels/loader.ts takes this build only where it was measured to be faster.
// Neighbours stand in adjacent instructions, since the revectoriser starts from adjacent stores.
import { fma } from './_simd';
import { ZEROS } from './_tile';

/**
 * C[6][16] = initial + Σ A·B as `tile6x2`, for two neighbouring panels of B, `panelBytes` apart. Rows of the initial values lie initialBytes apart:
 * 0 for a bias.
 */
export function tile6x4(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  runs: i32, runBytes: usize, runStride: usize, b: usize, panelBytes: usize, c: usize, rowBytes: usize, initial: usize, initialBytes: usize,
): void {
  let p = initial;
  let c00 = v128.load(p), c01 = v128.load(p, 16), c02 = v128.load(p, 32), c03 = v128.load(p, 48); p += initialBytes;
  let c10 = v128.load(p), c11 = v128.load(p, 16), c12 = v128.load(p, 32), c13 = v128.load(p, 48); p += initialBytes;
  let c20 = v128.load(p), c21 = v128.load(p, 16), c22 = v128.load(p, 32), c23 = v128.load(p, 48); p += initialBytes;
  let c30 = v128.load(p), c31 = v128.load(p, 16), c32 = v128.load(p, 32), c33 = v128.load(p, 48); p += initialBytes;
  let c40 = v128.load(p), c41 = v128.load(p, 16), c42 = v128.load(p, 32), c43 = v128.load(p, 48); p += initialBytes;
  let c50 = v128.load(p), c51 = v128.load(p, 16), c52 = v128.load(p, 32), c53 = v128.load(p, 48);
  const skip = runStride - runBytes;
  for (; runs > 0; --runs) {
    const end = a0 + runBytes;
    while (a0 < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      const b2 = v128.load(b + panelBytes), b3 = v128.load(b + panelBytes, 16);
      let t: v128;
      t = v128.load_splat<f32>(a0);
      c00 = fma(t, b0, c00); c01 = fma(t, b1, c01); c02 = fma(t, b2, c02); c03 = fma(t, b3, c03);
      t = v128.load_splat<f32>(a1);
      c10 = fma(t, b0, c10); c11 = fma(t, b1, c11); c12 = fma(t, b2, c12); c13 = fma(t, b3, c13);
      t = v128.load_splat<f32>(a2);
      c20 = fma(t, b0, c20); c21 = fma(t, b1, c21); c22 = fma(t, b2, c22); c23 = fma(t, b3, c23);
      t = v128.load_splat<f32>(a3);
      c30 = fma(t, b0, c30); c31 = fma(t, b1, c31); c32 = fma(t, b2, c32); c33 = fma(t, b3, c33);
      t = v128.load_splat<f32>(a4);
      c40 = fma(t, b0, c40); c41 = fma(t, b1, c41); c42 = fma(t, b2, c42); c43 = fma(t, b3, c43);
      t = v128.load_splat<f32>(a5);
      c50 = fma(t, b0, c50); c51 = fma(t, b1, c51); c52 = fma(t, b2, c52); c53 = fma(t, b3, c53);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
      b += 32;
    }
    a0 += skip; a1 += skip; a2 += skip; a3 += skip; a4 += skip; a5 += skip;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c02, 32); v128.store(c, c03, 48); c += rowBytes;
  v128.store(c, c10); v128.store(c, c11, 16); v128.store(c, c12, 32); v128.store(c, c13, 48); c += rowBytes;
  v128.store(c, c20); v128.store(c, c21, 16); v128.store(c, c22, 32); v128.store(c, c23, 48); c += rowBytes;
  v128.store(c, c30); v128.store(c, c31, 16); v128.store(c, c32, 32); v128.store(c, c33, 48); c += rowBytes;
  v128.store(c, c40); v128.store(c, c41, 16); v128.store(c, c42, 32); v128.store(c, c43, 48); c += rowBytes;
  v128.store(c, c50); v128.store(c, c51, 16); v128.store(c, c52, 32); v128.store(c, c53, 48);
}

/** C[6·groups][16] = A·B as `strip6x2`, for two neighbouring panels of B. */
export function strip6x4(a: usize, groups: i32, rowBytesA: usize, b: usize, c: usize, rowBytes: usize): void {
  const panelBytes = rowBytesA << 3;
  for (; groups > 0; --groups) {
    let a1 = a + rowBytesA, a2 = a1 + rowBytesA, a3 = a2 + rowBytesA, a4 = a3 + rowBytesA, a5 = a4 + rowBytesA;
    let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
    let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
    let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
    let c30 = c00, c31 = c00, c32 = c00, c33 = c00;
    let c40 = c00, c41 = c00, c42 = c00, c43 = c00;
    let c50 = c00, c51 = c00, c52 = c00, c53 = c00;
    let p = b;
    const end = a1;
    while (a < end) {
      const b0 = v128.load(p), b1 = v128.load(p, 16);
      const b2 = v128.load(p + panelBytes), b3 = v128.load(p + panelBytes, 16);
      let t: v128;
      t = v128.load_splat<f32>(a);
      c00 = fma(t, b0, c00); c01 = fma(t, b1, c01); c02 = fma(t, b2, c02); c03 = fma(t, b3, c03);
      t = v128.load_splat<f32>(a1);
      c10 = fma(t, b0, c10); c11 = fma(t, b1, c11); c12 = fma(t, b2, c12); c13 = fma(t, b3, c13);
      t = v128.load_splat<f32>(a2);
      c20 = fma(t, b0, c20); c21 = fma(t, b1, c21); c22 = fma(t, b2, c22); c23 = fma(t, b3, c23);
      t = v128.load_splat<f32>(a3);
      c30 = fma(t, b0, c30); c31 = fma(t, b1, c31); c32 = fma(t, b2, c32); c33 = fma(t, b3, c33);
      t = v128.load_splat<f32>(a4);
      c40 = fma(t, b0, c40); c41 = fma(t, b1, c41); c42 = fma(t, b2, c42); c43 = fma(t, b3, c43);
      t = v128.load_splat<f32>(a5);
      c50 = fma(t, b0, c50); c51 = fma(t, b1, c51); c52 = fma(t, b2, c52); c53 = fma(t, b3, c53);
      a += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
      p += 32;
    }
    a = a5;
    v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c02, 32); v128.store(c, c03, 48); c += rowBytes;
    v128.store(c, c10); v128.store(c, c11, 16); v128.store(c, c12, 32); v128.store(c, c13, 48); c += rowBytes;
    v128.store(c, c20); v128.store(c, c21, 16); v128.store(c, c22, 32); v128.store(c, c23, 48); c += rowBytes;
    v128.store(c, c30); v128.store(c, c31, 16); v128.store(c, c32, 32); v128.store(c, c33, 48); c += rowBytes;
    v128.store(c, c40); v128.store(c, c41, 16); v128.store(c, c42, 32); v128.store(c, c43, 48); c += rowBytes;
    v128.store(c, c50); v128.store(c, c51, 16); v128.store(c, c52, 32); v128.store(c, c53, 48); c += rowBytes;
  }
}

/** C[6][16] (+)= Σ over pixels x[pixel][6]ᵀ · y[pixel][16], as `outer6x2`. */
export function outer6x4(
  x: usize, xStep: usize, xSkip: usize, y: usize, yStep: usize, ySkip: usize,
  rows: i32, width: i32, c: usize, rowBytes: usize, accumulate: i32,
): void {
  const initialBytes = accumulate ? rowBytes : 0;
  let p = accumulate ? c : ZEROS;
  let c00 = v128.load(p), c01 = v128.load(p, 16), c02 = v128.load(p, 32), c03 = v128.load(p, 48); p += initialBytes;
  let c10 = v128.load(p), c11 = v128.load(p, 16), c12 = v128.load(p, 32), c13 = v128.load(p, 48); p += initialBytes;
  let c20 = v128.load(p), c21 = v128.load(p, 16), c22 = v128.load(p, 32), c23 = v128.load(p, 48); p += initialBytes;
  let c30 = v128.load(p), c31 = v128.load(p, 16), c32 = v128.load(p, 32), c33 = v128.load(p, 48); p += initialBytes;
  let c40 = v128.load(p), c41 = v128.load(p, 16), c42 = v128.load(p, 32), c43 = v128.load(p, 48); p += initialBytes;
  let c50 = v128.load(p), c51 = v128.load(p, 16), c52 = v128.load(p, 32), c53 = v128.load(p, 48);
  for (; rows > 0; --rows) {
    for (let i = width; i > 0; --i) {
      const b0 = v128.load(y), b1 = v128.load(y, 16), b2 = v128.load(y, 32), b3 = v128.load(y, 48);
      let t: v128;
      t = v128.load_splat<f32>(x);
      c00 = fma(t, b0, c00); c01 = fma(t, b1, c01); c02 = fma(t, b2, c02); c03 = fma(t, b3, c03);
      t = v128.load_splat<f32>(x, 4);
      c10 = fma(t, b0, c10); c11 = fma(t, b1, c11); c12 = fma(t, b2, c12); c13 = fma(t, b3, c13);
      t = v128.load_splat<f32>(x, 8);
      c20 = fma(t, b0, c20); c21 = fma(t, b1, c21); c22 = fma(t, b2, c22); c23 = fma(t, b3, c23);
      t = v128.load_splat<f32>(x, 12);
      c30 = fma(t, b0, c30); c31 = fma(t, b1, c31); c32 = fma(t, b2, c32); c33 = fma(t, b3, c33);
      t = v128.load_splat<f32>(x, 16);
      c40 = fma(t, b0, c40); c41 = fma(t, b1, c41); c42 = fma(t, b2, c42); c43 = fma(t, b3, c43);
      t = v128.load_splat<f32>(x, 20);
      c50 = fma(t, b0, c50); c51 = fma(t, b1, c51); c52 = fma(t, b2, c52); c53 = fma(t, b3, c53);
      x += xStep;
      y += yStep;
    }
    x += xSkip;
    y += ySkip;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c02, 32); v128.store(c, c03, 48); c += rowBytes;
  v128.store(c, c10); v128.store(c, c11, 16); v128.store(c, c12, 32); v128.store(c, c13, 48); c += rowBytes;
  v128.store(c, c20); v128.store(c, c21, 16); v128.store(c, c22, 32); v128.store(c, c23, 48); c += rowBytes;
  v128.store(c, c30); v128.store(c, c31, 16); v128.store(c, c32, 32); v128.store(c, c33, 48); c += rowBytes;
  v128.store(c, c40); v128.store(c, c41, 16); v128.store(c, c42, 32); v128.store(c, c43, 48); c += rowBytes;
  v128.store(c, c50); v128.store(c, c51, 16); v128.store(c, c52, 32); v128.store(c, c53, 48);
}

/** C[4][16] (+)= Σ over `count` steps of x[·][4]ᵀ·y[·][16]. */
export function outer4x4(x: usize, xStep: usize, y: usize, yStep: usize, count: i32, c: usize, rowBytes: usize, accumulate: i32): void {
  const initialBytes = accumulate ? rowBytes : 0;
  let p = accumulate ? c : ZEROS;
  let c00 = v128.load(p), c01 = v128.load(p, 16), c02 = v128.load(p, 32), c03 = v128.load(p, 48); p += initialBytes;
  let c10 = v128.load(p), c11 = v128.load(p, 16), c12 = v128.load(p, 32), c13 = v128.load(p, 48); p += initialBytes;
  let c20 = v128.load(p), c21 = v128.load(p, 16), c22 = v128.load(p, 32), c23 = v128.load(p, 48); p += initialBytes;
  let c30 = v128.load(p), c31 = v128.load(p, 16), c32 = v128.load(p, 32), c33 = v128.load(p, 48);
  for (; count > 0; --count) {
    const b0 = v128.load(y), b1 = v128.load(y, 16), b2 = v128.load(y, 32), b3 = v128.load(y, 48);
    let t: v128;
    t = v128.load_splat<f32>(x);
    c00 = fma(t, b0, c00); c01 = fma(t, b1, c01); c02 = fma(t, b2, c02); c03 = fma(t, b3, c03);
    t = v128.load_splat<f32>(x, 4);
    c10 = fma(t, b0, c10); c11 = fma(t, b1, c11); c12 = fma(t, b2, c12); c13 = fma(t, b3, c13);
    t = v128.load_splat<f32>(x, 8);
    c20 = fma(t, b0, c20); c21 = fma(t, b1, c21); c22 = fma(t, b2, c22); c23 = fma(t, b3, c23);
    t = v128.load_splat<f32>(x, 12);
    c30 = fma(t, b0, c30); c31 = fma(t, b1, c31); c32 = fma(t, b2, c32); c33 = fma(t, b3, c33);
    x += xStep;
    y += yStep;
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c02, 32); v128.store(c, c03, 48); c += rowBytes;
  v128.store(c, c10); v128.store(c, c11, 16); v128.store(c, c12, 32); v128.store(c, c13, 48); c += rowBytes;
  v128.store(c, c20); v128.store(c, c21, 16); v128.store(c, c22, 32); v128.store(c, c23, 48); c += rowBytes;
  v128.store(c, c30); v128.store(c, c31, 16); v128.store(c, c32, 32); v128.store(c, c33, 48);
}
