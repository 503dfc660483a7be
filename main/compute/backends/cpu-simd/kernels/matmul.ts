import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { activated, plainFusion } from './fused-activation.ts';
import { multiplyRows, outerRows } from './implicit-product.ts';
import { binary } from './elementwise.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, isFloat, sizeOf } from './kernel.ts';

const rounded = (n: number): number => Math.ceil(n / 16) * 16;

/** C = op(A)·op(B) over leading batch axes that are equal, or one where the other is many. */
function matmul(
  backend: CpuSimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  bias?: TensorInfo,
): TensorInfo {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? rowsB : columnsB;
  const [itemsA, itemsB] = [sizeOf(a.shape.slice(0, -2)), sizeOf(b.shape.slice(0, -2))];
  const items = Math.max(itemsA, itemsB);
  const c = backend.output([...(itemsA >= itemsB ? a : b).shape.slice(0, -2), m, n]);
  const [from, by, to] = [a, b, c].map((tensor) => backend.address(tensor)) as [number, number, number];
  if (items === 1 && transposeA && !transposeB && bias === undefined) {
    outerRows(backend, from, k, m, by, n, to);
    return c;
  }
  if (!transposeA && itemsB === 1) {
    // One right-hand side: all rows of all items are one tall matrix.
    const strides: [number, number, number, number] = transposeB ? [0, 0, 4, 4 * k] : [0, 0, 4 * n, 4];
    const filter = { base: by, channels: k, n, strides, bias: bias === undefined ? 0 : backend.address(bias) };
    multiplyRows(backend, from, items * m, filter, to);
    return c;
  }
  const floats = [64, n + 8, 2 * (m + 6), k * (n + 8), k * m].reduce((sum, size) => sum + rounded(size) + 16, 0);
  const perThread = 4 * floats;
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const steps = [itemsA === 1 ? 0 : m * k, itemsB === 1 ? 0 : k * n];
    const words = [from, by, to, items, m, n, k, transposeA ? 1 : 0, transposeB ? 1 : 0, ...steps, scratch, perThread];
    backend.run('batchMatMul', words, null, items * m * n * k);
  });
  if (bias === undefined) return c;
  const sum = binary(backend, 'Add', c, bias) as TensorInfo;
  backend.free(c);
  return sum;
}

function simple(call: Call): boolean {
  const [a, b] = [input(call, 'a'), input(call, 'b')];
  if (!isFloat(a, b) || sizeOf(a.shape) * sizeOf(b.shape) === 0) return false;
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [itemsA, itemsB] = [sizeOf(batchA), sizeOf(batchB)];
  if (itemsA === 1 || itemsB === 1) return a.shape.length === b.shape.length;
  return batchA.length === batchB.length && batchA.every((size, i) => size === batchB[i]);
}

const flag = (call: Call, name: string): boolean => attribute<boolean | undefined>(call, name) ?? false;

/** Columns of the product. */
const columns = (call: Call): number => input(call, 'b').shape.at(flag(call, 'transposeB') ? -2 : -1) ?? 0;

export const matmulKernels: KernelDefinition[] = [
  {
    name: 'BatchMatMul',
    accepts: simple,
    compute: (call) =>
      matmul(call.backend, input(call, 'a'), input(call, 'b'), flag(call, 'transposeA'), flag(call, 'transposeB')),
  },
  {
    name: '_FusedMatMul',
    accepts: (call) => simple(call) && plainFusion(call, columns(call)),
    compute: (call) => {
      const [a, b, bias] = [input(call, 'a'), input(call, 'b'), call.inputs['bias']];
      const product = matmul(call.backend, a, b, flag(call, 'transposeA'), flag(call, 'transposeB'), bias ?? undefined);
      return activated(call, product);
    },
  },
];
