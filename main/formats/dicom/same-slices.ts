import { depth } from './geometry.ts';
import type { Stack } from './stacks.ts';

/** Slices this close along their normal are one, mm: positions are written with about five digits. */
const TOLERANCE = 0.05;

const known = new WeakMap<Stack, readonly number[]>();

/** Of its slices along their normal, mm, ascending. */
export function depthsOf(stack: Stack): readonly number[] {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const depths = stack.frames.map(depth);
  known.set(stack, depths);
  return depths;
}

/** Whether two stacks show the same slices. */
export function sameSlices(a: Stack, b: Stack): boolean {
  const [of, other] = [depthsOf(a), depthsOf(b)];
  return of.length === other.length && of.every((at, i) => Math.abs(at - other[i]!) < TOLERANCE);
}

/** Whether they have any slice in common. */
export function overlaps(a: Stack, b: Stack): boolean {
  const [of, other] = [depthsOf(a), depthsOf(b)];
  for (let i = 0, k = 0; i < of.length && k < other.length;) {
    const distance = of[i]! - other[k]!;
    if (Math.abs(distance) < TOLERANCE) return true;
    if (distance < 0) i++;
    else k++;
  }
  return false;
}
