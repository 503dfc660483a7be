import type { ComplexArray } from '../domain/complex.ts';

/**
 * The share of k-space positions that were measured in some coil, within the rectangle that holds all samples: lines filled
 * with zeros at the sides are not missing, they were never asked for.
 */
export function sampledShare({ shape, data }: ComplexArray): number {
  const [coils, rows, columns] = shape as readonly [number, number, number];
  const samples = rows * columns;
  let [top, bottom, left, right, count] = [rows, -1, columns, -1, 0];
  for (let at = 0; at < samples; at++) {
    let i = 2 * at;
    const end = 2 * coils * samples;
    while (i < end && data[i] === 0 && data[i + 1] === 0) i += 2 * samples;
    if (i >= end) continue;
    const row = Math.floor(at / columns);
    top = Math.min(top, row);
    bottom = row;
    left = Math.min(left, at % columns);
    right = Math.max(right, at % columns);
    count++;
  }
  return count === 0 ? 0 : count / ((bottom - top + 1) * (right - left + 1));
}
