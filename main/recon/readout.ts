import type { ComplexArray } from '../domain/complex.ts';
import { fft1c } from './fft.ts';

/**
 * Removes readout oversampling: inverse transform along the readout, the central `rows` kept (from ⌊(n − t)/2⌋).
 * The result is hybrid, `[coils, rows, columns]`: image along rows, k-space along columns.
 */
export function cropReadout(kspace: ComplexArray, rows: number): ComplexArray {
  const [coils, readout, columns] = kspace.shape as readonly [number, number, number];
  const hybrid = fft1c(kspace, 1, 'inverse');
  if (rows >= readout) return hybrid;
  const out = new Float32Array(2 * coils * rows * columns);
  const first = Math.floor((readout - rows) / 2);
  for (let c = 0; c < coils; c++) {
    const from = 2 * (c * readout + first) * columns;
    out.set(hybrid.data.subarray(from, from + 2 * rows * columns), 2 * c * rows * columns);
  }
  return { shape: [coils, rows, columns], data: out };
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
