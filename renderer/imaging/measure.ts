import type { Slice } from './components.ts';

/** A place on the image: the centre of the pixel in row r and column c is at x = c + ½, y = r + ½. */
export interface Point {
  x: number;
  y: number;
}

/** Length of a line in millimetres, or in pixels where nothing tells the size of a pixel. */
export function lineLength(
  from: Point,
  to: Point,
  spacing: readonly [row: number, column: number] | null,
): { length: number; unit: 'mm' | 'px' } {
  const [row, column] = spacing ?? [1, 1];
  const length = Math.hypot((to.x - from.x) * column, (to.y - from.y) * row);
  return { length, unit: spacing === null ? 'px' : 'mm' };
}

export interface ProfilePoint {
  /** From the beginning of the line, in its unit. */
  distance: number;
  magnitude: number;
  phase: number;
}

/**
 * The image along a line, at steps of about a pixel. Re and im are interpolated (bilinearly), not magnitude and phase: only so does
 * phase not jump at ±π.
 */
export function profile(
  slice: Slice,
  from: Point,
  to: Point,
  spacing: readonly [row: number, column: number] | null,
): ProfilePoint[] {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
  const { length } = lineLength(from, to, spacing);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    const [re, im] = interpolated(slice, from.x + t * (to.x - from.x) - 0.5, from.y + t * (to.y - from.y) - 0.5);
    return { distance: t * length, magnitude: Math.hypot(re, im), phase: Math.atan2(im, re) };
  });
}

/** The value under the cursor. */
export interface Sample {
  row: number;
  column: number;
  magnitude: number;
  phase: number;
  real: number;
  imaginary: number;
}

/** The pixel that a place lies in; null outside of the image. */
export function sampleAt({ rows, columns, data }: Slice, { x, y }: Point): Sample | null {
  const [row, column] = [Math.floor(y), Math.floor(x)];
  if (!(row >= 0 && row < rows && column >= 0 && column < columns)) return null;
  const i = 2 * (row * columns + column);
  const [real, imaginary] = [data[i]!, data[i + 1]!];
  return { row, column, real, imaginary, magnitude: Math.hypot(real, imaginary), phase: Math.atan2(imaginary, real) };
}

/** A round length (1, 2 or 5 × 10ⁿ mm) for a scale bar that is at most `pixels` long on the screen. */
export function scaleBar(screenPixelsPerMm: number, pixels: number): { mm: number; pixels: number } | null {
  const most = pixels / screenPixelsPerMm;
  if (!(most > 0 && most < Infinity)) return null;
  const power = 10 ** Math.floor(Math.log10(most));
  const mm = power * ([5, 2, 1].find((step) => step * power <= most) ?? 1);
  return { mm, pixels: mm * screenPixelsPerMm };
}

function interpolated({ rows, columns, data }: Slice, x: number, y: number): [re: number, im: number] {
  const clampedX = Math.min(Math.max(x, 0), columns - 1);
  const clampedY = Math.min(Math.max(y, 0), rows - 1);
  const [left, top] = [Math.min(Math.floor(clampedX), columns - 1), Math.min(Math.floor(clampedY), rows - 1)];
  const [right, bottom] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
  const [u, v] = [clampedX - left, clampedY - top];
  const corners: [number, number, number][] = [
    [top, left, (1 - u) * (1 - v)],
    [top, right, u * (1 - v)],
    [bottom, left, (1 - u) * v],
    [bottom, right, u * v],
  ];
  let [re, im] = [0, 0];
  for (const [row, column, weight] of corners) {
    const i = 2 * (row * columns + column);
    re += weight * data[i]!;
    im += weight * data[i + 1]!;
  }
  return [re, im];
}
