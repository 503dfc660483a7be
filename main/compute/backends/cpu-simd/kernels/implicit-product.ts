import type { CpuSimdBackend } from '../backend.ts';

/** Bytes of a bordered band of the image: with a panel of the filter it fits the second-level cache. */
const bandBytes = 192 * 1024;
/** The same for the filter gradient, where a band of dy is read along with it, panel by panel. */
export const gradientBandBytes = 96 * 1024;
export const tileBytes = 256;

export const bytes = (floats: number): number => 4 * floats;
export const rounded = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

/** A rectangle of filter taps as the columns of a packed matrix: B[(ty, tx, c)][n] at base + Σ index·stride (bytes). */
export interface PackedFilter {
  base: number;
  rows: number;
  columns: number;
  channels: number;
  n: number;
  strides: [number, number, number, number];
  /** Address of the bias, 0 for none. */
  bias: number;
}

/** One pass of the convolution kernel: which pixels of which image, and where results go (in bytes). */
export interface Pass {
  x: number;
  images: number;
  height: number;
  width: number;
  padTop: number;
  padLeft: number;
  strideY: number;
  strideX: number;
  outHeight: number;
  outWidth: number;
  out: number;
  outStrides: [number, number, number];
}

/** Packs the filter and multiplies. */
export function convolve(backend: CpuSimdBackend, filter: PackedFilter, pass: Pass): void {
  const { rows, columns, channels, n } = filter;
  const depth = rows * columns * channels;
  const packedBytes = bytes(depth * rounded(n, 8));
  const bandColumns = (pass.outWidth - 1) * pass.strideX + columns;
  const bandHeight = (pass.outHeight - 1) * pass.strideY + rows;
  const direct =
    pass.padTop === 0 && pass.padLeft === 0 && bandColumns === pass.width && bandHeight <= pass.height ? 1 : 0;
  const rowBytes = bytes(bandColumns * channels);
  const bandRows = Math.max(1, Math.min(pass.outHeight, Math.floor((bandBytes / rowBytes - rows) / pass.strideY + 1)));
  const bandInput = direct ? 0 : ((bandRows - 1) * pass.strideY + rows) * rowBytes;
  const perThread = rounded(tileBytes + 8 * (bandRows * pass.outWidth + 6) + 64 + bandInput + 64, 64);
  const biasBytes = bytes(rounded(n, 8));
  backend.withScratch(packedBytes + biasBytes + perThread * backend.pool.threads + 64, (packed) => {
    const packedBias = packed + packedBytes;
    const scratch = rounded(packedBias + biasBytes, 64);
    const shape = [rows, columns, channels, n];
    backend.run(
      'packPanels',
      [filter.base, ...shape, ...filter.strides, packed, filter.bias, packedBias],
      null,
      depth * n,
    );
    const words = [
      ...[pass.x, pass.images, pass.height, pass.width, channels, pass.padTop, pass.padLeft, bandColumns],
      ...[rows, columns, pass.strideY, pass.strideX, pass.outHeight, pass.outWidth, n],
      ...[pass.out, ...pass.outStrides, packed, packedBias, scratch, perThread, bandRows, direct],
    ];
    backend.run('convolve', words, null, pass.images * pass.outHeight * pass.outWidth * n * depth);
  });
}

/** y = x · W for a dense [pixels, c] and W [c, n]: a 1×1 convolution over an image one pixel wide. */
export function multiplyRows(
  backend: CpuSimdBackend,
  x: number,
  pixels: number,
  filter: Omit<PackedFilter, 'rows' | 'columns'>,
  out: number,
): void {
  const pass = { images: 1, height: pixels, width: 1, padTop: 0, padLeft: 0, strideY: 1, strideX: 1 };
  const outStrides: [number, number, number] = [0, bytes(filter.n), bytes(filter.n)];
  convolve(
    backend,
    { ...filter, rows: 1, columns: 1 },
    { ...pass, x, outHeight: pixels, outWidth: 1, out, outStrides },
  );
}

/** dW[(ky, kx, c)][n] = Σ x̃ · dy; also the product Aᵀ·B of two matrices (1×1, pixels = rows of both). */
export function outerRows(
  backend: CpuSimdBackend,
  a: number,
  rows: number,
  m: number,
  b: number,
  n: number,
  out: number,
): void {
  const perThread = tileBytes + 64;
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const block = Math.max(16, Math.floor(gradientBandBytes / bytes(m + n)));
    const words = [a, 1, rows, 1, m, 0, 0, 1, 1, 1, 1, 1, rows, 1, n, b, out, scratch, perThread, block, 1];
    backend.run('filterGradient', words, null, rows * m * n);
  });
}
