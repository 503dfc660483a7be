import * as tf from '@tensorflow/tfjs-core';
import { KernelPool } from '../../../main/kernels/thread-pool.ts';

/** What one operation cost. */
export interface KernelTime {
  name: string;
  calls: number;
  /** Without the operations that it called itself. */
  seconds: number;
  /** Multiply-adds × 2 of the plain algorithm, where it is a product; else 0. */
  operations: number;
}

/**
 * Measures where a backend's time goes, by wrapping its kernels. Right only for backends that compute while they are called, which are all
 * that run on the processor.
 */
export class KernelTimes {
  private readonly times = new Map<string, KernelTime>();
  private readonly nested: number[] = [];
  private measuring = false;

  /** Puts a clock around every kernel of the active backend, those that are registered later among them. */
  constructor() {
    const engine = tf.engine();
    const runKernel = engine.runKernel.bind(engine);
    const wrapped = new Set<string>();
    engine.runKernel = ((name: string, inputs: tf.NamedTensorMap, attributes?: tf.NamedAttrMap) => {
      if (!wrapped.has(name)) {
        wrapped.add(name);
        this.wrap(name);
      }
      return runKernel(name, inputs, attributes);
    }) as typeof engine.runKernel;
  }

  start(): void {
    this.times.clear();
    this.measuring = true;
  }

  stop(): KernelTime[] {
    this.measuring = false;
    return [...this.times.values()].sort((a, b) => b.seconds - a.seconds);
  }

  /** Adds the time of `work` to a line of its own, less the time of kernels in it. */
  time<T>(name: string, operations: number, work: () => T): T {
    if (!this.measuring) return work();
    this.nested.push(0);
    const started = performance.now();
    try {
      return work();
    } finally {
      const seconds = (performance.now() - started) / 1000;
      const own = seconds - this.nested.pop()!;
      if (this.nested.length > 0) this.nested[this.nested.length - 1]! += seconds;
      const sum = this.times.get(name) ?? { name, calls: 0, seconds: 0, operations: 0 };
      sum.calls += 1;
      sum.seconds += own;
      sum.operations += operations;
      this.times.set(name, sum);
    }
  }

  private wrap(kernelName: string): void {
    const backendName = tf.getBackend();
    const kernel = tf.getKernel(kernelName, backendName);
    if (!kernel) return;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc: (args) => {
        const operations = operationsOf(kernelName, args);
        const strided = kernelName.includes('Conv2D') ? ` ${shapeOf(kernelName, args)}` : '';
        return this.time(`${kernelName}${strided}`, operations, () => kernel.kernelFunc(args));
      },
    });
  }
}

/** The same for the WebAssembly kernels below the operations of cpu-simd. */
export function timeWebAssembly(times: KernelTimes): void {
  const { run } = KernelPool.prototype;
  KernelPool.prototype.run = function (kernel, parallel) {
    times.time(kernel.name, 0, () => run.call(this, kernel, parallel));
  };
}

type Arguments = Parameters<tf.KernelFunc>[0];

interface Shapes {
  inputShape?: number[];
  filterShape?: number[];
  strides?: number | number[];
}

/** Shapes of image and filter of a convolution or one of its gradients. */
function convolutionShapes(name: string, { inputs, attrs }: Arguments): { filter: number[]; outputs: number } {
  const tensors = inputs as Record<string, tf.TensorInfo>;
  const { filterShape, inputShape, strides } = (attrs ?? {}) as Shapes;
  const filter = filterShape ?? tensors['filter']!.shape;
  const stride = [strides ?? 1].flat()[0]!;
  const image = name.startsWith('Conv2DBackprop') ? tensors['dy']!.shape : (tensors['x']?.shape ?? inputShape!);
  const [batch, rows, columns] = image as [number, number, number];
  const divide = name.startsWith('Conv2DBackprop') ? 1 : stride;
  return { filter, outputs: batch * Math.ceil(rows / divide) * Math.ceil(columns / divide) };
}

function shapeOf(name: string, args: Arguments): string {
  const stride = [((args.attrs ?? {}) as Shapes).strides ?? 1].flat()[0]!;
  return `${convolutionShapes(name, args).filter[0]}×${convolutionShapes(name, args).filter[0]}${stride === 1 ? '' : ` stride ${stride}`}`;
}

function operationsOf(name: string, args: Arguments): number {
  if (name.includes('Conv2D')) {
    const { filter, outputs } = convolutionShapes(name, args);
    return 2 * outputs * filter.reduce((a, b) => a * b, 1);
  }
  if (!name.includes('MatMul')) return 0;
  const { a, b } = args.inputs as Record<string, tf.TensorInfo>;
  const { transposeA, transposeB } = (args.attrs ?? {}) as { transposeA?: boolean; transposeB?: boolean };
  const size = (t: tf.TensorInfo): number => t.shape.reduce((x, y) => x * y, 1);
  const depth = a!.shape.at(transposeA === true ? -2 : -1)!;
  const columns = b!.shape.at(transposeB === true ? -2 : -1)!;
  const rows = Math.max(size(a!) / depth, size(b!) / columns / depth);
  return 2 * rows * depth * columns;
}
