import type { CpuSimdBackend } from '../backend.ts';

/** Bytes of transformed input and output of one block of tiles: they stay in the second-level cache. */
const blockBytes = 512 * 1024;
/** The same for the filter gradient, whose tiles all threads read: they stay in the third-level cache. */
const gradientBlockBytes = 1536 * 1024;
const tableBytes = 192;
const positions = 36;

/** Bytes from one transformed position to the next: an odd number of cache lines (see _winograd.ts). */
const positionStride = (bytes: number): number => 64 * (Math.ceil(bytes / 64) | 1);

/** Bytes of the intermediate tile (36 floats a channel; the filter's transform needs 288 bytes) and of a pixel of zeros. */
const scratchBytes = (channels: number, n: number): number => 4 * 37 * Math.max(channels, n) + 64;

const rounded = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

/** A 3×3 convolution of stride 1: input and output images, and the padding on top and left. */
export interface UnitStrideConvolution {
  images: number;
  height: number;
  width: number;
  channels: number;
  padTop: number;
  padLeft: number;
  outHeight: number;
  outWidth: number;
  n: number;
}

/**
 * Whether transforming pays: enough channels on both sides (the transforms cost as much as four channels' products), multiples of what the
 * kernels take, and tiles of 4×4 that do not reach far over the image.
 */
export function winogradPays({ channels, n, outHeight, outWidth }: UnitStrideConvolution): boolean {
  const covered = 16 * Math.ceil(outHeight / 4) * Math.ceil(outWidth / 4);
  return channels % 4 === 0 && n % 8 === 0 && channels >= 8 && covered <= 2 * outHeight * outWidth;
}

const tilesOf = ({ images, outHeight, outWidth }: UnitStrideConvolution): number =>
  images * Math.ceil(outHeight / 4) * Math.ceil(outWidth / 4);

/** How the filter is read: taps, depth (input channels of this pass) and n with byte strides. */
export interface FilterView {
  base: number;
  tap: number;
  depth: number;
  n: number;
}

/** out = conv(x, filter) + bias + residual; `bias` and `residual` (of the shape of out, at another place) 0 for none. */
export function winogradConvolution(
  backend: CpuSimdBackend,
  shape: UnitStrideConvolution,
  x: number,
  filter: FilterView,
  bias: number,
  out: number,
  residual = 0,
): void {
  const { images, height, width, channels, padTop, padLeft, outHeight, outWidth, n } = shape;
  const { threads } = backend.pool;
  const perTile = 4 * positions * (channels + n);
  const share = rounded(Math.ceil(tilesOf(shape) / threads), 6);
  const block = Math.max(6, Math.min(share, Math.floor(blockBytes / perTile / 6) * 6));
  const tileBytes = positions * (positionStride(4 * channels * block) + positionStride(4 * n * block));
  const perThread = rounded(tableBytes + scratchBytes(channels, n) + tileBytes, 64);
  const filterBytes = positions * positionStride(4 * channels * n);
  backend.withScratch(filterBytes + perThread * threads, (u) => {
    const scratch = u + filterBytes;
    const words = [filter.base, channels, n, filter.tap, filter.depth, filter.n, u, scratch, perThread];
    backend.run('winogradFilter', words, null, 30 * channels * n);
    backend.run(
      'winograd',
      [
        ...[x, images, height, width, channels, padTop, padLeft, outHeight, outWidth, n],
        ...[out, u, bias, scratch, perThread, block, residual === 0 ? 0 : residual - out],
      ],
      null,
      tilesOf(shape) * positions * channels * n,
    );
  });
}

/** dW [3, 3, channels, n] of the same convolution. */
export function winogradFilterGradient(
  backend: CpuSimdBackend,
  shape: UnitStrideConvolution,
  x: number,
  dy: number,
  dW: number,
): void {
  const { height, width, channels, padTop, padLeft, outHeight, outWidth, n } = shape;
  const { threads } = backend.pool;
  const tiles = tilesOf(shape);
  const perTile = 4 * positions * (channels + n);
  // Equal blocks: the last one is not a small rest.
  const blocks = Math.ceil((tiles * perTile) / gradientBlockBytes);
  const room = Math.ceil(tiles / blocks);
  const perThread = rounded(tableBytes + scratchBytes(channels, n), 64);
  const sumBytes = 4 * positions * channels * n;
  const vBytes = positions * positionStride(4 * channels * room);
  const dBytes = positions * positionStride(4 * n * room);
  backend.withScratch(sumBytes + vBytes + dBytes + perThread * threads, (sums) => {
    const v = sums + sumBytes;
    const d = v + vBytes;
    const scratch = d + dBytes;
    for (let first = 0; first < tiles; first += room) {
      const count = Math.min(room, tiles - first);
      const work = count * positions * channels * n;
      const words = [x, height, width, channels, padTop, padLeft, dy, outHeight, outWidth, n, first, count];
      backend.run('winogradGradientTransform', [...words, v, d, room, scratch, perThread], null, work);
      backend.run('winogradGradientMultiply', [v, d, sums, channels, n, count, room, first > 0 ? 1 : 0], null, work);
    }
    const size = channels * n;
    backend.run('winogradGradientFinish', [sums, dW, size, scratch, perThread], null, 30 * size);
  });
}
