/** How two operands run through a common result: dense rows of `inner` elements, and strides (in elements) of the outer axes. */
export interface BroadcastPlan {
  shape: number[];
  inner: number;
  outer: number;
  /** Whether each operand advances along a row (1) or stays on one element (0). */
  steps: [number, number];
  /** Sizes of the outer axes, first to last, padded in front with 1 to `axes`. */
  sizes: number[];
  strides: [number[], number[]];
}

/** Outer axes that the kernels take. */
const axes = 5;

/** Merges neighbouring axes that both operands walk alike; undefined where more axes remain than the kernels take. */
export function planBroadcast(a: readonly number[], b: readonly number[]): BroadcastPlan | undefined {
  const rank = Math.max(a.length, b.length);
  const padded = (s: readonly number[]): number[] => [...Array<number>(rank - s.length).fill(1), ...s];
  const [pa, pb] = [padded(a), padded(b)];
  const shape = pa.map((size, i) => (size === 1 ? (pb[i] as number) : size));
  const [sa, sb] = [broadcastStrides(pa, shape), broadcastStrides(pb, shape)];
  const merged: { size: number; a: number; b: number }[] = [];
  for (let i = rank - 1; i >= 0; i--) {
    const size = shape[i] as number;
    if (size === 1) continue;
    const axis = { size, a: sa[i] as number, b: sb[i] as number };
    const last = merged.at(-1);
    if (last !== undefined && axis.a === last.a * last.size && axis.b === last.b * last.size) last.size *= size;
    else merged.push(axis);
  }
  const row = merged[0] ?? { size: 1, a: 1, b: 1 };
  const outer = merged.slice(1).reverse();
  if (outer.length > axes) return undefined;
  const fill = <T>(value: T): T[] => Array<T>(axes - outer.length).fill(value);
  return {
    shape,
    inner: row.size,
    outer: outer.reduce((n, { size }) => n * size, 1),
    steps: [row.a, row.b],
    sizes: [...fill(1), ...outer.map(({ size }) => size)],
    strides: [
      [...fill(0), ...outer.map((axis) => axis.a)],
      [...fill(0), ...outer.map((axis) => axis.b)],
    ],
  };
}

function broadcastStrides(shape: readonly number[], result: readonly number[]): number[] {
  const strides = Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] as number;
    strides[i] = size === 1 && result[i] !== 1 ? 0 : stride;
    stride *= size;
  }
  return strides;
}
