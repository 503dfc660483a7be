import type { ComplexArray } from '../domain/complex.ts';
import type { Calibration } from './calibration.ts';
import { eigenvectorsAt, wholeRaster } from './espirit-eigen.ts';
import type { Eigenvectors } from './espirit-eigen.ts';
import { kernelBasis } from './espirit-kernels.ts';
import { espiritOperator } from './espirit-operator.ts';
import type { EspiritOperator } from './espirit-operator.ts';
import { interpolatePeriodic } from './periodic-interpolation.ts';
import type { PhaseReference } from './phase-reference.ts';

export interface EspiritOptions {
  /** Sets of maps: 2 where the field of view is smaller than the head and tissue wraps onto tissue. Default 1. */
  readonly sets?: 1 | 2;
  /** Zero the maps where the eigenvalue is below this (BART: 0.8). Default 0: no crop, the brain mask decides. */
  readonly eigenvalueCrop?: number;
  /** Side of the raster on which eigenvectors are solved; `full` solves every pixel. Default 112. */
  readonly eigenGrid?: number | 'full';
}

export interface SensitivityMaps {
  /** `[sets, coils, rows, columns]`: unit norm over coils; uᴴ·s real and positive for the phase reference u. */
  readonly maps: ComplexArray;
  /** `[sets, rows, columns]`: near 1 where the calibration data explain the pixel, small in air. */
  readonly eigenvalues: Float32Array;
}

const EIGEN_GRID = 112;
/** An interpolated unit vector whose squared length is off by more is solved for exactly. */
const LENGTH_TOLERANCE = 1e-3;
/** Where |uᴴ·s| is below this, the phase convention turns too fast to be interpolated. */
const SMALLEST_PROJECTION = 0.1;

/**
 * Coil sensitivities by ESPIRiT (Uecker et al., Magn. Reson. Med. 71, 2014): the dominant eigenvectors of M(r).
 *
 * M is a trigonometric polynomial of order 5, far smoother than the image, so its eigenvectors are solved on a coarse
 * raster and interpolated. They are not smooth where two eigenvalues meet or the phase reference vanishes; there the interpolated
 * vector loses its unit length, which tells the pixels that are then solved for exactly. The result differs from the
 * solution at every pixel by less than 10⁻³ (root mean square, brain and air).
 *
 * @param calibration fully sampled k-space centre, at least 8 × 8
 * @param rows, columns size of the maps; the field of view is that of the calibration data
 * @param reference fixes the phase of every map vector s to uᴴ·s > 0
 */
export function espiritMaps(
  calibration: Calibration,
  rows: number,
  columns: number,
  reference: PhaseReference,
  options: EspiritOptions = {},
): SensitivityMaps {
  const { sets = 1, eigenvalueCrop = 0, eigenGrid = EIGEN_GRID } = options;
  const operator = espiritOperator(kernelBasis(calibration));
  const side = eigenGrid === 'full' ? Infinity : eigenGrid;
  const grid = { rows: Math.min(side, rows), columns: Math.min(side, columns) };
  const coarse = eigenvectorsAt(operator, wholeRaster(grid.rows, grid.columns), sets);
  fixPhase(coarse, reference);
  const exact = grid.rows === rows && grid.columns === columns;
  const full = exact ? coarse : refine(operator, coarse, grid, { rows, columns }, reference);
  if (eigenvalueCrop > 0) crop(full, eigenvalueCrop);
  return {
    maps: { shape: [sets, operator.coils, rows, columns], data: full.vectors },
    eigenvalues: full.values,
  };
}

interface Size {
  rows: number;
  columns: number;
}

function refine(
  operator: EspiritOperator,
  coarse: Eigenvectors,
  grid: Size,
  size: Size,
  reference: PhaseReference,
): Eigenvectors {
  const { sets, coils } = coarse;
  const count = size.rows * size.columns;
  const full: Eigenvectors = {
    sets,
    coils,
    count,
    vectors: interpolatePeriodic(coarse.vectors, sets * coils, grid, size, 2),
    values: interpolatePeriodic(coarse.values, sets, grid, size, 1),
  };
  const rough = normalise(full, reference);
  const exact = eigenvectorsAt(operator, { ...size, points: rough }, sets);
  fixPhase(exact, reference);
  rough.forEach((point, index) => {
    for (let plane = 0; plane < sets * coils; plane++) {
      const to = 2 * (plane * count + point);
      const from = 2 * (plane * exact.count + index);
      full.vectors[to] = exact.vectors[from]!;
      full.vectors[to + 1] = exact.vectors[from + 1]!;
    }
    for (let s = 0; s < sets; s++) full.values[s * count + point] = exact.values[s * exact.count + index]!;
  });
  return full;
}

/** Restores unit length and the phase convention, in place; returns the points where interpolation cannot be trusted. */
function normalise(vectors: Eigenvectors, reference: PhaseReference): Uint32Array {
  const { sets, count } = vectors;
  const rough: number[] = [];
  for (let point = 0; point < count; point++) {
    let trusted = true;
    for (let s = 0; s < sets; s++) {
      const { re, im, energy } = projection(vectors, s, point, reference);
      const size = Math.hypot(re, im);
      trusted &&= Math.abs(energy - 1) <= LENGTH_TOLERANCE && size >= SMALLEST_PROJECTION;
      if (size > 0) scale(vectors, s, point, re / size / Math.sqrt(energy), -im / size / Math.sqrt(energy));
    }
    if (!trusted) rough.push(point);
  }
  return Uint32Array.from(rough);
}

/** s ← s·e^{−i∠(uᴴ·s)} for every vector, in place. */
function fixPhase(vectors: Eigenvectors, reference: PhaseReference): void {
  for (let s = 0; s < vectors.sets; s++) {
    for (let point = 0; point < vectors.count; point++) {
      const { re, im } = projection(vectors, s, point, reference);
      const size = Math.hypot(re, im);
      if (size > 0) scale(vectors, s, point, re / size, -im / size);
    }
  }
}

/** uᴴ·s and ‖s‖². */
function projection({ coils, count, vectors }: Eigenvectors, set: number, point: number, { re, im }: PhaseReference) {
  let sumRe = 0;
  let sumIm = 0;
  let energy = 0;
  for (let c = 0, at = 2 * (set * coils * count + point); c < coils; c++, at += 2 * count) {
    const x = vectors[at]!;
    const y = vectors[at + 1]!;
    sumRe += re[c]! * x + im[c]! * y;
    sumIm += re[c]! * y - im[c]! * x;
    energy += x * x + y * y;
  }
  return { re: sumRe, im: sumIm, energy };
}

function scale({ coils, count, vectors }: Eigenvectors, set: number, point: number, re: number, im: number): void {
  for (let c = 0, at = 2 * (set * coils * count + point); c < coils; c++, at += 2 * count) {
    const x = vectors[at]!;
    const y = vectors[at + 1]!;
    vectors[at] = x * re - y * im;
    vectors[at + 1] = x * im + y * re;
  }
}

function crop({ sets, coils, count, vectors, values }: Eigenvectors, least: number): void {
  for (let s = 0; s < sets; s++) {
    for (let point = 0; point < count; point++) {
      if (values[s * count + point]! >= least) continue;
      for (let c = 0; c < coils; c++)
        vectors.fill(0, 2 * ((s * coils + c) * count + point), 2 * ((s * coils + c) * count + point) + 2);
    }
  }
}
