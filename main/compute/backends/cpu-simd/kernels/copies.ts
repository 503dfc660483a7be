// Copies between layouts of an array: what slices, transposes, concatenations and pads are made of.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';

/** Outer axes that the copying kernel takes beside the innermost one. */
export const outerAxes = 5;

export function stridesOf(shape: readonly number[]): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] as number) * (shape[i + 1] as number);
  return strides;
}

/** Copies a box of `sizes` elements between two layouts; starts and strides in elements. False where too many axes remain. */
export function copyBox(
  backend: CpuSimdBackend,
  sizes: readonly number[],
  from: { address: number; strides: readonly number[] },
  to: { address: number; strides: readonly number[] },
): boolean {
  if (sizes.some((size) => size === 0)) return true;
  const merged: { size: number; from: number; to: number }[] = [];
  for (let i = sizes.length - 1; i >= 0; i--) {
    const size = sizes[i] as number;
    if (size === 1) continue;
    const axis = { size, from: from.strides[i] as number, to: to.strides[i] as number };
    const last = merged.at(-1);
    if (last !== undefined && axis.from === last.from * last.size && axis.to === last.to * last.size) last.size *= size;
    else merged.push(axis);
  }
  let inner = merged[0] ?? { size: 1, from: 1, to: 1 };
  let outer = merged.slice(1).reverse();
  const dense = inner.from === 1 && inner.to === 1;
  if (outer.length === 0 && inner.size > 65_536 && inner.size % 64 === 0 && dense) {
    // One long run: rows of it, so that threads can share it.
    outer = [{ size: inner.size / 64, from: 64, to: 64 }];
    inner = { size: 64, from: 1, to: 1 };
    while ((outer[0]?.size ?? 1) % 2 === 0 && inner.size < 8192) {
      inner.size *= 2;
      outer = [{ size: (outer[0]?.size ?? 2) / 2, from: inner.size, to: inner.size }];
    }
  }
  if (outer.length > outerAxes) return false;
  const fillIn = (value: number): number[] => Array<number>(outerAxes - outer.length).fill(value);
  const count = outer.reduce((n, { size }) => n * size, 1);
  backend.run(
    'copyStrided',
    [
      ...[from.address, to.address, inner.size, 4 * inner.from, 4 * inner.to],
      ...[...fillIn(1), ...outer.map(({ size }) => size)],
      ...[...fillIn(0), ...outer.map((axis) => 4 * axis.from)],
      ...[...fillIn(0), ...outer.map((axis) => 4 * axis.to)],
      count,
    ],
    null,
    count * inner.size * (dense ? 1 : 4),
  );
  return true;
}

/** `[rows, 2·n]` → two of `[rows, n]`. */
export function splitColumns(backend: CpuSimdBackend, x: TensorInfo): [TensorInfo, TensorInfo] {
  const [rows, columns] = x.shape as [number, number];
  const n = columns / 2;
  const half = (first: number): TensorInfo => {
    const y = backend.output([rows, n]);
    const from = { address: backend.address(x) + 4 * first, strides: [columns, 1] };
    copyBox(backend, [rows, n], from, { address: backend.address(y), strides: [n, 1] });
    return y;
  };
  return [half(0), half(n)];
}

/** Two of `[rows, n]` → `[rows, 2·n]`. */
export function joinColumns(backend: CpuSimdBackend, left: TensorInfo, right: TensorInfo): TensorInfo {
  const [rows, n] = left.shape as [number, number];
  const y = backend.output([rows, 2 * n]);
  [left, right].forEach((half, i) => {
    const to = { address: backend.address(y) + 4 * i * n, strides: [2 * n, 1] };
    copyBox(backend, [rows, n], { address: backend.address(half), strides: [n, 1] }, to);
  });
  return y;
}

/** Axes in another order; perm as in TensorFlow.js. */
export function transpose(backend: CpuSimdBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const strides = stridesOf(x.shape);
  const shape = perm.map((axis) => x.shape[axis] as number);
  const y = backend.output(shape, x.dtype);
  const from = { address: backend.address(x), strides: perm.map((axis) => strides[axis] as number) };
  copyBox(backend, shape, from, { address: backend.address(y), strides: stridesOf(shape) });
  return y;
}
