import type { ComplexImage } from '../domain/complex.ts';
import { fft2c, ifft2c } from './fft.ts';

/**
 * Resamples an image to another matrix over the same field of view: FFT, symmetric crop or zero-fill around the centre of
 * k-space, inverse FFT. Intensities keep their scale. Exact for a band-limited image; nothing is interpolated.
 */
export function resizeInKspace(image: ComplexImage, rows: number, columns: number): ComplexImage {
  if (image.rows === rows && image.columns === columns) return image;
  const kspace = fft2c({ shape: [image.rows, image.columns], data: image.data });
  const fitted = cropOrZeroFill({ ...image, data: kspace.data }, rows, columns, sameCentre);
  // Orthonormal transforms of N and of M samples: a constant image keeps its value when scaled by √(M/N).
  const factor = Math.sqrt((rows * columns) / (image.rows * image.columns));
  for (let i = 0; i < fitted.data.length; i++) fitted.data[i] = fitted.data[i]! * factor;
  return { rows, columns, data: ifft2c({ shape: [rows, columns], data: fitted.data }).data };
}

/**
 * Crops an image, or surrounds it with zeros, to another field of view; pixels stay what they are. Cropping starts at
 * ⌊(n − t)/2⌋, as in fastMRI.
 */
export function fitFieldOfView(image: ComplexImage, rows: number, columns: number): ComplexImage {
  if (image.rows === rows && image.columns === columns) return image;
  return cropOrZeroFill(image, rows, columns, (from, to) =>
    from >= to ? Math.floor((from - to) / 2) : sameCentre(from, to),
  );
}

/**
 * Where the pixel index `index` of an axis of `from` pixels lies after {@link resizeInKspace} to `to` pixels (the centres
 * ⌊n/2⌋ coincide). Boxes drawn before resizing are carried over with this.
 */
export function resizedPosition(index: number, from: number, to: number): number {
  return ((index - Math.floor(from / 2)) * to) / from + Math.floor(to / 2);
}

/** First index of the source that is kept (negative: the source starts inside the target). */
type Offset = (from: number, to: number) => number;

function sameCentre(from: number, to: number): number {
  return Math.floor(from / 2) - Math.floor(to / 2);
}

function cropOrZeroFill(image: ComplexImage, rows: number, columns: number, offset: Offset): ComplexImage {
  const out = new Float32Array(2 * rows * columns);
  const top = offset(image.rows, rows);
  const left = offset(image.columns, columns);
  const firstColumn = Math.max(0, left);
  const lastColumn = Math.min(image.columns, left + columns);
  for (let y = Math.max(0, top); y < Math.min(image.rows, top + rows); y++) {
    const from = image.data.subarray(2 * (y * image.columns + firstColumn), 2 * (y * image.columns + lastColumn));
    out.set(from, 2 * ((y - top) * columns + firstColumn - left));
  }
  return { rows, columns, data: out };
}
