import { interpolatePeriodic } from './periodic-interpolation.ts';
import { projection, scaleVector } from './phase-convention.ts';
import type { Eigenvectors, PhaseReference } from './phase-convention.ts';

export interface RasterSize {
  readonly rows: number;
  readonly columns: number;
}

/** Eigenvectors on every pixel, and the pixels where interpolation cannot be trusted (ascending indices). */
export interface InterpolatedMaps {
  readonly vectors: Float32Array;
  readonly rough: Uint32Array;
}

/**
 * Interpolates eigenvectors from a coarse raster to `to`, restores unit length and the phase convention. Eigenvectors are not
 * smooth where two eigenvalues meet or the phase reference vanishes; there the interpolated vector loses its length, or
 * its projection is small, which tells the pixels to be solved for exactly.
 */
export type InterpolateMaps = (
  coarse: Eigenvectors,
  from: RasterSize,
  to: RasterSize,
  reference: PhaseReference,
) => InterpolatedMaps;

/** An interpolated unit vector whose squared length is off by more is solved for exactly. */
export const LENGTH_TOLERANCE = 1e-3;
/** Where |uᴴ·s| is below this, the phase convention turns too fast to be interpolated. */
export const SMALLEST_PROJECTION = 0.1;

export function interpolateMapsReference(
  coarse: Eigenvectors,
  from: RasterSize,
  to: RasterSize,
  reference: PhaseReference,
): InterpolatedMaps {
  const { sets, coils } = coarse;
  const vectors = interpolatePeriodic(coarse.vectors, sets * coils, from, to, 2);
  const full = { ...coarse, count: to.rows * to.columns, vectors };
  const rough: number[] = [];
  for (let point = 0; point < full.count; point++) {
    let trusted = true;
    for (let s = 0; s < sets; s++) {
      const { re, im, energy } = projection(full, s, point, reference);
      const size = Math.hypot(re, im);
      trusted &&= Math.abs(energy - 1) <= LENGTH_TOLERANCE && size >= SMALLEST_PROJECTION;
      const factor = 1 / (size * Math.sqrt(energy));
      if (size > 0) scaleVector(full, s, point, re * factor, -im * factor);
    }
    if (!trusted) rough.push(point);
  }
  return { vectors, rough: Uint32Array.from(rough) };
}
