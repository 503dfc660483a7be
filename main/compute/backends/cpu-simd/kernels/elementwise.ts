import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { binaryCode, compareCode, convertCode, logicCode, unaryCode } from '../operation-codes.ts';
import { planBroadcast } from './broadcast.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, isFloat, sizeOf } from './kernel.ts';

type UnaryName = keyof typeof unaryCode;
type BinaryName = keyof typeof binaryCode;

/** Rough cost of an operation on one element beside an addition: decides when a second thread pays. */
const cost: Partial<Record<UnaryName | BinaryName, number>> = {
  Exp: 4,
  Log: 4,
  Sigmoid: 5,
  Tanh: 5,
  Softplus: 8,
  Silu: 5,
  SiluGrad: 5,
  Sin: 20,
  Cos: 20,
};

/** y = f(x), elementwise. */
export function unary(backend: CpuSimdBackend, name: UnaryName, x: TensorInfo, p = 0, q = 0): TensorInfo {
  const y = backend.output(x.shape);
  const n = sizeOf(x.shape);
  const words = [unaryCode[name], backend.address(x), backend.address(y), n];
  backend.run('mapUnary', words, { 4: p, 5: q }, n * (cost[name] ?? 1));
  return y;
}

/** f(a, b) with broadcasting, or undefined for shapes that the kernel does not take. */
export function binary(
  backend: CpuSimdBackend,
  name: BinaryName,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo | undefined {
  const plan = planBroadcast(a.shape, b.shape);
  if (plan === undefined) return undefined;
  const y = backend.output(plan.shape);
  const words = [binaryCode[name], backend.address(a), backend.address(b), backend.address(y), ...planWords(plan)];
  backend.run('mapBinary', words, null, plan.inner * plan.outer * (cost[name] ?? 1));
  return y;
}

/** a ← a + b, of one shape. */
export function addInto(backend: CpuSimdBackend, a: TensorInfo, b: TensorInfo): void {
  const plan = planBroadcast(a.shape, b.shape)!;
  const to = backend.address(a);
  backend.run('mapBinary', [binaryCode.Add, to, backend.address(b), to, ...planWords(plan)], null, sizeOf(a.shape));
}

function planWords({ inner, outer, steps, sizes, strides }: NonNullable<ReturnType<typeof planBroadcast>>): number[] {
  const bytes = (list: number[]): number[] => list.map((s) => 4 * s);
  return [inner, ...steps, outer, ...sizes, ...bytes(strides[0]), ...bytes(strides[1])];
}

const firstFloat = (call: Call): boolean => isFloat(Object.values(call.inputs)[0]);

function unaryKernel(name: UnaryName, parameters?: (call: Call) => [number, number]): KernelDefinition {
  return {
    name,
    accepts: firstFloat,
    compute: (call) => {
      const x = Object.values(call.inputs)[0] as TensorInfo;
      const [p, q] = parameters?.(call) ?? [0, 0];
      return unary(call.backend, name, x, p, q);
    },
  };
}

function binaryKernel(name: BinaryName, first = 'a', second = 'b'): KernelDefinition {
  return {
    name,
    accepts: (call) =>
      isFloat(input(call, first), input(call, second)) &&
      planBroadcast(input(call, first).shape, input(call, second).shape) !== undefined,
    compute: (call) => binary(call.backend, name, input(call, first), input(call, second)) as TensorInfo,
  };
}

function comparisonKernel(name: keyof typeof compareCode): KernelDefinition {
  return {
    name,
    accepts: (call) => {
      const [a, b] = [input(call, 'a'), input(call, 'b')];
      return a.dtype === b.dtype && (a.dtype === 'float32' || a.dtype === 'int32') && sizeOf(a.shape) > 0;
    },
    compute: (call) => {
      const { backend } = call;
      const [a, b] = [input(call, 'a'), input(call, 'b')];
      const plan = planBroadcast(a.shape, b.shape);
      if (plan === undefined) throw new Error('unreachable: comparisons of more than six unlike axes');
      const y = backend.output(plan.shape, 'bool');
      const words = [compareCode[name], backend.address(a), backend.address(b), backend.address(y), ...planWords(plan)];
      backend.run('compare', [...words, a.dtype === 'int32' ? 1 : 0], null, plan.inner * plan.outer);
      return y;
    },
  };
}

function logicKernel(name: keyof typeof logicCode): KernelDefinition {
  const operands = (call: Call): [TensorInfo, TensorInfo] => {
    const [a, b] = Object.values(call.inputs) as TensorInfo[];
    return [a as TensorInfo, b ?? (a as TensorInfo)];
  };
  return {
    name,
    accepts: (call) =>
      operands(call).every(({ dtype, shape }, _, [a]) => dtype === 'bool' && `${shape}` === `${a?.shape}`),
    compute: (call) => {
      const { backend } = call;
      const [a, b] = operands(call);
      const y = backend.output(a.shape, 'bool');
      const n = sizeOf(a.shape);
      const addresses = [a, b, y].map((tensor) => backend.address(tensor));
      backend.run('logic', [logicCode[name], ...addresses, n], null, n / 16);
      return y;
    },
  };
}

/** Conversion; the same type gives another view of the same data. */
export function cast(backend: CpuSimdBackend, x: TensorInfo, dtype: DataType): TensorInfo | undefined {
  if (x.dtype === dtype) return backend.view(x, x.shape);
  const code = convertCode[`${x.dtype}→${dtype}` as keyof typeof convertCode];
  if (code === undefined) return undefined;
  const y = backend.output(x.shape, dtype);
  const n = sizeOf(x.shape);
  backend.run('convert', [backend.address(x), backend.address(y), n, code], null, n);
  return y;
}

/** A constant tensor. */
export function fill(
  backend: CpuSimdBackend,
  shape: readonly number[],
  value: number,
  dtype: DataType = 'float32',
): TensorInfo {
  const y = backend.output(shape, dtype);
  if (dtype === 'bool') {
    backend.values(y).fill(value);
    return y;
  }
  const n = sizeOf(shape);
  const words = [backend.address(y), n, value];
  if (dtype === 'int32') backend.run('fill', words, null, n);
  else backend.run('fill', words, { 2: value }, n);
  return y;
}

const numeric = (dtype: DataType): boolean => dtype === 'float32' || dtype === 'int32' || dtype === 'bool';

export const elementwiseKernels: KernelDefinition[] = [
  ...(
    [
      'Square', 'Sqrt', 'Exp', 'Log', 'Sigmoid', 'Tanh', 'Abs', 'Sign', 'Neg', 'Rsqrt', 'Softplus', 'Relu', 'Reciprocal',
      'Silu', 'Relu6', 'Floor', 'Ceil', 'Round', 'Sin', 'Cos', 'Log1p',
    ] as const
  ).map((name) => unaryKernel(name)), // prettier-ignore
  unaryKernel('Step', (call) => [attribute<number>(call, 'alpha') ?? 0, 0]),
  unaryKernel('LeakyRelu', (call) => [attribute<number>(call, 'alpha') ?? 0.2, 0]),
  unaryKernel('ClipByValue', (call) => [attribute(call, 'clipValueMin'), attribute(call, 'clipValueMax')]),
  ...(['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference'] as const).map((name) =>
    binaryKernel(name),
  ),
  binaryKernel('SiluGrad', 'dy', 'x'),
  ...(['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'] as const).map(comparisonKernel),
  ...(['LogicalAnd', 'LogicalOr', 'LogicalNot'] as const).map(logicKernel),
  {
    name: 'AddN',
    accepts: (call) => isFloat(...Object.values(call.inputs)),
    compute: ({ inputs, backend }) => {
      const terms = Object.values(inputs) as TensorInfo[];
      let sum = backend.view(terms[0] as TensorInfo, (terms[0] as TensorInfo).shape);
      for (const term of terms.slice(1)) {
        const next = binary(backend, 'Add', sum, term) as TensorInfo;
        backend.free(sum);
        sum = next;
      }
      return sum;
    },
  },
  {
    name: 'Select',
    accepts: (call) =>
      isFloat(input(call, 't'), input(call, 'e')) &&
      (input(call, 'condition').shape.length === input(call, 't').shape.length ||
        input(call, 'condition').shape.length <= 1),
    compute: (call) => {
      const { backend } = call;
      const [condition, t, e] = [input(call, 'condition'), input(call, 't'), input(call, 'e')];
      const y = backend.output(t.shape);
      const n = sizeOf(t.shape);
      const words = [condition, t, e, y].map((tensor) => backend.address(tensor));
      backend.run('select', [...words, n, Math.max(1, n / sizeOf(condition.shape))], null, n);
      return y;
    },
  },
  {
    name: 'Cast',
    accepts: (call) => {
      const from = input(call, 'x').dtype;
      const to = attribute<DataType>(call, 'dtype');
      return numeric(from) && numeric(to);
    },
    compute: (call) => cast(call.backend, input(call, 'x'), attribute(call, 'dtype')) as TensorInfo,
  },
  {
    name: 'Fill',
    accepts: (call) => typeof call.attrs['value'] === 'number',
    compute: ({ attrs, backend }) => {
      const value = attrs['value'] as number;
      return fill(backend, attrs['shape'] as number[], value, (attrs['dtype'] as DataType | undefined) ?? 'float32');
    },
  },
  {
    name: 'ZerosLike',
    accepts: (call) => numeric(input(call, 'x').dtype),
    compute: (call) => fill(call.backend, input(call, 'x').shape, 0, input(call, 'x').dtype),
  },
  {
    name: 'OnesLike',
    accepts: (call) => numeric(input(call, 'x').dtype),
    compute: (call) => fill(call.backend, input(call, 'x').shape, 1, input(call, 'x').dtype),
  },
];
