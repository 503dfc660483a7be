import { magnitude, sliceOf } from '../domain/complex.ts';
import type { ComplexVolume } from '../domain/complex.ts';
import { close, fillHoles, largestComponent } from './binary-image.ts';
import { otsuThreshold } from './threshold.ts';

/** A head is at least this many times brighter than the air around it; noise alone splits into classes 1.3 apart. */
const LEAST_CONTRAST = 2;
/** Brighter than this share of a slice is fat beside a coil: it must not pull the threshold above the brain. */
const CEILING = 0.98;
/** Radius of the closing, as a share of the image side: 3 pixels at 320. */
const CLOSING = 0.01;

/**
 * The head in each slice, 1 inside: `[slices, rows, columns]`. Otsu's threshold slice by slice (slices may differ in
 * scale), on the square root of the smoothed magnitude (a surface coil's bright rim counts less); a slice without contrast
 * between object and air, noise alone, stays empty. Then closing, the largest component of the whole stack (so that
 * slices in which the head falls apart keep their parts), and holes filled.
 */
export function brainMask(volume: ComplexVolume): Uint8Array {
  const { slices, rows, columns } = volume;
  const samples = rows * columns;
  const data = new Uint8Array(slices * samples);
  const radius = Math.max(1, Math.round(CLOSING * Math.min(rows, columns)));
  for (let s = 0; s < slices; s++) {
    const bright = aboveThreshold(magnitude(sliceOf(volume, s).data), rows, columns);
    if (bright !== undefined) data.set(close(bright, rows, columns, radius), s * samples);
  }
  return fillHoles(largestComponent({ slices, rows, columns, data })).data;
}

function aboveThreshold(image: Float32Array, rows: number, columns: number): Uint8Array | undefined {
  const smooth = boxMean(image, rows, columns).map(Math.sqrt);
  const split = otsuThreshold(smooth, CEILING);
  if (split === undefined || split.meanAbove ** 2 < LEAST_CONTRAST * split.meanBelow ** 2) return undefined;
  const bright = new Uint8Array(smooth.length);
  for (let i = 0; i < smooth.length; i++) bright[i] = Number(smooth[i]! >= split.threshold);
  return bright;
}

/** Mean over 3 × 3 pixels; fewer at the border. */
function boxMean(image: Float32Array, rows: number, columns: number): Float32Array {
  const across = new Float32Array(image.length);
  const out = new Float32Array(image.length);
  for (let start = 0; start < image.length; start += columns) threeMean(image, across, start, columns, 1);
  for (let x = 0; x < columns; x++) threeMean(across, out, x, rows, columns);
  return out;
}

/** Running mean of three along a line of `count` values, `step` apart. */
function threeMean(from: Float32Array, to: Float32Array, start: number, count: number, step: number): void {
  const end = start + (count - 1) * step;
  for (let at = start; at <= end; at += step) {
    const left = at > start ? from[at - step]! : 0;
    const right = at < end ? from[at + step]! : 0;
    to[at] = (left + from[at]! + right) / (1 + Number(at > start) + Number(at < end));
  }
}
