// Winograd's minimal filtering F(4×4, 3×3) (Lavin & Gray 2016): a 3×3 convolution of stride 1 as 36 small matrix products over
// transformed tiles, a quarter of the multiplications. With d a 6×6 patch, g the filter, y the 4×4 output:
//   y = Aᵀ[(G g Gᵀ) ∘ (Bᵀ d B)]A, summed over channels between the transforms.
// Points 0, ±1, ±2, ∞. In single precision the error is some ten times that of the plain sum (stated and tested).
import { fma, fnma, pointer, shareStart, word } from './_simd';
import { strip6x2 } from './_tile';
import { strip6x4 } from './_tile-wide';
import { inputTile, outputTile } from './_winograd-wide';

const POSITIONS = 36;
/** Bytes of the pointer table at the start of a thread's scratch; the intermediate tile follows, 36 floats a channel. */
const TABLE: usize = 192;

/**
 * Bytes from one position to the next: an odd number of cache lines, because the 36 stores of a transform would otherwise
 * fall on few sets of the first-level cache. The same as `positionStride` in main/compute/backends/cpu-simd/kernels/winograd.ts.
 */
// @ts-ignore: decorator
@inline
export function positionStride(bytes: usize): usize {
  return (((bytes + 63) >> 6) | 1) << 6;
}

/** Where each pixel of a size × size patch lies; pixels outside the image point to zeros. */
export function locate(table: usize, image: usize, rows: i32, columns: i32, pixelBytes: usize, y: i32, x: i32, size: i32, zeros: usize): void {
  for (let i = 0; i < size; i++) {
    const inside = y + i >= 0 && y + i < rows;
    const row = image + pixelBytes * ((y + i) * columns + x);
    for (let j = 0; j < size; j++) {
      store<u32>(table, <u32>(inside && x + j >= 0 && x + j < columns ? row + pixelBytes * j : zeros));
      table += 4;
    }
  }
}

/** Bᵀ of six vectors → six, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function inputLine(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const four = f32x4.splat(4), five = f32x4.splat(5), two = f32x4.splat(2);
  const u = fnma(four, d2, d4), v = fnma(four, d1, d3);
  const w = f32x4.sub(d4, d2), s = f32x4.sub(d3, d1);
  v128.store(to, fma(four, d0, fnma(five, d2, d4)));
  v128.store(to + step, f32x4.add(u, v));
  v128.store(to + 2 * step, f32x4.sub(u, v));
  v128.store(to + 3 * step, fma(two, s, w));
  v128.store(to + 4 * step, fnma(two, s, w));
  v128.store(to + 5 * step, fma(four, d1, fnma(five, d3, d5)));
}

/** V[position][c] = Bᵀ d B of one tile, positions `positionBytes` apart; `middle` holds 36 · channels floats. */
export function transformInput(table: usize, channels: i32, middle: usize, v: usize, positionBytes: usize): void {
  const bytes = <usize>channels << 2;
  if (WIDE && (channels & 7) == 0) {
    inputTile(table, bytes, middle, v, positionBytes);
    return;
  }
  for (let j: usize = 0; j < 24; j += 4) {
    const p0 = load<usize>(table + j), p1 = load<usize>(table + j, 24), p2 = load<usize>(table + j, 48);
    const p3 = load<usize>(table + j, 72), p4 = load<usize>(table + j, 96), p5 = load<usize>(table + j, 120);
    let to = middle + (j << 2);
    for (let c: usize = 0; c < bytes; c += 16) {
      inputLine(
        v128.load(p0 + c), v128.load(p1 + c), v128.load(p2 + c), v128.load(p3 + c), v128.load(p4 + c), v128.load(p5 + c), to, 96,
      );
      to += 576;
    }
  }
  let m = middle;
  for (let c: usize = 0; c < bytes; c += 16) {
    let to = v + c;
    for (let i = 0; i < 6; i++) {
      inputLine(
        v128.load(m), v128.load(m, 16), v128.load(m, 32), v128.load(m, 48), v128.load(m, 64), v128.load(m, 80), to, positionBytes,
      );
      m += 96;
      to += 6 * positionBytes;
    }
  }
}

/** Stores the sum of a vector and the one `beside` bytes away (0: and zero, which makes the same bits as in the wide build). */
// @ts-ignore: decorator
@inline
function storeAdded(to: usize, v: v128, beside: usize): void {
  v128.store(to, f32x4.add(v, beside ? v128.load(to + beside) : f32x4.splat(0)));
}

/** Aᵀ M A + bias of one tile → `rows` × `columns` (at most 4 × 4) pixels, plus what lies `beside` bytes from them where that is not 0. */
function transformOutput(
  m: usize, positionBytes: usize, channels: i32, bias: usize, middle: usize, out: usize, rowBytes: usize, beside: usize, rows: i32, columns: i32,
): void {
  const bytes = <usize>channels << 2;
  if (WIDE && rows == 4 && columns == 4) {
    outputTile(m, positionBytes, bytes, bias, middle, out, rowBytes, beside);
    return;
  }
  const four = f32x4.splat(4), two = f32x4.splat(2), eight = f32x4.splat(8);
  for (let c: usize = 0; c < bytes; c += 16) {
    // Columns first: middle[4][6].
    let from = m + c;
    for (let j: usize = 0; j < 96; j += 16) {
      const m0 = v128.load(from), m1 = v128.load(from + 6 * positionBytes), m2 = v128.load(from + 12 * positionBytes);
      const m3 = v128.load(from + 18 * positionBytes), m4 = v128.load(from + 24 * positionBytes), m5 = v128.load(from + 30 * positionBytes);
      const s0 = f32x4.add(m1, m2), d0 = f32x4.sub(m1, m2), s1 = f32x4.add(m3, m4), d1 = f32x4.sub(m3, m4);
      v128.store(middle + j, f32x4.add(f32x4.add(m0, s0), s1));
      v128.store(middle + j, fma(two, d1, d0), 96);
      v128.store(middle + j, fma(four, s1, s0), 192);
      v128.store(middle + j, f32x4.add(fma(eight, d1, d0), m5), 288);
      from += positionBytes;
    }
    const b = bias ? v128.load(bias + c) : f32x4.splat(0);
    let to = out + c;
    for (let i = 0; i < rows; i++) {
      const p = middle + <usize>i * 96;
      const m0 = v128.load(p), m1 = v128.load(p, 16), m2 = v128.load(p, 32), m3 = v128.load(p, 48), m4 = v128.load(p, 64), m5 = v128.load(p, 80);
      const s0 = f32x4.add(m1, m2), d0 = f32x4.sub(m1, m2), s1 = f32x4.add(m3, m4), d1 = f32x4.sub(m3, m4);
      storeAdded(to, f32x4.add(f32x4.add(f32x4.add(m0, s0), s1), b), beside);
      if (columns > 1) storeAdded(to + bytes, f32x4.add(fma(two, d1, d0), b), beside);
      if (columns > 2) storeAdded(to + 2 * bytes, f32x4.add(fma(four, s1, s0), b), beside);
      if (columns > 3) storeAdded(to + 3 * bytes, f32x4.add(f32x4.add(fma(eight, d1, d0), m5), b), beside);
      to += rowBytes;
    }
  }
}

/** G of three vectors → six. */
// @ts-ignore: decorator
@inline
function filterLine(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(-1.0 / 6.0), small = f32x4.splat(1.0 / 24.0);
  const a = f32x4.add(g0, g2), c = fma(f32x4.splat(4), g2, g0), d = f32x4.add(g1, g1);
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(to + step, f32x4.mul(f32x4.add(a, g1), sixth));
  v128.store(to + 2 * step, f32x4.mul(f32x4.sub(a, g1), sixth));
  v128.store(to + 3 * step, f32x4.mul(f32x4.add(c, d), small));
  v128.store(to + 4 * step, f32x4.mul(f32x4.sub(c, d), small));
  v128.store(to + 5 * step, g2);
}

// @ts-ignore: decorator
@inline
function fourOf(p: usize, step: usize): v128 {
  if (step == 4) return v128.load(p);
  let v = v128.load_splat<f32>(p);
  v = v128.load_lane<f32>(p + step, v, 1);
  v = v128.load_lane<f32>(p + 2 * step, v, 2);
  return v128.load_lane<f32>(p + 3 * step, v, 3);
}

/**
 * U[position] = G g Gᵀ for every (k, n), packed in panels of eight n, k by k. Job: 0 filter, 1 depth k, 2 n (a multiple of 8), 3–5 byte strides of a tap
 * (negative: from the last one backwards), k, n, 6 U, 7 scratch, 8 scratch bytes per thread.
 */
export function winogradFilter(job: usize, thread: i32, threads: i32): void {
  const filter = pointer(job, 0), depth = word(job, 1), n = word(job, 2);
  const tap = pointer(job, 3), sK = pointer(job, 4), sN = pointer(job, 5);
  const positionBytes = positionStride(<usize>(depth * n) << 2);
  const middle = pointer(job, 7) + <usize>thread * pointer(job, 8);
  const panels = n >> 3;
  const to = shareStart(panels, 1, thread + 1, threads);
  for (let panel = shareStart(panels, 1, thread, threads); panel < to; panel++) {
    let u = pointer(job, 6) + (<usize>(panel * depth) << 5);
    for (let k = 0; k < depth; k++) {
      for (let half = 0; half < 2; half++) {
        let g = filter + sK * k + sN * ((panel << 3) + (half << 2));
        // Columns of the filter: middle[6][3].
        for (let j: usize = 0; j < 48; j += 16) {
          filterLine(fourOf(g, sN), fourOf(g + 3 * tap, sN), fourOf(g + 6 * tap, sN), middle + j, 48);
          g += tap;
        }
        let target = u;
        for (let i: usize = 0; i < 288; i += 48) {
          filterLine(v128.load(middle + i), v128.load(middle + i, 16), v128.load(middle + i, 32), target, positionBytes);
          target += 6 * positionBytes;
        }
        u += 16;
      }
    }
  }
}

/**
 * out = conv(x) + bias with transformed filters. Tiles of all images are numbered on; each thread takes blocks of them.
 * Job: 0 x, 1 images, 2 rows, 3 columns, 4 channels, 5 padTop, 6 padLeft, 7 output rows, 8 output columns, 9 n, 10 out, 11 U,
 * 12 bias (0: none), 13 scratch, 14 scratch bytes per thread, 15 tiles in a block (a multiple of 6), 16 bytes from out to a sum's other part (0: none).
 */
export function winograd(job: usize, thread: i32, threads: i32): void {
  const rows = word(job, 2), columns = word(job, 3), channels = word(job, 4), padTop = word(job, 5), padLeft = word(job, 6);
  const rowsOut = word(job, 7), columnsOut = word(job, 8), n = word(job, 9), u = pointer(job, 11), bias = pointer(job, 12);
  const table = pointer(job, 13) + <usize>thread * pointer(job, 14);
  const block = word(job, 15);
  const pixelBytes = <usize>channels << 2, outBytes = <usize>n << 2;
  const middle = table + TABLE, zeros = middle + 36 * max(pixelBytes, outBytes);
  const v = zeros + ((pixelBytes + 63) & ~(<usize>63));
  const vPosition = positionStride(pixelBytes * block), mPosition = positionStride(outBytes * block), uPosition = positionStride(pixelBytes * n);
  const m = v + vPosition * POSITIONS;
  memory.fill(zeros, 0, pixelBytes);
  const tilesY = (rowsOut + 3) >> 2, tilesX = (columnsOut + 3) >> 2, tiles = tilesY * tilesX;
  const end = shareStart(word(job, 1) * tiles, block, thread + 1, threads);
  for (let first = shareStart(word(job, 1) * tiles, block, thread, threads); first < end; first += block) {
    const count = min(block, end - first);
    for (let t = 0; t < count; t++) {
      const image = (first + t) / tiles, tile = first + t - image * tiles;
      const ty = tile / tilesX, tx = tile - ty * tilesX;
      const base = pointer(job, 0) + pixelBytes * (image * rows * columns);
      locate(table, base, rows, columns, pixelBytes, 4 * ty - padTop, 4 * tx - padLeft, 6, zeros);
      transformInput(table, channels, middle, v + pixelBytes * t, vPosition);
    }
    const groups = (count + 5) / 6;
    for (let position: usize = 0; position < <usize>POSITIONS; position++) {
      const a = v + vPosition * position, b = u + uPosition * position, c = m + mPosition * position;
      let panel = 0;
      if (WIDE) {
        for (; panel + 16 <= n; panel += 16) strip6x4(a, groups, pixelBytes, b + pixelBytes * panel, c + (<usize>panel << 2), outBytes);
      }
      for (; panel < n; panel += 8) strip6x2(a, groups, pixelBytes, b + pixelBytes * panel, c + (<usize>panel << 2), outBytes);
    }
    for (let t = 0; t < count; t++) {
      const image = (first + t) / tiles, tile = first + t - image * tiles;
      const ty = tile / tilesX, tx = tile - ty * tilesX;
      const y = pointer(job, 10) + outBytes * ((image * rowsOut + 4 * ty) * columnsOut + 4 * tx);
      transformOutput(m + outBytes * t, mPosition, n, bias, middle, y, outBytes * columnsOut, pointer(job, 16), min(4, rowsOut - 4 * ty), min(4, columnsOut - 4 * tx));
    }
  }
}
