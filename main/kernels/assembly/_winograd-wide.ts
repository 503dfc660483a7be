// Winograd's transforms for the wide build: eight channels at a time, as two vectors in adjacent instructions throughout, which V8 joins.
// The same sums in the same order as in _winograd.ts and _winograd-gradient.ts, so the same bits.
import { fma, fnma } from './_simd';
import { ZEROS } from './_tile';

// @ts-ignore: decorator
@inline
function store2(to: usize, x: v128, y: v128): void {
  v128.store(to, x);
  v128.store(to, y, 16);
}

/** Bᵀ of six pairs of vectors, `from` apart → six, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function inputPair(p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, to: usize, step: usize): void {
  const four = f32x4.splat(4), five = f32x4.splat(5), two = f32x4.splat(2);
  const d0x = v128.load(p0), d0y = v128.load(p0, 16), d1x = v128.load(p1), d1y = v128.load(p1, 16);
  const d2x = v128.load(p2), d2y = v128.load(p2, 16), d3x = v128.load(p3), d3y = v128.load(p3, 16);
  const d4x = v128.load(p4), d4y = v128.load(p4, 16), d5x = v128.load(p5), d5y = v128.load(p5, 16);
  const ux = fnma(four, d2x, d4x), uy = fnma(four, d2y, d4y), vx = fnma(four, d1x, d3x), vy = fnma(four, d1y, d3y);
  const wx = f32x4.sub(d4x, d2x), wy = f32x4.sub(d4y, d2y), sx = f32x4.sub(d3x, d1x), sy = f32x4.sub(d3y, d1y);
  store2(to, fma(four, d0x, fnma(five, d2x, d4x)), fma(four, d0y, fnma(five, d2y, d4y)));
  store2(to + step, f32x4.add(ux, vx), f32x4.add(uy, vy));
  store2(to + 2 * step, f32x4.sub(ux, vx), f32x4.sub(uy, vy));
  store2(to + 3 * step, fma(two, sx, wx), fma(two, sy, wy));
  store2(to + 4 * step, fnma(two, sx, wx), fnma(two, sy, wy));
  store2(to + 5 * step, fma(four, d1x, fnma(five, d3x, d5x)), fma(four, d1y, fnma(five, d3y, d5y)));
}

/** V = Bᵀ d B of one tile, `bytes` of channels a multiple of 32. */
export function inputTile(table: usize, bytes: usize, middle: usize, v: usize, positionBytes: usize): void {
  // middle[row 6][c/8][column 6][8]
  const row = 6 * bytes;
  for (let j: usize = 0; j < 24; j += 4) {
    let p0 = load<usize>(table + j), p1 = load<usize>(table + j, 24), p2 = load<usize>(table + j, 48);
    let p3 = load<usize>(table + j, 72), p4 = load<usize>(table + j, 96), p5 = load<usize>(table + j, 120);
    let to = middle + (j << 3);
    for (let c: usize = 0; c < bytes; c += 32) {
      inputPair(p0, p1, p2, p3, p4, p5, to, row);
      p0 += 32; p1 += 32; p2 += 32; p3 += 32; p4 += 32; p5 += 32;
      to += 192;
    }
  }
  for (let c: usize = 0; c < bytes; c += 32) {
    let m = middle + 6 * c;
    let to = v + c;
    for (let i = 0; i < 6; i++) {
      inputPair(m, m + 32, m + 64, m + 96, m + 128, m + 160, to, positionBytes);
      m += row;
      to += 6 * positionBytes;
    }
  }
}

/** G′ of four pairs of vectors → six. */
// @ts-ignore: decorator
@inline
function gradientPair(p0: usize, p1: usize, p2: usize, p3: usize, to: usize, step: usize): void {
  const quarter = f32x4.splat(0.25), sixth = f32x4.splat(-1.0 / 6.0), small = f32x4.splat(1.0 / 24.0), four = f32x4.splat(4);
  const g0x = v128.load(p0), g0y = v128.load(p0, 16), g1x = v128.load(p1), g1y = v128.load(p1, 16);
  const g2x = v128.load(p2), g2y = v128.load(p2, 16), g3x = v128.load(p3), g3y = v128.load(p3, 16);
  const ax = f32x4.add(g0x, g2x), ay = f32x4.add(g0y, g2y), bx = f32x4.add(g1x, g3x), by = f32x4.add(g1y, g3y);
  const cx = fma(four, g2x, g0x), cy = fma(four, g2y, g0y), hx = fma(four, g3x, g1x), hy = fma(four, g3y, g1y);
  const dx = f32x4.add(hx, hx), dy = f32x4.add(hy, hy);
  store2(to, f32x4.mul(g0x, quarter), f32x4.mul(g0y, quarter));
  store2(to + step, f32x4.mul(f32x4.add(ax, bx), sixth), f32x4.mul(f32x4.add(ay, by), sixth));
  store2(to + 2 * step, f32x4.mul(f32x4.sub(ax, bx), sixth), f32x4.mul(f32x4.sub(ay, by), sixth));
  store2(to + 3 * step, f32x4.mul(f32x4.add(cx, dx), small), f32x4.mul(f32x4.add(cy, dy), small));
  store2(to + 4 * step, f32x4.mul(f32x4.sub(cx, dx), small), f32x4.mul(f32x4.sub(cy, dy), small));
  store2(to + 5 * step, g3x, g3y);
}

/** D = G′ dy G′ᵀ of one tile, `bytes` of channels a multiple of 32. */
export function gradientTile(table: usize, bytes: usize, middle: usize, d: usize, positionBytes: usize): void {
  // middle[row 6][n/8][column 4][8]
  const row = 4 * bytes;
  for (let j: usize = 0; j < 16; j += 4) {
    let p0 = load<usize>(table + j), p1 = load<usize>(table + j, 16), p2 = load<usize>(table + j, 32), p3 = load<usize>(table + j, 48);
    let to = middle + (j << 3);
    for (let c: usize = 0; c < bytes; c += 32) {
      gradientPair(p0, p1, p2, p3, to, row);
      p0 += 32; p1 += 32; p2 += 32; p3 += 32;
      to += 128;
    }
  }
  for (let c: usize = 0; c < bytes; c += 32) {
    let m = middle + 4 * c;
    let to = d + c;
    for (let i = 0; i < 6; i++) {
      gradientPair(m, m + 32, m + 64, m + 96, to, positionBytes);
      m += row;
      to += 6 * positionBytes;
    }
  }
}

/** Stores the sum of a pair of vectors and the one at `beside`. */
// @ts-ignore: decorator
@inline
function storeAdded(to: usize, x: v128, y: v128, beside: usize): void {
  const a = v128.load(beside), b = v128.load(beside, 16);
  store2(to, f32x4.add(x, a), f32x4.add(y, b));
}

/** Aᵀ M A + bias of one whole tile of 4 × 4 pixels, plus what lies `beside` bytes from it (0: plus zeros). */
export function outputTile(
  m: usize, positionBytes: usize, bytes: usize, bias: usize, middle: usize, out: usize, rowBytes: usize, beside: usize,
): void {
  const four = f32x4.splat(4), two = f32x4.splat(2), eight = f32x4.splat(8);
  let initial = bias ? bias : ZEROS;
  const row = 6 * positionBytes;
  const pixel = beside ? bytes : 0, besideRow = beside ? rowBytes : 0;
  for (let c: usize = 0; c < bytes; c += 32) {
    // Columns first: middle[4][6], pairs of vectors.
    let from = m + c;
    for (let j: usize = 0; j < 192; j += 32) {
      const m0x = v128.load(from), m0y = v128.load(from, 16), m1x = v128.load(from + row), m1y = v128.load(from + row, 16);
      const m2x = v128.load(from + 2 * row), m2y = v128.load(from + 2 * row, 16), m3x = v128.load(from + 3 * row), m3y = v128.load(from + 3 * row, 16);
      const m4x = v128.load(from + 4 * row), m4y = v128.load(from + 4 * row, 16), m5x = v128.load(from + 5 * row), m5y = v128.load(from + 5 * row, 16);
      const s0x = f32x4.add(m1x, m2x), s0y = f32x4.add(m1y, m2y), d0x = f32x4.sub(m1x, m2x), d0y = f32x4.sub(m1y, m2y);
      const s1x = f32x4.add(m3x, m4x), s1y = f32x4.add(m3y, m4y), d1x = f32x4.sub(m3x, m4x), d1y = f32x4.sub(m3y, m4y);
      const to = middle + j;
      v128.store(to, f32x4.add(f32x4.add(m0x, s0x), s1x)); v128.store(to, f32x4.add(f32x4.add(m0y, s0y), s1y), 16);
      v128.store(to, fma(two, d1x, d0x), 192); v128.store(to, fma(two, d1y, d0y), 208);
      v128.store(to, fma(four, s1x, s0x), 384); v128.store(to, fma(four, s1y, s0y), 400);
      v128.store(to, f32x4.add(fma(eight, d1x, d0x), m5x), 576); v128.store(to, f32x4.add(fma(eight, d1y, d0y), m5y), 592);
      from += positionBytes;
    }
    const bx = v128.load(initial), by = v128.load(initial, 16);
    let to = out + c;
    let r = beside ? to + beside : ZEROS;
    for (let p = middle; p < middle + 768; p += 192) {
      const m0x = v128.load(p), m0y = v128.load(p, 16), m1x = v128.load(p, 32), m1y = v128.load(p, 48), m2x = v128.load(p, 64), m2y = v128.load(p, 80);
      const m3x = v128.load(p, 96), m3y = v128.load(p, 112), m4x = v128.load(p, 128), m4y = v128.load(p, 144), m5x = v128.load(p, 160), m5y = v128.load(p, 176);
      const s0x = f32x4.add(m1x, m2x), s0y = f32x4.add(m1y, m2y), d0x = f32x4.sub(m1x, m2x), d0y = f32x4.sub(m1y, m2y);
      const s1x = f32x4.add(m3x, m4x), s1y = f32x4.add(m3y, m4y), d1x = f32x4.sub(m3x, m4x), d1y = f32x4.sub(m3y, m4y);
      storeAdded(to, f32x4.add(f32x4.add(f32x4.add(m0x, s0x), s1x), bx), f32x4.add(f32x4.add(f32x4.add(m0y, s0y), s1y), by), r);
      storeAdded(to + bytes, f32x4.add(fma(two, d1x, d0x), bx), f32x4.add(fma(two, d1y, d0y), by), r + pixel);
      storeAdded(to + 2 * bytes, f32x4.add(fma(four, s1x, s0x), bx), f32x4.add(fma(four, s1y, s0y), by), r + 2 * pixel);
      storeAdded(to + 3 * bytes, f32x4.add(f32x4.add(fma(eight, d1x, d0x), m5x), bx), f32x4.add(f32x4.add(fma(eight, d1y, d0y), m5y), by), r + 3 * pixel);
      r += besideRow;
      to += rowBytes;
    }
    if (bias) initial += 32;
  }
}
