import { BlockEigenSolver } from './block-eigen.ts';
import { rasterPositions, wavesAt } from './espirit-polynomial.ts';
import type { EspiritOperator } from './espirit-polynomial.ts';
import { fixPhase } from './phase-convention.ts';
import type { Eigenvectors, PhaseReference } from './phase-convention.ts';

/** Points of a `rows` × `columns` raster over the field of view, as indices row·columns + column, ascending. */
export interface RasterPoints {
  readonly rows: number;
  readonly columns: number;
  readonly points: Uint32Array;
}

/** Every point of a raster. */
export function wholeRaster(rows: number, columns: number): RasterPoints {
  return { rows, columns, points: Uint32Array.from({ length: rows * columns }, (_, i) => i) };
}

/**
 * The `sets` leading eigenvectors of M(r) at each of the points, in the phase convention of `reference`. M is evaluated
 * exactly (see {@link EspiritOperator}).
 */
export type EigenvectorsAt = (
  operator: EspiritOperator,
  raster: RasterPoints,
  reference: PhaseReference,
  sets: number,
) => Eigenvectors;

export function eigenvectorsAtReference(
  operator: EspiritOperator,
  raster: RasterPoints,
  reference: PhaseReference,
  sets: number,
): Eigenvectors {
  const { coils, pairs, order } = operator;
  const { rows, columns, points } = raster;
  const span = 2 * order + 1;
  const count = points.length;
  const vectors = new Float32Array(2 * sets * coils * count);
  const values = new Float32Array(sets * count);
  const down = wavesAt(rasterPositions(rows), order);
  const across = wavesAt(rasterPositions(columns), order);
  const solver = new BlockEigenSolver(coils, sets);
  const lineRe = new Float64Array(pairs * span);
  const lineIm = new Float64Array(pairs * span);
  let lineOfRow = -1;
  points.forEach((point, index) => {
    const row = Math.floor(point / columns);
    if (row !== lineOfRow) {
      polynomialOfRow(operator, down, row, lineRe, lineIm);
      lineOfRow = row;
    }
    for (let pair = 0; pair < pairs; pair++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let d = 0, i = pair * span, w = (point % columns) * span; d < span; d++, i++, w++) {
        sumRe += lineRe[i]! * across.re[w]! - lineIm[i]! * across.im[w]!;
        sumIm += lineRe[i]! * across.im[w]! + lineIm[i]! * across.re[w]!;
      }
      solver.matrixRe[pair] = sumRe;
      solver.matrixIm[pair] = sumIm;
    }
    solver.solve();
    for (let s = 0; s < sets; s++) {
      values[s * count + index] = solver.values[s]!;
      for (let c = 0; c < coils; c++) {
        const to = 2 * ((s * coils + c) * count + index);
        vectors[to] = solver.re[s * coils + c]!;
        vectors[to + 1] = solver.im[s * coils + c]!;
      }
    }
  });
  const result = { sets, coils, count, vectors, values };
  fixPhase(result, reference);
  return result;
}

/** For one row of the raster, each pair's polynomial in the column frequency alone: `[pairs, 2·order + 1]`. */
function polynomialOfRow(
  operator: EspiritOperator,
  down: { readonly re: Float64Array; readonly im: Float64Array },
  row: number,
  lineRe: Float64Array,
  lineIm: Float64Array,
): void {
  const span = 2 * operator.order + 1;
  for (let pair = 0, at = 0; pair < operator.pairs; pair++) {
    for (let dx = 0; dx < span; dx++, at++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let dy = 0, i = pair * span * span + dx, w = row * span; dy < span; dy++, i += span, w++) {
        sumRe += operator.re[i]! * down.re[w]! - operator.im[i]! * down.im[w]!;
        sumIm += operator.re[i]! * down.im[w]! + operator.im[i]! * down.re[w]!;
      }
      lineRe[at] = sumRe;
      lineIm[at] = sumIm;
    }
  }
}
