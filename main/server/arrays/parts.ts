import { magnitude } from '../../domain/complex.ts';

/** What can be asked of complex slices. */
export const PARTS = ['complex', 'magnitude', 'phase', 'real', 'imaginary'] as const;
export type Part = (typeof PARTS)[number];

/** A part of complex samples as float32: magnitude in the volume's unit, phase in radians from −π to π. */
export function partOf(part: Part, complex: Float32Array): Float32Array {
  if (part === 'complex') return complex;
  if (part === 'magnitude') return magnitude(complex);
  const out = new Float32Array(complex.length / 2);
  if (part === 'phase') {
    for (let i = 0; i < out.length; i++) out[i] = Math.atan2(complex[2 * i + 1]!, complex[2 * i]!);
  } else {
    const first = part === 'real' ? 0 : 1;
    for (let i = 0; i < out.length; i++) out[i] = complex[2 * i + first]!;
  }
  return out;
}

/** Samples as 16-bit whole numbers; value = stored · scale + offset. */
export interface DisplayCopy {
  data: Int16Array;
  scale: number;
  offset: number;
}

const LARGEST = 32767;

/**
 * A display copy, for canvases that draw no float32. The step is the same in all slices (slices are scaled to a largest magnitude
 * of 1, and phase ends at π), unless a slice reaches beyond. Rounded to the nearest step: the error is at most scale / 2.
 */
export function displayCopy(part: Part, values: Float32Array): DisplayCopy {
  let largest = part === 'phase' ? Math.PI : 1;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > largest && size < Infinity) largest = size;
  }
  const data = new Int16Array(values.length);
  const factor = LARGEST / largest;
  for (let i = 0; i < data.length; i++) {
    const scaled = Math.round(values[i]! * factor);
    data[i] = scaled > LARGEST ? LARGEST : scaled < -LARGEST ? -LARGEST : scaled;
  }
  return { data, scale: largest / LARGEST, offset: 0 };
}
