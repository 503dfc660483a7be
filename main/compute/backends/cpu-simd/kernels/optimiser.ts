import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, sizeOf } from './kernel.ts';

/** Words of an entry of the tables that the kernels read (assembly/_adam.ts, assembly/_reduce.ts). */
const ADAM_ENTRY = 6;
const SQUARES_ENTRY = 2;
/** Elements that are summed in single precision; their sums are added in double. */
const BLOCK = 4096;

/** Runs `body` with the address of a table of 32-bit words. */
function withTable(backend: CpuSimdBackend, words: number[], body: (address: number) => void): void {
  backend.withScratch(4 * words.length, (address) => {
    new Int32Array(backend.pool.memory.buffer, address, words.length).set(words);
    body(address);
  });
}

/** Inputs in fives, or fours without a moving average: value, gradient, m, v, ema. */
function adamW(call: Call): TensorInfo[] {
  const { backend } = call;
  const number = (name: string): number => attribute<number>(call, name);
  const tensors = Object.values(call.inputs) as TensorInfo[];
  const each = attribute<boolean>(call, 'averaged') ? 5 : 4;
  const words: number[] = [];
  let elements = 0;
  for (let first = 0; first < tensors.length; first += each) {
    const own = tensors.slice(first, first + each);
    const n = sizeOf(own[0]!.shape);
    elements += n;
    words.push(...own.map((tensor) => backend.address(tensor)), ...(each === 4 ? [0] : []), n);
  }
  const [rate, step] = [number('learningRate'), number('step')];
  const reals = {
    ...{ 2: number('beta1'), 3: number('beta2'), 4: number('epsilon'), 5: 1 - rate * number('weightDecay') },
    ...{ 6: rate / (1 - number('beta1') ** step), 7: 1 / Math.sqrt(1 - number('beta2') ** step) },
    ...{ 8: number('gradientScale'), 9: number('emaDecay') },
  };
  withTable(backend, words, (table) => {
    backend.run('adamW', [table, words.length / ADAM_ENTRY], reals, 8 * elements);
  });
  return [];
}

/** Σx² over all inputs. */
function sumOfSquares({ backend, inputs }: Call): TensorInfo {
  const tensors = Object.values(inputs) as TensorInfo[];
  const sizes = tensors.map(({ shape }) => sizeOf(shape));
  const words = tensors.flatMap((tensor, i) => [backend.address(tensor), sizes[i]!]);
  const blocks = sizes.reduce((sum, size) => sum + Math.ceil(size / BLOCK), 0);
  const elements = sizes.reduce((sum, size) => sum + size, 0);
  const y = backend.output([]);
  withTable(backend, words, (table) => {
    backend.withScratch(4 * blocks, (partial) => {
      backend.run('squaresOfAll', [table, words.length / SQUARES_ENTRY, BLOCK, partial, blocks], null, elements);
      const sums = new Float32Array(backend.pool.memory.buffer, partial, blocks);
      backend.values(y)[0] = sums.reduce((total, sum) => total + sum, 0);
    });
  });
  return y;
}

export const optimiserKernels: KernelDefinition[] = [
  { name: 'AdamWEma', compute: adamW },
  { name: 'SumOfSquares', compute: sumOfSquares },
];
