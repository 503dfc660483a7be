import type { TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, slice_util } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { fill } from './elementwise.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, isFloat, normalisedAxes, sizeOf } from './kernel.ts';
import { copyBox, outerAxes, stridesOf, transpose } from './copies.ts';

const wordSized = (x: TensorInfo): boolean => x.dtype === 'float32' || x.dtype === 'int32';

/** Ranks up to this always fit the copying kernel. */
const easyRank = outerAxes + 1;
const copyable = (call: Call): boolean => {
  const x = input(call, 'x');
  return wordSized(x) && x.shape.length <= easyRank;
};

function slice(backend: CpuSimdBackend, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const strides = stridesOf(x.shape);
  const y = backend.output(size, x.dtype);
  const start = begin.reduce((sum, b, i) => sum + b * (strides[i] as number), 0);
  const from = { address: backend.address(x) + 4 * start, strides };
  copyBox(backend, size, from, { address: backend.address(y), strides: stridesOf(size) });
  return y;
}

function concat(backend: CpuSimdBackend, tensors: readonly TensorInfo[], axis: number): TensorInfo {
  const shape = backend_util.computeOutShape(
    tensors.map(({ shape: s }) => s),
    axis,
  );
  const y = backend.output(shape, tensors[0]?.dtype);
  const strides = stridesOf(shape);
  let at = 0;
  for (const x of tensors) {
    const to = { address: backend.address(y) + 4 * at * (strides[axis] as number), strides };
    copyBox(backend, x.shape, { address: backend.address(x), strides: stridesOf(x.shape) }, to);
    at += x.shape[axis] as number;
  }
  return y;
}

function split(backend: CpuSimdBackend, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] {
  let at = 0;
  return sizes.map((length) => {
    const begin = x.shape.map((_, i) => (i === axis ? at : 0));
    at += length;
    const size = x.shape.map((s, i) => (i === axis ? length : s));
    return slice(backend, x, begin, size);
  });
}

const reshapeKernels: KernelDefinition[] = [
  {
    name: 'Identity',
    compute: (call) => call.backend.view(input(call, 'x'), input(call, 'x').shape),
  },
  {
    name: 'Reshape',
    compute: (call) => {
      const x = input(call, 'x');
      return call.backend.view(x, inferredShape(attribute<number[]>(call, 'shape'), sizeOf(x.shape)));
    },
  },
  {
    name: 'ExpandDims',
    compute: (call) => {
      const x = input(call, 'input');
      const dim = attribute<number>(call, 'dim');
      const shape = [...x.shape];
      shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
      return call.backend.view(x, shape);
    },
  },
];

function inferredShape(shape: readonly number[], size: number): number[] {
  const known = shape.reduce((product, s) => (s < 0 ? product : product * s), 1);
  return shape.map((s) => (s < 0 ? size / known : s));
}

export const layoutKernels: KernelDefinition[] = [
  ...reshapeKernels,
  {
    name: 'Transpose',
    accepts: copyable,
    compute: (call) => transpose(call.backend, input(call, 'x'), attribute(call, 'perm')),
  },
  {
    name: 'Slice',
    accepts: copyable,
    compute: (call) => {
      const x = input(call, 'x');
      const [begin, size] = slice_util.parseSliceParams(
        x as never,
        attribute<number[]>(call, 'begin'),
        attribute<number[]>(call, 'size'),
      ) as [number[], number[]];
      slice_util.assertParamsValid(x as never, begin, size);
      return slice(call.backend, x, begin, size);
    },
  },
  {
    name: 'SplitV',
    accepts: copyable,
    compute: (call) => {
      const x = input(call, 'x');
      const axis = normalisedAxes(attribute<number>(call, 'axis'), x.shape.length)[0] as number;
      const sizes = backend_util.prepareSplitSize(x as never, attribute<number[]>(call, 'numOrSizeSplits'), axis);
      return split(call.backend, x, axis, sizes);
    },
  },
  {
    name: 'Unpack',
    accepts: (call) => wordSized(input(call, 'value')) && input(call, 'value').shape.length <= easyRank,
    compute: (call) => {
      const x = input(call, 'value');
      const axis = normalisedAxes(attribute<number>(call, 'axis'), x.shape.length)[0] as number;
      const shape = x.shape.filter((_, i) => i !== axis);
      const ones = Array<number>(x.shape[axis] as number).fill(1);
      return split(call.backend, x, axis, ones).map((part) => ({ ...part, shape }));
    },
  },
  {
    name: 'Concat',
    accepts: ({ inputs }) => {
      const tensors = Object.values(inputs) as TensorInfo[];
      const [first] = tensors;
      return tensors.every((x) => wordSized(x) && x.dtype === first?.dtype && x.shape.length <= easyRank);
    },
    compute: ({ inputs, attrs, backend }) => {
      const tensors = Object.values(inputs) as TensorInfo[];
      const axis = normalisedAxes(attrs['axis'] as number, tensors[0]?.shape.length ?? 1)[0] as number;
      return concat(backend, tensors, axis);
    },
  },
  {
    name: 'Pack',
    accepts: ({ inputs }) => {
      const tensors = Object.values(inputs) as TensorInfo[];
      return tensors.every((x) => wordSized(x) && x.dtype === tensors[0]?.dtype && x.shape.length < easyRank);
    },
    compute: ({ inputs, attrs, backend }) => {
      const tensors = Object.values(inputs) as TensorInfo[];
      const rank = (tensors[0]?.shape.length ?? 0) + 1;
      const axis = normalisedAxes(attrs['axis'] as number, rank)[0] as number;
      const expanded = tensors.map((x) => ({ ...x, shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)] }));
      return concat(backend, expanded, axis);
    },
  },
  {
    name: 'PadV2',
    accepts: (call) => copyable(call) && isFloat(input(call, 'x')),
    compute: (call) => {
      const { backend } = call;
      const x = input(call, 'x');
      const paddings = attribute<[number, number][]>(call, 'paddings');
      const shape = x.shape.map((size, i) => size + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0));
      const y = fill(backend, shape, attribute<number>(call, 'constantValue') ?? 0);
      const strides = stridesOf(shape);
      const start = strides.reduce((sum, stride, i) => sum + stride * (paddings[i]?.[0] ?? 0), 0);
      const from = { address: backend.address(x), strides: stridesOf(x.shape) };
      copyBox(backend, x.shape, from, { address: backend.address(y) + 4 * start, strides });
      return y;
    },
  },
  {
    name: 'Reverse',
    accepts: copyable,
    compute: (call) => {
      const { backend } = call;
      const x = input(call, 'x');
      const axes = new Set(normalisedAxes(attribute<number[]>(call, 'dims'), x.shape.length));
      const strides = stridesOf(x.shape);
      const y = backend.output(x.shape, x.dtype);
      let start = 0;
      for (const axis of axes) start += ((x.shape[axis] as number) - 1) * (strides[axis] as number);
      const from = {
        address: backend.address(x) + 4 * start,
        strides: strides.map((stride, i) => (axes.has(i) ? -stride : stride)),
      };
      copyBox(backend, x.shape, from, { address: backend.address(y), strides });
      return y;
    },
  },
  {
    name: 'Tile',
    // Each axis becomes (repetition, axis); what is not one of them of size 1 must fit the copying kernel.
    accepts: (call) => {
      const { shape } = input(call, 'x');
      const parts = [...shape, ...attribute<number[]>(call, 'reps')];
      return wordSized(input(call, 'x')) && parts.filter((size) => size !== 1).length <= easyRank;
    },
    compute: (call) => {
      const { backend } = call;
      const x = input(call, 'x');
      const reps = attribute<number[]>(call, 'reps');
      const shape = x.shape.map((size, i) => size * (reps[i] as number));
      const y = backend.output(shape, x.dtype);
      const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
      const sizes = x.shape.flatMap((size, i) => [reps[i] as number, size]);
      const source = { address: backend.address(x), strides: from.flatMap((stride) => [0, stride]) };
      const target = {
        address: backend.address(y),
        strides: to.flatMap((stride, i) => [stride * (x.shape[i] as number), stride]),
      };
      copyBox(backend, sizes, source, target);
      return y;
    },
  },
  {
    name: 'BroadcastTo',
    accepts: (call) => wordSized(input(call, 'x')) && attribute<number[]>(call, 'shape').length <= easyRank,
    compute: (call) => {
      const { backend } = call;
      const x = input(call, 'x');
      const shape = attribute<number[]>(call, 'shape');
      const own = stridesOf(x.shape);
      const missing = shape.length - x.shape.length;
      const strides = shape.map((_, i) =>
        i < missing || x.shape[i - missing] === 1 ? 0 : (own[i - missing] as number),
      );
      const y = backend.output(shape, x.dtype);
      copyBox(
        backend,
        shape,
        { address: backend.address(x), strides },
        { address: backend.address(y), strides: stridesOf(shape) },
      );
      return y;
    },
  },
];
