import type { ComplexImage } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';

/**
 * Cuts a square patch out of an image.
 * @returns `[size, size, 2]`, interleaved re, im
 * @throws IsochromatError `patch-outside` when it does not lie wholly in the image
 */
export function cutPatch(image: ComplexImage, top: number, left: number, size: number): Float32Array {
  const inside = top >= 0 && left >= 0 && top + size <= image.rows && left + size <= image.columns;
  if (!inside || !Number.isInteger(top) || !Number.isInteger(left)) {
    throw new IsochromatError({
      code: 'patch-outside',
      sentence: 'The patch does not lie in the image.',
      expected: `a ${size} × ${size} square inside ${image.rows} × ${image.columns} pixels`,
      found: `row ${top}, column ${left}`,
    });
  }
  const patch = new Float32Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    const from = 2 * ((top + row) * image.columns + left);
    patch.set(image.data.subarray(from, from + 2 * size), 2 * row * size);
  }
  return patch;
}

/** `[n, size, size, 2]` as models read it → `[n, 2, size, size]` as it is stored. */
export function planar(patches: Float32Array, size: number): Float32Array {
  const pixels = size * size;
  const out = new Float32Array(patches.length);
  for (let start = 0; start < patches.length; start += 2 * pixels) {
    for (let p = 0; p < pixels; p++) {
      out[start + p] = patches[start + 2 * p]!;
      out[start + pixels + p] = patches[start + 2 * p + 1]!;
    }
  }
  return out;
}

/** `[n, 2, size, size]` as it is stored → `[n, size, size, 2]` as models read it. */
export function interleave(stored: Float32Array, size: number): Float32Array {
  const pixels = size * size;
  const out = new Float32Array(stored.length);
  for (let start = 0; start < stored.length; start += 2 * pixels) {
    for (let p = 0; p < pixels; p++) {
      out[start + 2 * p] = stored[start + p]!;
      out[start + 2 * p + 1] = stored[start + pixels + p]!;
    }
  }
  return out;
}
