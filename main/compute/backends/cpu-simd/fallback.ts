import type {
  BackendValues,
  DataType,
  KernelBackend,
  KernelConfig,
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { engine, getKernel, getKernelsForBackend } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from './backend.ts';

// Operations without a kernel of ours run on TensorFlow.js' plain JavaScript kernels: the inputs are copied to a `cpu` backend, the results
// back. That is slow, so each is counted.

const counts = new Map<string, number>();

/** How often each operation has run in plain JavaScript because cpu-simd has no kernel for it (or not for those arguments). */
export function fallbackCounts(): Record<string, number> {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** Begins counting anew. */
export function resetFallbackCounts(): void {
  counts.clear();
}

/** The part of TensorFlow.js' `cpu` backend that its type does not show. */
interface PlainCpu extends KernelBackend {
  firstUse: boolean;
  makeTensorInfo(shape: number[], dtype: DataType, values: BackendValues): TensorInfo;
}

export interface KernelArguments {
  inputs: NamedTensorInfoMap;
  attrs?: NamedAttrMap;
  backend: CpuSimdBackend;
}

/** Runs one operation on the `cpu` backend with copied inputs. */
export function runOnPlainCpu(name: string, { inputs, attrs, backend }: KernelArguments): TensorInfo | TensorInfo[] {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  const kernel = getKernel(name, 'cpu') as KernelConfig;
  const cpu = engine().findBackend('cpu') as PlainCpu;
  cpu.firstUse = false; // no banner about installing another backend
  const owned: TensorInfo[] = [];
  const lend = (tensor: TensorInfo): TensorInfo => {
    const copy = cpu.makeTensorInfo(tensor.shape, tensor.dtype, backend.readSync(tensor.dataId));
    owned.push(copy);
    return copy;
  };
  const isTensor = (value: unknown): value is TensorInfo => value !== null && value !== undefined;
  const lent = Array.isArray(inputs)
    ? inputs.map(lend)
    : Object.fromEntries(
        Object.entries(inputs)
          .filter(([, t]) => isTensor(t))
          .map(([key, t]) => [key, lend(t as TensorInfo)]),
      );
  const result = (kernel.kernelFunc as KernelFunc)({
    inputs: lent as NamedTensorInfoMap,
    attrs: attrs ?? {},
    backend: cpu,
  });
  const results = Array.isArray(result) ? result : [result];
  const taken = results.map((tensor) => ({
    dataId: backend.write(cpu.readSync(tensor.dataId), tensor.shape, tensor.dtype),
    shape: tensor.shape,
    dtype: tensor.dtype,
  }));
  for (const tensor of [...owned, ...results]) cpu.disposeData(tensor.dataId);
  return Array.isArray(result) ? taken : (taken[0] as TensorInfo);
}

/** Kernels of the `cpu` backend that are not in `own`, wrapped for cpu-simd. */
export function fallbackKernels(own: ReadonlySet<string>): { kernelName: string; kernelFunc: KernelFunc }[] {
  return getKernelsForBackend('cpu')
    .filter(({ kernelName }) => !own.has(kernelName))
    .map(({ kernelName }) => ({
      kernelName,
      kernelFunc: ((args: unknown) => runOnPlainCpu(kernelName, args as KernelArguments)) as KernelFunc,
    }));
}
