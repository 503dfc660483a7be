import type { ComplexArray, ComplexImage } from '../domain/complex.ts';

/**
 * The image that the coils saw together: m(r) = Σ_c conj(s_c(r))·x_c(r), the least-squares solution for maps with
 * ‖s‖ = 1 (Roemer 1990; Uecker 2014).
 *
 * @param coilImages `[coils, rows, columns]`
 * @param maps `[sets, coils, rows, columns]`
 * @param set which of the sets of maps
 */
export function combineCoils(coilImages: ComplexArray, maps: ComplexArray, set = 0): ComplexImage {
  const [coils, rows, columns] = coilImages.shape as readonly [number, number, number];
  const samples = rows * columns;
  const out = new Float32Array(2 * samples);
  const x = coilImages.data;
  const s = maps.data;
  for (let c = 0; c < coils; c++) {
    let i = 2 * c * samples;
    let j = 2 * (set * coils + c) * samples;
    for (let to = 0; to < 2 * samples; to += 2, i += 2, j += 2) {
      out[to] = out[to]! + s[j]! * x[i]! + s[j + 1]! * x[i + 1]!;
      out[to + 1] = out[to + 1]! + s[j]! * x[i + 1]! - s[j + 1]! * x[i]!;
    }
  }
  return { rows, columns, data: out };
}
