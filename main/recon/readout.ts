import type { ComplexArray } from '../domain/complex.ts';
import type { AxisTransform } from './fft.ts';

/**
 * Removes readout oversampling: the inverse transform along the readout, of whose result the central `rows` are kept, from
 * ⌊(n − t)/2⌋.
 */
export function readoutCrop(readout: number, rows: number): AxisTransform {
  const first = Math.floor((readout - rows) / 2);
  return { along: 'rows', direction: 'inverse', ...(rows < readout && { keep: { first, count: rows } }) };
}

/**
 * The columns of k-space from `first` on, `[coils, rows, count]`, those outside the array left out.
 */
export function someColumns(kspace: ComplexArray, first: number, count: number): ComplexArray {
  const [coils, rows, columns] = kspace.shape as readonly [number, number, number];
  const out = new Float32Array(2 * coils * rows * count);
  for (let line = 0; line < coils * rows; line++) {
    const from = 2 * (line * columns + first);
    out.set(kspace.data.subarray(from, from + 2 * count), 2 * line * count);
  }
  return { shape: [coils, rows, count], data: out };
}
