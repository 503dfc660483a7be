import type { ComplexImage } from '../../domain/complex.ts';
import { ERROR_MAP, PHASE_MAP, phaseIndex, windowIndex } from './colormaps.ts';
import type { Raster } from './png.ts';

/** |z| in grey from 0 (black) to `white`. */
export function magnitudeRaster({ rows, columns, data }: ComplexImage, white: number): Raster {
  const grey = new Uint8Array(rows * columns);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = windowIndex(Math.hypot(data[2 * i]!, data[2 * i + 1]!), 0, white);
  }
  return { width: columns, height: rows, channels: 1, data: grey };
}

/** arg z in the cyclic map, as it is: neither unwrapped nor smoothed nor dimmed by the magnitude. */
export function phaseRaster({ rows, columns, data }: ComplexImage): Raster {
  return coloured(rows, columns, (i) => colourAt(PHASE_MAP, phaseIndex(Math.atan2(data[2 * i + 1]!, data[2 * i]!))));
}

/** ||x̂| − |x|| from 0 to `top`. */
export function magnitudeErrorRaster(reconstruction: ComplexImage, target: ComplexImage, top: number): Raster {
  const errors = magnitudeErrors(reconstruction, target);
  return coloured(target.rows, target.columns, (i) => colourAt(ERROR_MAP, windowIndex(errors[i]!, 0, top)));
}

/** |arg x̂·conj(x)| from 0 to `top` radians; grey where there is too little signal for a phase. */
export function phaseErrorRaster(reconstruction: ComplexImage, target: ComplexImage, top: number): Raster {
  const errors = phaseErrors(reconstruction, target);
  return coloured(target.rows, target.columns, (i) =>
    Number.isNaN(errors[i]) ? NO_PHASE : colourAt(ERROR_MAP, windowIndex(errors[i]!, 0, top)),
  );
}

export function magnitudeErrors(reconstruction: ComplexImage, target: ComplexImage): Float64Array {
  const { data: a } = reconstruction;
  const { data: b } = target;
  return Float64Array.from({ length: b.length / 2 }, (_, i) =>
    Math.abs(Math.hypot(a[2 * i]!, a[2 * i + 1]!) - Math.hypot(b[2 * i]!, b[2 * i + 1]!)),
  );
}

/** No colour of the error map. */
const NO_PHASE = [132, 138, 144];

/** Share of the patch's largest magnitude below which a phase is noise. */
export const PHASE_FLOOR = 0.05;

/** Absolute angle between reconstruction and target in radians, NaN where the target is below PHASE_FLOOR. */
export function phaseErrors(reconstruction: ComplexImage, target: ComplexImage): Float64Array {
  const { data: a } = reconstruction;
  const { data: b } = target;
  let largest = 0;
  for (let i = 0; i < b.length; i += 2) largest = Math.max(largest, Math.hypot(b[i]!, b[i + 1]!));
  return Float64Array.from({ length: b.length / 2 }, (_, i) => {
    const [p, q, r, s] = [a[2 * i]!, a[2 * i + 1]!, b[2 * i]!, b[2 * i + 1]!];
    if (Math.hypot(r, s) < PHASE_FLOOR * largest) return NaN;
    return Math.abs(Math.atan2(q * r - p * s, p * r + q * s));
  });
}

/** The magnitude that is shown white: 99.5 % quantile over all pixels of these images, never 0. */
export function whiteLevel(images: readonly ComplexImage[]): number {
  return upperLevel(
    images.map(({ data }) =>
      Float64Array.from({ length: data.length / 2 }, (_, i) => Math.hypot(data[2 * i]!, data[2 * i + 1]!)),
    ),
  );
}

/** 99.5 % quantile of the finite values of several arrays, never 0. */
export function upperLevel(arrays: readonly Float64Array[]): number {
  const values = Float64Array.from(arrays.flatMap((array) => Array.from(array.filter(Number.isFinite)))).sort();
  return values[Math.floor(0.995 * (values.length - 1))] || 1;
}

function colourAt(map: Uint8Array, index: number): Uint8Array {
  return map.subarray(3 * index, 3 * index + 3);
}

function coloured(rows: number, columns: number, colour: (i: number) => ArrayLike<number>): Raster {
  const data = new Uint8Array(3 * rows * columns);
  for (let i = 0; i < rows * columns; i++) data.set(colour(i), 3 * i);
  return { width: columns, height: rows, channels: 3, data };
}
