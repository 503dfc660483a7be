import type { ComplexArray } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';
import { engine } from './engine.ts';
import type { AxisTransform, FftDirection } from './fft-steps.ts';

export type { AxisTransform, FftDirection } from './fft-steps.ts';

/**
 * Centred orthonormal transform of the last two axes, image → k-space:
 * K[u, v] = (1/√(R·C))·Σ I[y, x]·exp(−2πi((u−⌊R/2⌋)(y−⌊R/2⌋)/R + (v−⌊C/2⌋)(x−⌊C/2⌋)/C)).
 * Any leading axes (coils, slices) are a batch. Returns a new array of the same shape.
 */
export function fft2c(image: ComplexArray): ComplexArray {
  return transformLastAxes(image, [
    { along: 'rows', direction: 'forward' },
    { along: 'columns', direction: 'forward' },
  ]);
}

/** Centred orthonormal inverse transform of the last two axes, k-space → image: the inverse of {@link fft2c}. */
export function ifft2c(kspace: ComplexArray): ComplexArray {
  return transformLastAxes(kspace, [
    { along: 'rows', direction: 'inverse' },
    { along: 'columns', direction: 'inverse' },
  ]);
}

/** Centred orthonormal transform along one axis (negative = from the end). Returns a new array of the same shape. */
export function fft1c(input: ComplexArray, axis: number, direction: FftDirection): ComplexArray {
  check(input, 1);
  const at = axis < 0 ? input.shape.length + axis : axis;
  const length = input.shape[at];
  if (length === undefined) throw new RangeError(`There is no axis ${axis} in an array of ${input.shape.length} axes`);
  const outer = input.shape.slice(0, at);
  const rest = product(input.shape.slice(at + 1));
  // A plane is the axis with all that comes after it; for the last axis, with the one before.
  const { data } =
    rest > 1
      ? transformLastAxes({ shape: [product(outer), length, rest], data: input.data }, [{ along: 'rows', direction }])
      : transformLastAxes({ shape: [...outer.slice(0, -1), outer.at(-1) ?? 1, length], data: input.data }, [
          { along: 'columns', direction },
        ]);
  return { shape: input.shape, data };
}

/**
 * Several centred orthonormal transforms of the last two axes, one after the other, each of which may keep only a part
 * of its axis. Returns a new array.
 */
export function transformLastAxes(input: ComplexArray, steps: readonly AxisTransform[]): ComplexArray {
  check(input, 2);
  const [rows, columns] = input.shape.slice(-2) as [number, number];
  const batch = input.shape.slice(0, -2);
  const planes = { planes: product(batch), rows, columns, data: input.data };
  const result = engine().transformPlanes(planes, steps);
  return { shape: [...batch, result.rows, result.columns], data: result.data };
}

function check({ shape, data }: ComplexArray, leastAxes: number): void {
  if (shape.length >= leastAxes && data.length === 2 * product(shape)) return;
  throw new IsochromatError({
    code: 'complex-array-shape',
    sentence: 'The complex array does not have the shape it claims.',
    expected: `at least ${leastAxes} axes and ${2 * product(shape)} numbers for shape ${shape.join(' × ')}`,
    found: `${shape.length} axes and ${data.length} numbers`,
  });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
