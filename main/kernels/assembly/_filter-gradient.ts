// Gradient of a convolution's filter: dW[(ky, kx, ci)][co] = Σ over pixels x̃[y·s + ky, x·s + kx, ci] · dy[y, x, co].
// For one filter row ky the (kx, ci) are contiguous in the bordered image, so six of them are one broadcast stretch.
import { pointer, shareStart, word } from './_simd';
import { outer6x1, outer6x2 } from './_tile';
import { outer6x4 } from './_tile-wide';
import { copyBand } from './_convolve';

/**
 * Job: 0 x, 1 images, 2 rows, 3 columns, 4 channels, 5 padTop, 6 padLeft, 7 columns of the band, 8 kernel rows, 9 kernel columns,
 * 10 strideY, 11 strideX, 12 output rows, 13 output columns, 14 N, 15 dy, 16 dW, 17 scratch, 18 scratch bytes per thread, 19 output
 * rows per band, 20 no border needed.
 * Threads share out the tiles of dW, not the pixels: every sum runs over images and rows in the same order whatever their number.
 */
export function filterGradient(job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 0), images = word(job, 1), rowsIn = word(job, 2), columnsIn = word(job, 3);
  const channels = word(job, 4), padTop = word(job, 5), padLeft = word(job, 6), bandColumns = word(job, 7);
  const kernelRows = word(job, 8), kernelColumns = word(job, 9), strideY = word(job, 10), strideX = word(job, 11);
  const rowsOut = word(job, 12), columnsOut = word(job, 13), n = word(job, 14);
  const dy = pointer(job, 15), dW = pointer(job, 16);
  const tile = pointer(job, 17) + <usize>thread * pointer(job, 18);
  const band = tile + 256;
  const bandRows = word(job, 19), direct = word(job, 20);

  const run = kernelColumns * channels;
  const groupsPerRun = (run + 5) / 6;
  const panels = (n + 7) >> 3;
  const total = kernelRows * groupsPerRun * panels;
  const from = shareStart(total, 1, thread, threads), to = shareStart(total, 1, thread + 1, threads);
  if (from == to) return;
  const pixelBytes = <usize>channels << 2, dyPixelBytes = <usize>n << 2;
  const imageBytes = pixelBytes * rowsIn * columnsIn;
  const bandRowBytes = pixelBytes * bandColumns;
  const xStep = pixelBytes * strideX;
  const xSkip = bandRowBytes * strideY - xStep * columnsOut;
  const firstKy = from / panels / groupsPerRun, lastKy = (to - 1) / panels / groupsPerRun;

  let accumulate = 0;
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < rowsOut; y += bandRows) {
      const rows = min(bandRows, rowsOut - y);
      let source = band;
      if (direct) {
        source = x + imageBytes * image + bandRowBytes * (y * strideY);
      } else {
        // Only the filter rows that this thread owns: the band begins at firstKy.
        const needed = (rows - 1) * strideY + (lastKy - firstKy) + 1;
        copyBand(
          x + imageBytes * image, rowsIn, columnsIn, pixelBytes, y * strideY - padTop + firstKy, -padLeft, needed, bandColumns, band,
        );
        source -= bandRowBytes * firstKy;
      }
      const gradient = dy + dyPixelBytes * ((image * rowsOut + y) * columnsOut);
      for (let t = from; t < to; t++) {
        const group = t / panels, panel = t - group * panels;
        const ky = group / groupsPerRun, r = (group - ky * groupsPerRun) * 6;
        const left = n - (panel << 3);
        const narrow = left <= 4;
        const width = min(left, narrow ? 4 : 8), height = min(run - r, 6);
        const whole = height == 6 && (left >= 8 || left == 4);
        const target = dW + dyPixelBytes * (ky * run + r) + (<usize>panel << 5);
        const c = whole ? target : tile;
        const rowBytes = whole ? dyPixelBytes : 32;
        if (!whole && accumulate) copyTile(target, dyPixelBytes, tile, 32, height, width);
        const a = source + bandRowBytes * ky + (<usize>r << 2);
        const b = gradient + (<usize>panel << 5);
        if (WIDE && whole && left >= 16 && t + 1 < to) {
          outer6x4(a, xStep, xSkip, b, dyPixelBytes, 0, rows, columnsOut, target, dyPixelBytes, accumulate);
          t++;
          continue;
        }
        if (narrow) outer6x1(a, xStep, xSkip, b, dyPixelBytes, 0, rows, columnsOut, c, rowBytes, accumulate);
        else outer6x2(a, xStep, xSkip, b, dyPixelBytes, 0, rows, columnsOut, c, rowBytes, accumulate);
        if (!whole) copyTile(tile, 32, target, dyPixelBytes, height, width);
      }
      accumulate = 1;
    }
  }
}

function copyTile(from: usize, fromBytes: usize, to: usize, toBytes: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
    from += fromBytes;
    to += toBytes;
  }
}

/**
 * C[m][n] = Σ over k of A[k][m]·B[k][n]: the product with the first factor transposed, in one thread. A is dense; rows of B and C lie bBytes and cBytes
 * apart.
 */
export function outerProduct(a: usize, m: i32, b: usize, bBytes: usize, n: i32, depth: i32, c: usize, cBytes: usize, tile: usize): void {
  const aBytes = <usize>m << 2;
  for (let j = 0; j < n; ) {
    const pair = WIDE && n - j >= 16;
    const from = b + (<usize>j << 2);
    for (let i = 0; i < m; i += 6) {
      const column = a + (<usize>i << 2), height = min(m - i, 6);
      const target = c + cBytes * i + (<usize>j << 2);
      if (WIDE && pair && height == 6) {
        outer6x4(column, aBytes, 0, from, bBytes, 0, 1, depth, target, cBytes, 0);
      } else {
        outerTile(column, aBytes, from, bBytes, depth, target, cBytes, height, n - j, tile);
        if (pair) outerTile(column, aBytes, from + 32, bBytes, depth, target + 32, cBytes, height, n - j - 8, tile);
      }
    }
    j += pair ? 16 : 8;
  }
}

/** One tile of it: at most 6 × 8, of which `height` rows and `left` columns are there. */
function outerTile(
  a: usize, aBytes: usize, b: usize, bBytes: usize, depth: i32, c: usize, cBytes: usize, height: i32, left: i32, tile: usize,
): void {
  const narrow = left <= 4;
  const whole = height == 6 && (left >= 8 || left == 4);
  const to = whole ? c : tile;
  const rowBytes = whole ? cBytes : 32;
  if (narrow) outer6x1(a, aBytes, 0, b, bBytes, 0, 1, depth, to, rowBytes, 0);
  else outer6x2(a, aBytes, 0, b, bBytes, 0, 1, depth, to, rowBytes, 0);
  if (!whole) copyTile(tile, 32, c, cBytes, height, min(left, narrow ? 4 : 8));
}
