// Convolution as implicit matrix multiplication: rows of A are the stretches of a zero-bordered band of the image that a
// filter row covers (kernelWidth · channels contiguous floats in NHWC), so nothing is ever unfolded (no im2col).
// Matrix products are the case of a 1×1 filter over an image one pixel wide.
import { pointer, shareStart, word } from './_simd';
import { tile6x1, tile6x2 } from './_tile';
import { tile6x4 } from './_tile-wide';

/** Bytes at the start of each thread's scratch: one tile of C for edges. */
const TILE_BYTES: usize = 256;

/**
 * Packs B[k][n], k = (ty, tx, c), found at base + ty·sTy + tx·sTx + c·sC + n·sN bytes, into panels of eight columns (the last one of
 * four where at most four remain), each panel k by k; missing columns are zero. Packs the bias the same way.
 * Job: 0 base, 1–4 counts ty, tx, c, n, 5–8 strides, 9 packed, 10 bias (0: none), 11 packed bias (0: none wanted).
 */
export function packPanels(job: usize, thread: i32, threads: i32): void {
  const base = pointer(job, 0);
  const rows = word(job, 1), columns = word(job, 2), channels = word(job, 3), n = word(job, 4);
  const sRow = word(job, 5), sColumn = word(job, 6), sChannel = word(job, 7), sN = word(job, 8);
  const packed = pointer(job, 9), bias = pointer(job, 10), packedBias = pointer(job, 11);
  const depth = rows * columns * channels;
  const panels = (n + 7) >> 3;
  const to = shareStart(panels, 1, thread + 1, threads);
  for (let p = shareStart(panels, 1, thread, threads); p < to; p++) {
    const first = p << 3;
    const left = n - first;
    if (packedBias) {
      const pb = packedBias + (<usize>first << 2);
      for (let j = 0; j < 8; j++) {
        store<f32>(pb + (<usize>j << 2), bias && j < left ? load<f32>(bias + (<usize>(first + j) << 2)) : 0);
      }
    }
    let target = packed + (<usize>(first * depth) << 2);
    for (let ty = 0; ty < rows; ty++) {
      for (let tx = 0; tx < columns; tx++) {
        target = packStretch(base + <usize>(ty * sRow + tx * sColumn + first * sN), channels, left, sChannel, sN, target);
      }
    }
  }
}

/** Packs a dense or strided matrix B[k][n] (strides in bytes) into panels, in one thread. */
export function packMatrix(b: usize, depth: i32, n: i32, sK: i32, sN: i32, packed: usize): void {
  for (let first = 0; first < n; first += 8) packed = packStretch(b + <usize>(first * sN), depth, n - first, sK, sN, packed);
}

/** One panel's stretch of `channels` steps; returns where the next one begins. */
function packStretch(source: usize, channels: i32, left: i32, sChannel: i32, sN: i32, target: usize): usize {
  const width = left <= 4 ? 4 : 8;
  const used = min(left, width);
  const step = <usize>width << 2;
  if (sN == 4 && used == width) {
    for (let c = 0; c < channels; c++) {
      v128.store(target, v128.load(source));
      if (width == 8) v128.store(target, v128.load(source, 16), 16);
      source += sChannel;
      target += step;
    }
  } else if (sChannel == 4 && used == width) {
    packTransposed(source, sN, target, width, channels);
    target += step * channels;
  } else {
    for (let c = 0; c < channels; c++) {
      for (let j = 0; j < width; j++) {
        store<f32>(target + (<usize>j << 2), j < used ? load<f32>(source + <usize>(j * sN)) : 0);
      }
      source += sChannel;
      target += step;
    }
  }
  return target;
}

/** target[c][j] = source[j·sN + c], `width` rows of source (4 or 8), by blocks of 4×4. */
function packTransposed(source: usize, sN: i32, target: usize, width: i32, channels: i32): void {
  const step = <usize>width << 2;
  for (let block = 0; block < width; block += 4) {
    let s0 = source + <usize>(block * sN), s1 = s0 + sN, s2 = s1 + sN, s3 = s2 + sN;
    let t = target + (<usize>block << 2);
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const r0 = v128.load(s0), r1 = v128.load(s1), r2 = v128.load(s2), r3 = v128.load(s3);
      const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const e = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), f = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(t, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
      v128.store(t + step, v128.shuffle<f32>(a, b, 2, 3, 6, 7));
      v128.store(t + 2 * step, v128.shuffle<f32>(e, f, 0, 1, 4, 5));
      v128.store(t + 3 * step, v128.shuffle<f32>(e, f, 2, 3, 6, 7));
      s0 += 16; s1 += 16; s2 += 16; s3 += 16;
      t += 4 * step;
    }
    for (; c < channels; c++) {
      store<f32>(t, load<f32>(s0));
      store<f32>(t, load<f32>(s1), 4);
      store<f32>(t, load<f32>(s2), 8);
      store<f32>(t, load<f32>(s3), 12);
      s0 += 4; s1 += 4; s2 += 4; s3 += 4;
      t += step;
    }
  }
}

/** Copies `rows` rows from row y and column x of an image (both may lie outside: zeros) into a dense band `width` pixels wide. */
export function copyBand(
  image: usize, imageRows: i32, imageColumns: i32, pixelBytes: usize, y: i32, x: i32, rows: i32, width: i32, band: usize,
): void {
  const rowBytes = pixelBytes * width;
  const left = min(max(-x, 0), width);
  const right = max(min(imageColumns - x, width), left);
  const leftBytes = pixelBytes * left, middleBytes = pixelBytes * (right - left), rightBytes = pixelBytes * (width - right);
  for (let r = 0; r < rows; r++) {
    const row = y + r;
    if (row < 0 || row >= imageRows) {
      memory.fill(band, 0, rowBytes);
    } else {
      memory.fill(band, 0, leftBytes);
      memory.copy(band + leftBytes, image + pixelBytes * (row * imageColumns + x + left), middleBytes);
      memory.fill(band + leftBytes + middleBytes, 0, rightBytes);
    }
    band += rowBytes;
  }
}

/**
 * out[image, y, x, n] = bias[n] + Σ x̃[image, y·strideY + ky, x·strideX + kx, c] · B[(ky, kx, c)][n], x̃ the image shifted by (padTop, padLeft) and zero outside.
 * Job: 0 x, 1 images, 2 rows, 3 columns, 4 channels, 5 padTop, 6 padLeft, 7 columns of the band, 8 kernel rows, 9 kernel columns,
 * 10 strideY, 11 strideX, 12 output rows, 13 output columns, 14 N, 15 out, 16–18 output bytes per image, row, pixel, 19 packed B,
 * 20 packed bias (0: accumulate onto out), 21 scratch, 22 scratch bytes per thread, 23 output rows per band, 24 no border needed.
 * The sum over (ky, kx, c) runs in this order for every pixel: the result does not depend on threads, bands or tiles.
 */
export function convolve(job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 0), rowsIn = word(job, 2), columnsIn = word(job, 3);
  const channels = word(job, 4), padTop = word(job, 5), padLeft = word(job, 6), bandColumns = word(job, 7);
  const kernelRows = word(job, 8), kernelColumns = word(job, 9), strideY = word(job, 10), strideX = word(job, 11);
  const rowsOut = word(job, 12), columnsOut = word(job, 13);
  const out = pointer(job, 15), outImage = pointer(job, 16), outRow = pointer(job, 17), outPixel = pointer(job, 18);
  const scratch = pointer(job, 21) + <usize>thread * pointer(job, 22);
  const bandRows = word(job, 23), direct = word(job, 24);

  const pixelBytes = <usize>channels << 2;
  const imageBytes = pixelBytes * rowsIn * columnsIn;
  const bandRowBytes = pixelBytes * bandColumns;
  const total = word(job, 1) * rowsOut;
  const end = shareStart(total, 1, thread + 1, threads);
  const offsets = scratch + TILE_BYTES;
  const band = (offsets + (<usize>(bandRows * columnsOut + 6) << 3) + 63) & ~(<usize>63);

  for (let row = shareStart(total, 1, thread, threads); row < end; ) {
    const image = row / rowsOut, y = row - image * rowsOut;
    const rows = min(min(bandRows, rowsOut - y), end - row);
    let source = band;
    if (direct) {
      source = x + imageBytes * image + bandRowBytes * (y * strideY);
    } else {
      const needed = (rows - 1) * strideY + kernelRows;
      copyBand(x + imageBytes * image, rowsIn, columnsIn, pixelBytes, y * strideY - padTop, -padLeft, needed, bandColumns, band);
    }
    // Where each output pixel reads and writes, relative to the band; the last one is repeated to fill the last tile.
    let o = offsets;
    for (let r = 0; r < rows; r++) {
      let from = bandRowBytes * (r * strideY);
      let to = outRow * r;
      for (let i = 0; i < columnsOut; i++) {
        store<u32>(o, <u32>from);
        store<u32>(o, <u32>to, 4);
        from += pixelBytes * strideX;
        to += outPixel;
        o += 8;
      }
    }
    const last = load<u64>(o - 8);
    for (let i = 0; i < 5; i++) store<u64>(o + (<usize>i << 3), last);
    multiplyBand(
      source, offsets, rows * columnsOut, out + outImage * image + outRow * y, outPixel,
      kernelRows, pixelBytes * kernelColumns, bandRowBytes, word(job, 14), pointer(job, 19), pointer(job, 20), scratch,
    );
    row += rows;
  }
}

/** All panels over all tiles of six pixels of a band: the panel outside, so that it stays in the first-level cache. */
export function multiplyBand(
  source: usize, offsets: usize, pixels: i32, out: usize, outPixel: usize,
  runs: i32, runBytes: usize, runStride: usize, n: i32, packed: usize, bias: usize, tile: usize,
): void {
  const depthBytes = runBytes * runs;
  let first = 0;
  if (WIDE) {
    for (; first + 16 <= n; first += 16) {
      multiplyPanels(
        source, offsets, pixels, out + (<usize>first << 2), outPixel, runs, runBytes, runStride,
        packed + depthBytes * first, bias ? bias + (<usize>first << 2) : 0, tile,
      );
    }
  }
  for (; first < n; first += 8) {
    multiplyPanel(
      source, offsets, pixels, out + (<usize>first << 2), outPixel, runs, runBytes, runStride,
      n - first, packed + depthBytes * first, bias ? bias + (<usize>first << 2) : 0, tile,
    );
  }
}

/** One panel, of which `left` columns are wanted. */
function multiplyPanel(
  source: usize, o: usize, pixels: i32, target: usize, outPixel: usize,
  runs: i32, runBytes: usize, runStride: usize, left: i32, b: usize, bias: usize, tile: usize,
): void {
  const narrow = left <= 4;
  const width = narrow ? 4 : 8;
  const usedBytes = <usize>min(left, width) << 2;
  for (let p = 0; p < pixels; p += 6) {
    const c0 = load<u32>(o, 4);
    const whole = p + 6 <= pixels && left >= width && load<u32>(o, 44) == c0 + <u32>outPixel * 5;
    const c = whole ? target + c0 : tile;
    const rowBytes = whole ? outPixel : 32;
    if (!whole && !bias) gather(target, o, min(pixels - p, 6), usedBytes, tile);
    const initial = bias ? bias : c, initialBytes = bias ? 0 : rowBytes;
    if (narrow) {
      tile6x1(
        source + load<u32>(o), source + load<u32>(o, 8), source + load<u32>(o, 16),
        source + load<u32>(o, 24), source + load<u32>(o, 32), source + load<u32>(o, 40),
        runs, runBytes, runStride, b, c, rowBytes, initial, initialBytes,
      );
    } else {
      tile6x2(
        source + load<u32>(o), source + load<u32>(o, 8), source + load<u32>(o, 16),
        source + load<u32>(o, 24), source + load<u32>(o, 32), source + load<u32>(o, 40),
        runs, runBytes, runStride, b, c, rowBytes, initial, initialBytes,
      );
    }
    if (!whole) scatter(target, o, min(pixels - p, 6), usedBytes, tile);
    o += 48;
  }
}

/** Two neighbouring panels at once; where a tile is not whole, one after the other. */
function multiplyPanels(
  source: usize, o: usize, pixels: i32, target: usize, outPixel: usize,
  runs: i32, runBytes: usize, runStride: usize, b: usize, bias: usize, tile: usize,
): void {
  const panelBytes = runBytes * runs * 8;
  for (let p = 0; p < pixels; p += 6) {
    const c0 = load<u32>(o, 4);
    if (p + 6 <= pixels && load<u32>(o, 44) == c0 + <u32>outPixel * 5) {
      const c = target + c0;
      tile6x4(
        source + load<u32>(o), source + load<u32>(o, 8), source + load<u32>(o, 16),
        source + load<u32>(o, 24), source + load<u32>(o, 32), source + load<u32>(o, 40),
        runs, runBytes, runStride, b, panelBytes, c, outPixel, bias ? bias : c, bias ? 0 : outPixel,
      );
    } else {
      const rest = min(pixels - p, 6);
      multiplyPanel(source, o, rest, target, outPixel, runs, runBytes, runStride, 8, b, bias, tile);
      multiplyPanel(source, o, rest, target + 32, outPixel, runs, runBytes, runStride, 8, b + panelBytes, bias ? bias + 32 : 0, tile);
    }
    o += 48;
  }
}

function gather(target: usize, o: usize, rows: i32, bytes: usize, tile: usize): void {
  for (let i = 0; i < rows; i++) {
    const from = target + load<u32>(o, 4);
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(tile + j, load<f32>(from + j));
    tile += 32;
    o += 8;
  }
}

function scatter(target: usize, o: usize, rows: i32, bytes: usize, tile: usize): void {
  for (let i = 0; i < rows; i++) {
    const to = target + load<u32>(o, 4);
    if (bytes == 32) {
      v128.store(to, v128.load(tile));
      v128.store(to, v128.load(tile, 16), 16);
    } else {
      for (let j: usize = 0; j < bytes; j += 4) store<f32>(to + j, load<f32>(tile + j));
    }
    tile += 32;
    o += 8;
  }
}
