import type { ComplexArray } from '../domain/complex.ts';

/**
 * The share of k-space positions that were measured in some coil, between the first and the last column with any sample:
 * columns that were filled with zeros at the sides are not missing, they were never asked for.
 */
export function sampledShare({ shape, data }: ComplexArray): number {
  const [coils, rows, columns] = shape as readonly [number, number, number];
  const samples = rows * columns;
  const perColumn = new Uint32Array(columns);
  for (let at = 0; at < samples; at++) {
    for (let c = 0; c < coils; c++) {
      const i = 2 * (c * samples + at);
      if (data[i] !== 0 || data[i + 1] !== 0) {
        perColumn[at % columns]!++;
        break;
      }
    }
  }
  const first = perColumn.findIndex((count) => count > 0);
  if (first < 0) return 0;
  const measured = perColumn.subarray(first, perColumn.findLastIndex((count) => count > 0) + 1);
  return measured.reduce((sum, count) => sum + count, 0) / (measured.length * rows);
}
