import type { ComplexArray } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';
import { LineFft, newLine } from './fft-line.ts';
import type { Line } from './fft-butterflies.ts';

/** `forward` = image → k-space, exp(−2πi…); `inverse` = k-space → image, exp(+2πi…). */
export type FftDirection = 'forward' | 'inverse';

/**
 * Centred orthonormal transform of the last two axes, image → k-space:
 * K[u, v] = (1/√(R·C))·Σ I[y, x]·exp(−2πi((u−⌊R/2⌋)(y−⌊R/2⌋)/R + (v−⌊C/2⌋)(x−⌊C/2⌋)/C)).
 * Any leading axes (coils, slices) are a batch. Returns a new array of the same shape.
 */
export function fft2c(image: ComplexArray): ComplexArray {
  return bothAxes(image, 'forward');
}

/** Centred orthonormal inverse transform of the last two axes, k-space → image: the inverse of {@link fft2c}. */
export function ifft2c(kspace: ComplexArray): ComplexArray {
  return bothAxes(kspace, 'inverse');
}

/** Centred orthonormal transform along one axis (negative = from the end). Returns a new array of the same shape. */
export function fft1c(input: ComplexArray, axis: number, direction: FftDirection): ComplexArray {
  const out = copyOf(input, 1);
  alongAxis(out, axis < 0 ? out.shape.length + axis : axis, direction);
  return out;
}

function bothAxes(input: ComplexArray, direction: FftDirection): ComplexArray {
  const out = copyOf(input, 2);
  alongAxis(out, out.shape.length - 2, direction);
  alongAxis(out, out.shape.length - 1, direction);
  return out;
}

/** In place. The shifts that centre the transform are folded into the indices of reading and writing. */
function alongAxis({ shape, data }: ComplexArray, axis: number, direction: FftDirection): void {
  const length = shape[axis];
  if (length === undefined) {
    throw new RangeError(`There is no axis ${axis} in an array of ${shape.length} axes`);
  }
  if (data.length === 0 || length === 1) return;
  const stride = product(shape.slice(axis + 1));
  const batch = product(shape.slice(0, axis));
  const fft = new LineFft(length);
  const line = newLine(length);
  // The inverse transform is the forward one with real and imaginary parts exchanged, before and after.
  const input: Line = direction === 'forward' ? line : { re: line.im, im: line.re };
  const centre = Math.floor(length / 2);
  const norm = 1 / Math.sqrt(length);
  for (let b = 0; b < batch; b++) {
    for (let s = 0; s < stride; s++) {
      const start = 2 * (b * length * stride + s);
      for (let j = 0; j < length; j++) {
        const at = start + 2 * stride * ((j + centre) % length);
        input.re[j] = data[at]!;
        input.im[j] = data[at + 1]!;
      }
      const result = fft.forward(line);
      const output = direction === 'forward' ? result : { re: result.im, im: result.re };
      for (let k = 0; k < length; k++) {
        const at = start + 2 * stride * ((k + centre) % length);
        data[at] = output.re[k]! * norm;
        data[at + 1] = output.im[k]! * norm;
      }
    }
  }
}

function copyOf({ shape, data }: ComplexArray, leastAxes: number): ComplexArray {
  if (shape.length < leastAxes || data.length !== 2 * product(shape)) {
    throw new IsochromatError({
      code: 'complex-array-shape',
      sentence: 'The complex array does not have the shape it claims.',
      expected: `at least ${leastAxes} axes and ${2 * product(shape)} numbers for shape ${shape.join(' × ')}`,
      found: `${shape.length} axes and ${data.length} numbers`,
    });
  }
  return { shape, data: data.slice() };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
