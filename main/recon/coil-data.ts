import type { ComplexArray } from '../domain/complex.ts';
import { fitFieldOfView, resizeInKspace } from './resize.ts';

/** Of which slices coil images and sensitivities are kept. `middle`: of the slice nearest to the middle that can be calibrated. */
export const COIL_SLICES = ['none', 'middle', 'all'] as const;
export type CoilSlices = (typeof COIL_SLICES)[number];

/** Who takes the coil images and sensitivities of a reconstruction. */
export interface CoilSink {
  readonly slices: CoilSlices;
  /**
   * Receives, in the order of slices, what the coils saw and how sensitive they were, both `[coils, rows, columns]` on the grid
   * of the image. Coil images are in its unit: Σ_c conj(s_c)·x_c is the image.
   */
  readonly keep: (slice: number, coilImages: ComplexArray, sensitivities: ComplexArray) => void | Promise<void>;
}

/** The slices to be kept of those that can be used. */
export function keptSlices(wanted: CoilSlices, usable: readonly number[], slices: number): ReadonlySet<number> {
  if (wanted === 'none' || usable.length === 0) return new Set();
  if (wanted === 'all') return new Set(usable);
  const middle = Math.floor(slices / 2);
  const fromMiddle = (slice: number): number => Math.abs(slice - middle);
  return new Set([usable.reduce((best, slice) => (fromMiddle(slice) < fromMiddle(best) ? slice : best))]);
}

/** The maps of the first set. @param maps `[sets, coils, rows, columns]` */
export function firstSet({ shape, data }: ComplexArray): ComplexArray {
  const [, ...one] = shape;
  return { shape: one, data: data.subarray(0, 2 * one.reduce((product, n) => product * n, 1)) };
}

/**
 * Brings each coil's image to the field of view and the matrix of the combined one, as that was brought, and divides it.
 * Where this resamples, the product of two resized images is no longer exactly the resized product: they differ by
 * less than a hundredth in the head.
 *
 * @param coils `[coils, rows, columns]`
 * @param fieldOfView size in pixels before resizing
 */
export function onImageGrid(
  { shape, data }: ComplexArray,
  fieldOfView: { readonly rows: number; readonly columns: number },
  { rows, columns }: { readonly rows: number; readonly columns: number },
  divisor = 1,
): ComplexArray {
  const [coils, height, width] = shape as readonly [number, number, number];
  const out = new Float32Array(2 * coils * rows * columns);
  for (let coil = 0; coil < coils; coil++) {
    const image = {
      rows: height,
      columns: width,
      data: data.subarray(2 * coil * height * width, 2 * (coil + 1) * height * width),
    };
    const seen = fitFieldOfView(image, fieldOfView.rows, fieldOfView.columns);
    const resized = resizeInKspace(seen, rows, columns).data;
    const from = 2 * coil * rows * columns;
    for (let i = 0; i < resized.length; i++) out[from + i] = resized[i]! / divisor;
  }
  return { shape: [coils, rows, columns], data: out };
}
