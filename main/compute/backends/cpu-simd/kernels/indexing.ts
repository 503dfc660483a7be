import type { TensorInfo } from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../../../domain/errors.ts';
import type { CpuSimdBackend } from '../backend.ts';
import type { KernelDefinition } from './kernel.ts';
import { attribute, input, normalisedAxes, sizeOf } from './kernel.ts';

/** An index outside would read foreign memory: refuse it by name. */
function refuseOutside(backend: CpuSimdBackend, indices: TensorInfo, rows: number): void {
  for (const index of backend.values(indices)) {
    if (index >= 0 && index < rows) continue;
    throw new IsochromatError({
      code: 'index-outside',
      sentence: 'A row was asked for that the table does not have.',
      expected: `0 to ${rows - 1}`,
      found: String(index),
    });
  }
}

export const indexingKernels: KernelDefinition[] = [
  {
    name: 'GatherV2',
    accepts: (call) =>
      input(call, 'indices').dtype === 'int32' &&
      input(call, 'x').dtype !== 'bool' &&
      input(call, 'x').dtype !== 'string' &&
      (attribute<number | undefined>(call, 'batchDims') ?? 0) === 0,
    compute: (call) => {
      const { backend } = call;
      const [x, indices] = [input(call, 'x'), input(call, 'indices')];
      const axis = normalisedAxes(attribute<number>(call, 'axis'), x.shape.length)[0] as number;
      const rows = x.shape[axis] as number;
      refuseOutside(backend, indices, rows);
      const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
      const y = backend.output([...before, ...indices.shape, ...after], x.dtype);
      const [from, index, to] = [x, indices, y].map((tensor) => backend.address(tensor)) as [number, number, number];
      const count = sizeOf(indices.shape);
      const words = [from, index, to, sizeOf(before), count, rows, 4 * sizeOf(after), 0];
      backend.run('gatherRows', words, null, sizeOf(y.shape));
      return y;
    },
  },
  {
    name: 'UnsortedSegmentSum',
    accepts: (call) => input(call, 'x').dtype === 'float32' && input(call, 'segmentIds').dtype === 'int32',
    compute: (call) => {
      const { backend } = call;
      const [x, segments] = [input(call, 'x'), input(call, 'segmentIds')];
      const number = attribute<number>(call, 'numSegments');
      const rows = sizeOf(segments.shape);
      const rest = x.shape.slice(segments.shape.length);
      const y = backend.output([number, ...rest]);
      const [from, ids, to] = [x, segments, y].map((tensor) => backend.address(tensor)) as [number, number, number];
      backend.run('segmentSum', [from, ids, to, rows, sizeOf(rest), number], null, sizeOf(x.shape));
      return y;
    },
  },
];

/** Whether nearest resizing is exactly a doubling, for which there is a kernel. */
function doubles(from: readonly number[], to: readonly number[], alignCorners: boolean): boolean {
  return !alignCorners && to[0] === 2 * (from[0] as number) && to[1] === 2 * (from[1] as number);
}

/** [n, h, w, c] → [n, 2h, 2w, c]. */
function upsample(backend: CpuSimdBackend, x: TensorInfo): TensorInfo {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const y = backend.output([n, 2 * h, 2 * w, c]);
  backend.run('upsampleNearest2', [backend.address(x), backend.address(y), n * h, w, 4 * c], null, sizeOf(y.shape));
  return y;
}

/** [n, 2h, 2w, c] → [n, h, w, c]. */
function sumOfFour(backend: CpuSimdBackend, dy: TensorInfo): TensorInfo {
  const [n, h, w, c] = dy.shape as [number, number, number, number];
  if (h % 2 !== 0 || w % 2 !== 0)
    throw new Error(`UpsampleNearest2Grad wants even sizes, not [${dy.shape.join(', ')}].`);
  const dx = backend.output([n, h / 2, w / 2, c]);
  const words = [backend.address(dy), backend.address(dx), (n * h) / 2, w / 2, 4 * c];
  backend.run('downsampleSum2', words, null, sizeOf(dy.shape));
  return dx;
}

export const resamplingKernels: KernelDefinition[] = [
  { name: 'UpsampleNearest2', compute: (call) => upsample(call.backend, input(call, 'x')) },
  { name: 'UpsampleNearest2Grad', compute: (call) => sumOfFour(call.backend, input(call, 'dy')) },
  {
    name: 'ResizeNearestNeighbor',
    accepts: (call) => {
      const { shape, dtype } = input(call, 'images');
      const size = attribute<number[]>(call, 'size');
      return dtype === 'float32' && doubles(shape.slice(1, 3), size, attribute<boolean>(call, 'alignCorners'));
    },
    compute: (call) => upsample(call.backend, input(call, 'images')),
  },
  {
    name: 'ResizeNearestNeighborGrad',
    accepts: (call) => {
      const [from, to] = [input(call, 'images').shape, input(call, 'dy').shape];
      return doubles(from.slice(1, 3), to.slice(1, 3), attribute<boolean>(call, 'alignCorners'));
    },
    compute: (call) => sumOfFour(call.backend, input(call, 'dy')),
  },
];
