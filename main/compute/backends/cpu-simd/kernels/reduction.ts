import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { reduceCode } from '../operation-codes.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, isFloat, normalisedAxes, sizeOf } from './kernel.ts';
import { transpose } from './copies.ts';

type ReduceName = keyof typeof reduceCode;

/** Elements of a block of a long row, rows of a block of a long column: fixed, so that sums do not depend on the threads. */
const rowBlock = 4096;
const columnBlock = 256;

/** Reduction of [outer, length, inner] along the middle, times `factor`, into `to` (outer·inner floats). */
function reduceMiddle(
  backend: CpuSimdBackend,
  name: ReduceName,
  from: number,
  to: number,
  [outer, length, inner]: readonly [number, number, number],
  factor: number,
): void {
  const code = reduceCode[name];
  const work = outer * length * inner;
  if (inner === 1) {
    if (outer > 1 || length <= 2 * rowBlock) {
      backend.run('reduceRows', [code, from, to, outer * length, length], { 5: factor }, work);
      return;
    }
    const blocks = Math.ceil(length / rowBlock);
    backend.withScratch(4 * blocks, (partial) => {
      backend.run('reduceRows', [code, from, partial, length, rowBlock], { 5: 1 }, work);
      reduceMiddle(backend, name, partial, to, [1, blocks, 1], factor);
    });
    return;
  }
  if (length <= 2 * columnBlock) {
    backend.run('reduceColumns', [code, from, to, outer, length, inner, length], { 7: factor }, work);
    return;
  }
  const blocks = Math.ceil(length / columnBlock);
  backend.withScratch(4 * outer * blocks * inner, (partial) => {
    backend.run('reduceColumns', [code, from, partial, outer, length, inner, columnBlock], { 7: 1 }, work);
    reduceMiddle(backend, name, partial, to, [outer, blocks, inner], factor);
  });
}

/** Reduces a float tensor along any axes. */
export function reduce(
  backend: CpuSimdBackend,
  name: ReduceName,
  x: TensorInfo,
  axes: readonly number[],
  keepDimensions: boolean,
  factor = 1,
): TensorInfo {
  const gone = new Set(axes);
  const kept = x.shape.map((_, i) => i).filter((i) => !gone.has(i));
  const shape = keepDimensions
    ? x.shape.map((size, i) => (gone.has(i) ? 1 : size))
    : kept.map((i) => x.shape[i] as number);
  const y = backend.output(shape);
  // Neighbouring axes that are both kept or both reduced are one: [kept | reduced | kept] goes straight through.
  const groups: { reduced: boolean; size: number }[] = [];
  x.shape.forEach((size, i) => {
    if (size === 1) return;
    const reduced = gone.has(i);
    const last = groups.at(-1);
    if (last?.reduced === reduced) last.size *= size;
    else groups.push({ reduced, size });
  });
  if (groups[0]?.reduced !== false) groups.unshift({ reduced: false, size: 1 });
  if (groups.length <= 3) {
    const sizes = [groups[0]?.size ?? 1, groups[1]?.size ?? 1, groups[2]?.size ?? 1] as const;
    reduceMiddle(backend, name, backend.address(x), backend.address(y), sizes, factor);
    return y;
  }
  const moved = transpose(backend, x, [...kept, ...axes]);
  const length = sizeOf(axes.map((i) => x.shape[i] as number));
  const sizes = [sizeOf(x.shape) / length, length, 1] as const;
  reduceMiddle(backend, name, backend.address(moved), backend.address(y), sizes, factor);
  backend.free(moved);
  return y;
}

const nonEmptyFloat = (call: Call): boolean => {
  const x = Object.values(call.inputs)[0];
  return isFloat(x) && sizeOf((x as TensorInfo).shape) > 0;
};

function reductionKernel(name: 'Sum' | 'Max' | 'Min' | 'Prod', axisName: string): KernelDefinition {
  return {
    name,
    accepts: nonEmptyFloat,
    compute: (call) => {
      const x = input(call, 'x');
      const axes = normalisedAxes(attribute(call, axisName), x.shape.length);
      return reduce(call.backend, name, x, axes, attribute<boolean>(call, 'keepDims') ?? false);
    },
  };
}

export const reductionKernels: KernelDefinition[] = [
  reductionKernel('Sum', 'axis'),
  reductionKernel('Max', 'reductionIndices'),
  reductionKernel('Min', 'axis'),
  reductionKernel('Prod', 'axis'),
  {
    name: 'Mean',
    accepts: nonEmptyFloat,
    compute: (call) => {
      const x = input(call, 'x');
      const axes = normalisedAxes(attribute(call, 'axis'), x.shape.length);
      const count = sizeOf(axes.map((i) => x.shape[i] as number));
      return reduce(call.backend, 'Sum', x, axes, attribute<boolean>(call, 'keepDims') ?? false, 1 / count);
    },
  },
  {
    name: 'Softmax',
    accepts: (call) => {
      const { dtype, shape } = input(call, 'logits');
      const dim = attribute<number>(call, 'dim');
      return dtype === 'float32' && sizeOf(shape) > 0 && (dim === -1 || dim === shape.length - 1);
    },
    compute: (call) => {
      const { backend } = call;
      const x = input(call, 'logits');
      const y = backend.output(x.shape);
      const length = x.shape.at(-1) ?? 1;
      const n = sizeOf(x.shape);
      backend.run('softmax', [backend.address(x), backend.address(y), n / length, length], null, 6 * n);
      return y;
    },
  },
];
