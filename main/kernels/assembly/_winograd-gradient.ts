// Gradient of a 3×3 filter by F(3×3, 4×4): the correlation of a 6×6 patch of x with a 4×4 tile of dy has the same Bᵀ; dy takes the filter's
// place, with four taps: dW = A′ᵀ[(G′ dy G′ᵀ) ∘ (Bᵀ x B)]A′. Tiles are summed before the last transform, which is done once.
import { fma, pointer, shareStart, word } from './_simd';
import { outer4x2, outer6x2 } from './_tile';
import { outer4x4, outer6x4 } from './_tile-wide';
import { locate, positionStride, transformInput } from './_winograd';
import { gradientTile } from './_winograd-wide';

const POSITIONS = 36;
const TABLE: usize = 192;

/** G′ of four vectors → six. */
// @ts-ignore: decorator
@inline
function gradientLine(g0: v128, g1: v128, g2: v128, g3: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(-1.0 / 6.0), small = f32x4.splat(1.0 / 24.0), four = f32x4.splat(4);
  const a = f32x4.add(g0, g2), b = f32x4.add(g1, g3);
  const c = fma(four, g2, g0), h = fma(four, g3, g1), d = f32x4.add(h, h);
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(to + step, f32x4.mul(f32x4.add(a, b), sixth));
  v128.store(to + 2 * step, f32x4.mul(f32x4.sub(a, b), sixth));
  v128.store(to + 3 * step, f32x4.mul(f32x4.add(c, d), small));
  v128.store(to + 4 * step, f32x4.mul(f32x4.sub(c, d), small));
  v128.store(to + 5 * step, g3);
}

/** D[position][n] = G′ dy G′ᵀ of one tile. */
function transformGradient(table: usize, channels: i32, middle: usize, d: usize, positionBytes: usize): void {
  const bytes = <usize>channels << 2;
  if (WIDE && (channels & 7) == 0) {
    gradientTile(table, bytes, middle, d, positionBytes);
    return;
  }
  for (let j: usize = 0; j < 16; j += 4) {
    const p0 = load<usize>(table + j), p1 = load<usize>(table + j, 16), p2 = load<usize>(table + j, 32), p3 = load<usize>(table + j, 48);
    let to = middle + (j << 2);
    for (let c: usize = 0; c < bytes; c += 16) {
      gradientLine(v128.load(p0 + c), v128.load(p1 + c), v128.load(p2 + c), v128.load(p3 + c), to, 64);
      to += 384;
    }
  }
  let m = middle;
  for (let c: usize = 0; c < bytes; c += 16) {
    let to = d + c;
    for (let i = 0; i < 6; i++) {
      gradientLine(v128.load(m), v128.load(m, 16), v128.load(m, 32), v128.load(m, 48), to, positionBytes);
      m += 64;
      to += 6 * positionBytes;
    }
  }
}

/**
 * First phase: V and D of tiles `first` … `first + count` of all images, for all threads to see.
 * Job: 0 x, 1 rows, 2 columns, 3 channels, 4 padTop, 5 padLeft, 6 dy, 7 output rows, 8 output columns, 9 n, 10 first, 11 count, 12 V, 13 D,
 * 14 tiles that V and D have room for, 15 scratch, 16 scratch bytes per thread.
 */
export function winogradGradientTransform(job: usize, thread: i32, threads: i32): void {
  const rows = word(job, 1), columns = word(job, 2), channels = word(job, 3), padTop = word(job, 4), padLeft = word(job, 5);
  const rowsOut = word(job, 7), columnsOut = word(job, 8), n = word(job, 9), first = word(job, 10), count = word(job, 11);
  const room = word(job, 14);
  const table = pointer(job, 15) + <usize>thread * pointer(job, 16);
  const xPixel = <usize>channels << 2, yPixel = <usize>n << 2;
  const middle = table + TABLE, zeros = middle + 36 * max(xPixel, yPixel);
  memory.fill(zeros, 0, max(xPixel, yPixel));
  const tilesX = (columnsOut + 3) >> 2, tiles = ((rowsOut + 3) >> 2) * tilesX;
  const to = shareStart(count, 1, thread + 1, threads);
  for (let t = shareStart(count, 1, thread, threads); t < to; t++) {
    const image = (first + t) / tiles, tile = first + t - image * tiles;
    const ty = tile / tilesX, tx = tile - ty * tilesX;
    locate(table, pointer(job, 0) + xPixel * (image * rows * columns), rows, columns, xPixel, 4 * ty - padTop, 4 * tx - padLeft, 6, zeros);
    transformInput(table, channels, middle, pointer(job, 12) + xPixel * t, positionStride(xPixel * room));
    locate(table, pointer(job, 6) + yPixel * (image * rowsOut * columnsOut), rowsOut, columnsOut, yPixel, 4 * ty, 4 * tx, 4, zeros);
    transformGradient(table, n, middle, pointer(job, 13) + yPixel * t, positionStride(yPixel * room));
  }
}

/**
 * Second phase: S[position][c][n] (+)= Σ over tiles V·D; threads share positions and panels, so every sum has the same order.
 * Job: 0 V, 1 D, 2 S, 3 channels (a multiple of 4), 4 n (a multiple of 8), 5 tiles, 6 room, 7 accumulate.
 */
export function winogradGradientMultiply(job: usize, thread: i32, threads: i32): void {
  const channels = word(job, 3), n = word(job, 4), tiles = word(job, 5), accumulate = word(job, 7);
  const xPixel = <usize>channels << 2, yPixel = <usize>n << 2, room = <usize>word(job, 6);
  const panels = n >> 3;
  const to = shareStart(POSITIONS * panels, 1, thread + 1, threads);
  for (let item = shareStart(POSITIONS * panels, 1, thread, threads); item < to; item++) {
    const position = item / panels, panel = item - position * panels;
    const pair = WIDE && panel + 1 < panels && item + 1 < to;
    const v = pointer(job, 0) + positionStride(xPixel * room) * position;
    const d = pointer(job, 1) + positionStride(yPixel * room) * position + (<usize>panel << 5);
    let s = pointer(job, 2) + xPixel * n * position + (<usize>panel << 5);
    let c = 0;
    // Sixes, then fours: every multiple of four is a sum of them.
    while (c < channels) {
      const left = channels - c;
      const x = v + (<usize>c << 2);
      const height = left == 4 || left == 8 ? 4 : 6;
      if (height == 4) {
        if (WIDE && pair) outer4x4(x, xPixel, d, yPixel, tiles, s, yPixel, accumulate);
        else outer4x2(x, xPixel, d, yPixel, tiles, s, yPixel, accumulate);
      } else {
        if (WIDE && pair) outer6x4(x, xPixel, 0, d, yPixel, 0, 1, tiles, s, yPixel, accumulate);
        else outer6x2(x, xPixel, 0, d, yPixel, 0, 1, tiles, s, yPixel, accumulate);
      }
      s += yPixel * height;
      c += height;
    }
    if (pair) item++;
  }
}

/** A′ᵀ of six vectors → three. */
// @ts-ignore: decorator
@inline
function finishLine(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize): void {
  const s0 = f32x4.add(m1, m2), d0 = f32x4.sub(m1, m2), s1 = f32x4.add(m3, m4), d1 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, s0), s1));
  v128.store(to + step, fma(f32x4.splat(2), d1, d0));
  v128.store(to + 2 * step, f32x4.add(fma(f32x4.splat(4), s1, s0), m5));
}

/** Last phase: dW = A′ᵀ S A′. Job: 0 S, 1 dW, 2 channels · n (a multiple of 4), 3 scratch, 4 scratch bytes per thread. */
export function winogradGradientFinish(job: usize, thread: i32, threads: i32): void {
  const size = word(job, 2);
  const bytes = <usize>size << 2;
  const middle = pointer(job, 3) + <usize>thread * pointer(job, 4);
  const end = <usize>shareStart(size, 16, thread + 1, threads) << 2;
  for (let i = <usize>shareStart(size, 16, thread, threads) << 2; i < end; i += 16) {
    let s = pointer(job, 0) + i;
    for (let j: usize = 0; j < 96; j += 16) {
      finishLine(
        v128.load(s), v128.load(s + 6 * bytes), v128.load(s + 12 * bytes), v128.load(s + 18 * bytes),
        v128.load(s + 24 * bytes), v128.load(s + 30 * bytes), middle + j, 96,
      );
      s += bytes;
    }
    let to = pointer(job, 1) + i;
    for (let r: usize = 0; r < 288; r += 96) {
      const m = middle + r;
      finishLine(v128.load(m), v128.load(m, 16), v128.load(m, 32), v128.load(m, 48), v128.load(m, 64), v128.load(m, 80), to, bytes);
      to += 3 * bytes;
    }
  }
}
