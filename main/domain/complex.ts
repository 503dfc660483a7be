import { IsochromatError } from './errors.ts';

/**
 * Complex samples are interleaved re, im, re, im … in one Float32Array, row-major, everywhere in this program: it is
 * numpy's complex64 on disk, and a `[…, 2]` tensor in a model. `shape` counts complex samples.
 */
export interface ComplexArray {
  readonly shape: readonly number[];
  /** length = 2 · product(shape) */
  readonly data: Float32Array;
}

/** One complex image: `[rows, columns]`, rows from top to bottom as stored. */
export interface ComplexImage {
  readonly rows: number;
  readonly columns: number;
  /** Interleaved, length 2 · rows · columns. */
  readonly data: Float32Array;
}

/** A stack of complex slices of one acquisition: `[slices, rows, columns]`. */
export interface ComplexVolume {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** Interleaved, length 2 · slices · rows · columns. */
  readonly data: Float32Array;
}

/** Slice `index` of a volume, sharing its memory. */
export function sliceOf(volume: ComplexVolume, index: number): ComplexImage {
  const { slices, rows, columns, data } = volume;
  if (!Number.isInteger(index) || index < 0 || index >= slices) {
    throw new IsochromatError({
      code: 'slice-out-of-range',
      sentence: `There is no slice ${index}.`,
      expected: `a whole number from 0 to ${slices - 1}`,
      found: String(index),
    });
  }
  const length = 2 * rows * columns;
  return { rows, columns, data: data.subarray(index * length, (index + 1) * length) };
}

/**
 * |z| of every sample, length = data.length / 2.
 * @param out to be filled, of that length
 */
export function magnitude(data: Float32Array, out = new Float32Array(data.length / 2)): Float32Array {
  // Not Math.hypot, which is several times slower and guards against an overflow that float32 cannot reach.
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(data[2 * i]! ** 2 + data[2 * i + 1]! ** 2);
  return out;
}
