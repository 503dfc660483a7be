import type { ComplexArray } from '../domain/complex.ts';

/** Root sum of squares over coils of `[coils, rows, columns]`: magnitude `[rows, columns]`, the phase is lost. */
export function rootSumOfSquares(coilImages: ComplexArray): Float32Array {
  const [coils, rows, columns] = coilImages.shape as readonly [number, number, number];
  const samples = rows * columns;
  const energy = new Float64Array(samples);
  for (let c = 0, at = 0; c < coils; c++) {
    for (let i = 0; i < samples; i++, at += 2) {
      energy[i] = energy[i]! + coilImages.data[at]! ** 2 + coilImages.data[at + 1]! ** 2;
    }
  }
  return new Float32Array(energy.map(Math.sqrt));
}
