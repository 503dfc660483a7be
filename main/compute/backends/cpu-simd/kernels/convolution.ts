import type { TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { addInto } from './elementwise.ts';
import { activated, plainFusion } from './fused-activation.ts';
import type { PackedFilter } from './implicit-product.ts';
import { bytes, convolve, gradientBandBytes, multiplyRows, outerRows, rounded, tileBytes } from './implicit-product.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, isFloat } from './kernel.ts';
import type { UnitStrideConvolution } from './winograd.ts';
import { winogradConvolution, winogradFilterGradient, winogradPays } from './winograd.ts';

export type ConvolutionShape = ReturnType<typeof backend_util.computeConv2DInfo>;

/** y = conv(x, filter) + bias + residual. */
export function convolveForward(
  backend: CpuSimdBackend,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  info: ConvolutionShape,
  residual?: TensorInfo,
): TensorInfo {
  const winograd = asWinograd(info);
  if (winograd === undefined || info.outShape.includes(0)) {
    const y = convolvePlainly(backend, x, filter, bias, info);
    if (residual !== undefined) addInto(backend, y, residual);
    return y;
  }
  const y = backend.output(info.outShape);
  const { inChannels: c, outChannels: n } = info;
  const view = { base: backend.address(filter), tap: bytes(c * n), depth: bytes(n), n: 4 };
  const [from, to, offset, sum] = [x, y, bias, residual].map((tensor) => tensor === undefined ? 0 : backend.address(tensor)) as [number, number, number, number]; // prettier-ignore
  winogradConvolution(backend, winograd, from, view, offset, to, sum);
  return y;
}

function convolvePlainly(
  backend: CpuSimdBackend,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  info: ConvolutionShape,
): TensorInfo {
  const y = backend.output(info.outShape);
  if (info.outShape.includes(0)) return y;
  const { inChannels: c, outChannels: n, filterHeight: rows, filterWidth: columns } = info;
  const base = backend.address(filter);
  const biasAddress = bias === undefined ? 0 : backend.address(bias);
  if (isPointwise(info)) {
    const pixels = info.batchSize * info.inHeight * info.inWidth;
    const strides: PackedFilter['strides'] = [0, 0, bytes(n), 4];
    multiplyRows(
      backend,
      backend.address(x),
      pixels,
      { base, channels: c, n, strides, bias: biasAddress },
      backend.address(y),
    );
    return y;
  }
  const strides: PackedFilter['strides'] = [bytes(columns * c * n), bytes(c * n), bytes(n), 4];
  convolve(
    backend,
    { base, rows, columns, channels: c, n, strides, bias: biasAddress },
    {
      ...{ x: backend.address(x), images: info.batchSize, height: info.inHeight, width: info.inWidth },
      ...{
        padTop: info.padInfo.top,
        padLeft: info.padInfo.left,
        strideY: info.strideHeight,
        strideX: info.strideWidth,
      },
      ...{ outHeight: info.outHeight, outWidth: info.outWidth, out: backend.address(y) },
      outStrides: [bytes(info.outHeight * info.outWidth * n), bytes(info.outWidth * n), bytes(n)],
    },
  );
  return y;
}

/** The convolution as one of 3×3 and stride 1, where it is one for which Winograd's way pays. */
function asWinograd(info: ConvolutionShape): UnitStrideConvolution | undefined {
  if (info.filterHeight !== 3 || info.filterWidth !== 3 || info.strideHeight !== 1 || info.strideWidth !== 1) return;
  const shape = {
    ...{ images: info.batchSize, height: info.inHeight, width: info.inWidth, channels: info.inChannels },
    ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left, outHeight: info.outHeight, outWidth: info.outWidth },
    n: info.outChannels,
  };
  return winogradPays(shape) ? shape : undefined;
}

/** The gradient to the input is the convolution of dy with the flipped filter. */
function gradientAsWinograd(info: ConvolutionShape): UnitStrideConvolution | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  if (filterHeight !== 3 || filterWidth !== 3 || strideHeight !== 1 || strideWidth !== 1) return;
  const shape = {
    ...{ images: info.batchSize, height: info.outHeight, width: info.outWidth, channels: info.outChannels },
    ...{ padTop: 2 - padInfo.top, padLeft: 2 - padInfo.left, outHeight: info.inHeight, outWidth: info.inWidth },
    n: info.inChannels,
  };
  return winogradPays(shape) ? shape : undefined;
}

const isPointwise = (info: ConvolutionShape): boolean =>
  info.filterHeight === 1 && info.filterWidth === 1 && info.strideHeight === 1 && info.strideWidth === 1 &&
  info.padInfo.top + info.padInfo.left + info.padInfo.bottom + info.padInfo.right === 0; // prettier-ignore

/**
 * Taps that reach input coordinate u ≡ residue (mod stride): k = residue + stride·j. Seen from dy they form a plain
 * convolution with flipped taps: dx[u] = Σⱼ dy[(u + pad − residue)/stride − j]·W[residue + stride·j].
 */
function phase(residue: number, stride: number, kernel: number, pad: number, size: number) {
  const taps = residue >= kernel ? 0 : Math.ceil((kernel - residue) / stride);
  const first = (((residue - pad) % stride) + stride) % stride;
  const count = Math.max(0, Math.ceil((size - first) / stride));
  return { taps, first, count, start: (first + pad - residue) / stride - (taps - 1) };
}

export function inputGradient(
  backend: CpuSimdBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  info: ConvolutionShape,
): TensorInfo {
  const dx = backend.output(info.inShape);
  const { inChannels: n, outChannels: c, filterHeight, filterWidth, strideHeight: sy, strideWidth: sx } = info;
  const weights = backend.address(filter);
  const target = backend.address(dx);
  if (isPointwise(info)) {
    const pixels = info.batchSize * info.inHeight * info.inWidth;
    multiplyRows(
      backend,
      backend.address(dy),
      pixels,
      { base: weights, channels: c, n, strides: [0, 0, 4, bytes(c)], bias: 0 },
      target,
    );
    return dx;
  }
  const winograd = gradientAsWinograd(info);
  if (winograd !== undefined) {
    const view = { base: weights + bytes(8 * n * c), tap: -bytes(n * c), depth: 4, n: bytes(c) };
    winogradConvolution(backend, winograd, backend.address(dy), view, 0, target);
    return dx;
  }
  const rowsOfPhases = Array.from({ length: sy }, (_, r) =>
    phase(r, sy, filterHeight, info.padInfo.top, info.inHeight),
  );
  const columnsOfPhases = Array.from({ length: sx }, (_, r) =>
    phase(r, sx, filterWidth, info.padInfo.left, info.inWidth),
  );
  const untouched = [...rowsOfPhases, ...columnsOfPhases].some(({ taps }) => taps === 0);
  const size = info.inShape.reduce((a, b) => a * b, 1);
  if (untouched) backend.run('fill', [target, size, 0], null, size);
  rowsOfPhases.forEach((row, ry) => {
    columnsOfPhases.forEach((column, rx) => {
      if (row.taps * column.taps * row.count * column.count === 0) return;
      // Tap t of the flipped filter is j = taps − 1 − t.
      const lastRow = ry + sy * (row.taps - 1);
      const lastColumn = rx + sx * (column.taps - 1);
      const tap = bytes(n * c);
      convolve(backend, {
        base: weights + tap * (lastRow * filterWidth + lastColumn),
        ...{ rows: row.taps, columns: column.taps, channels: c, n, bias: 0 },
        strides: [-tap * filterWidth * sy, -tap * sx, 4, bytes(c)],
      }, {
        ...{ x: backend.address(dy), images: info.batchSize, height: info.outHeight, width: info.outWidth },
        ...{ padTop: -row.start, padLeft: -column.start, strideY: 1, strideX: 1, outHeight: row.count, outWidth: column.count },
        out: target + bytes((row.first * info.inWidth + column.first) * n),
        outStrides: [bytes(info.inHeight * info.inWidth * n), bytes(sy * info.inWidth * n), bytes(sx * n)],
      }); // prettier-ignore
    });
  });
  return dx;
}

export function filterGradient(
  backend: CpuSimdBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: ConvolutionShape,
): TensorInfo {
  const { filterHeight: rows, filterWidth: columns, inChannels: c, outChannels: n, padInfo } = info;
  const dW = backend.output([rows, columns, c, n]);
  const [from, gradient, to] = [x, dy, dW].map((tensor) => backend.address(tensor)) as [number, number, number];
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  if (isPointwise(info)) {
    outerRows(backend, from, pixels, c, gradient, n, to);
    return dW;
  }
  const winograd = asWinograd(info);
  if (winograd !== undefined) {
    winogradFilterGradient(backend, winograd, from, gradient, to);
    return dW;
  }
  const bandColumns = (info.outWidth - 1) * info.strideWidth + columns;
  const bandHeight = (info.outHeight - 1) * info.strideHeight + rows;
  const fits = bandColumns === info.inWidth && bandHeight <= info.inHeight;
  const direct = padInfo.top === 0 && padInfo.left === 0 && fits ? 1 : 0;
  const rowBytes = bytes(bandColumns * c);
  const bandRows = Math.max(
    1,
    Math.min(info.outHeight, Math.floor((gradientBandBytes / rowBytes - rows) / info.strideHeight + 1)),
  );
  const bandInput = direct ? 0 : ((bandRows - 1) * info.strideHeight + rows) * rowBytes;
  const perThread = rounded(tileBytes + bandInput + 64, 64);
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const words = [
      ...[from, info.batchSize, info.inHeight, info.inWidth, c, padInfo.top, padInfo.left, bandColumns],
      ...[rows, columns, info.strideHeight, info.strideWidth, info.outHeight, info.outWidth, n],
      ...[gradient, to, scratch, perThread, bandRows, direct],
    ];
    backend.run('filterGradient', words, null, pixels * rows * columns * c * n);
  });
  return dW;
}

interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | never;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function shapeOf(call: Call, inShape: number[], filterShape: number[]): ConvolutionShape {
  const { strides, pad, dilations, dimRoundingMode } = call.attrs as unknown as ConvolutionAttributes;
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    'channelsLast',
  );
}

/** Float tensors with channels last, and no dilation. */
const ordinary = (call: Call, ...names: string[]): boolean => {
  const { dataFormat, dilations } = call.attrs as unknown as ConvolutionAttributes;
  const dilated = dilations !== undefined && [dilations].flat().some((d) => d !== 1);
  return isFloat(...names.map((name) => input(call, name))) && dataFormat !== 'NCHW' && !dilated;
};

export const convolutionKernels: KernelDefinition[] = [
  {
    name: 'Conv2D',
    accepts: (call) => ordinary(call, 'x', 'filter'),
    compute: (call) => {
      const [x, filter] = [input(call, 'x'), input(call, 'filter')];
      return convolveForward(call.backend, x, filter, undefined, shapeOf(call, x.shape, filter.shape));
    },
  },
  {
    name: 'FusedConv2D',
    accepts: (call) => ordinary(call, 'x', 'filter') && plainFusion(call, input(call, 'filter').shape[3] as number),
    compute: (call) => {
      const [x, filter] = [input(call, 'x'), input(call, 'filter')];
      const info = shapeOf(call, x.shape, filter.shape);
      return activated(call, convolveForward(call.backend, x, filter, call.inputs['bias'] ?? undefined, info));
    },
  },
  {
    name: 'Conv2DBackpropInput',
    accepts: (call) => ordinary(call, 'dy', 'filter'),
    compute: (call) => {
      const filter = input(call, 'filter');
      const info = shapeOf(call, attribute(call, 'inputShape'), filter.shape);
      return inputGradient(call.backend, input(call, 'dy'), filter, info);
    },
  },
  {
    name: 'Conv2DBackpropFilter',
    accepts: (call) => ordinary(call, 'x', 'dy'),
    compute: (call) => {
      const x = input(call, 'x');
      const info = shapeOf(call, x.shape, attribute(call, 'filterShape'));
      return filterGradient(call.backend, x, input(call, 'dy'), info);
    },
  },
];
