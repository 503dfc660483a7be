import type { Slice } from './components.ts';
import { circularMean } from './phase.ts';

/** A rectangle on the image; the pixel in row r and column c covers r … r+1 and c … c+1. */
export interface Rectangle {
  top: number;
  left: number;
  height: number;
  width: number;
}

export interface RegionStatistics {
  pixels: number;
  /** null where nothing tells the size of a pixel. */
  areaMm2: number | null;
  magnitude: { mean: number; deviation: number; minimum: number; maximum: number };
  /** Of the phase, each pixel counting with its magnitude; radians. */
  phase: { mean: number; deviation: number; resultant: number };
}

/**
 * Statistics of the pixels whose centres lie in an ellipse (the region is the ellipse inscribed in the rectangle) or in the rectangle itself.
 * @returns null where no pixel lies in it
 */
export function regionStatistics(
  slice: Slice,
  region: Rectangle,
  shape: 'ellipse' | 'rectangle',
  spacing: readonly [row: number, column: number] | null,
): RegionStatistics | null {
  const magnitudes: number[] = [];
  const phases: number[] = [];
  const { rows, columns, data } = slice;
  const first = (start: number): number => Math.max(0, Math.ceil(start - 0.5));
  for (let row = first(region.top); row < rows && row + 0.5 <= region.top + region.height; row++) {
    for (let column = first(region.left); column < columns && column + 0.5 <= region.left + region.width; column++) {
      if (shape === 'ellipse' && !insideEllipse(region, row + 0.5, column + 0.5)) continue;
      const i = 2 * (row * columns + column);
      magnitudes.push(Math.hypot(data[i]!, data[i + 1]!));
      phases.push(Math.atan2(data[i + 1]!, data[i]!));
    }
  }
  const pixels = magnitudes.length;
  if (pixels === 0) return null;
  const mean = magnitudes.reduce((sum, value) => sum + value, 0) / pixels;
  const squares = magnitudes.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    pixels,
    areaMm2: spacing === null ? null : pixels * spacing[0] * spacing[1],
    magnitude: {
      mean,
      deviation: pixels > 1 ? Math.sqrt(squares / (pixels - 1)) : 0,
      minimum: magnitudes.reduce((a, b) => Math.min(a, b)),
      maximum: magnitudes.reduce((a, b) => Math.max(a, b)),
    },
    phase: circularMean(phases, magnitudes),
  };
}

function insideEllipse({ top, left, height, width }: Rectangle, row: number, column: number): boolean {
  const y = (row - top - height / 2) / (height / 2);
  const x = (column - left - width / 2) / (width / 2);
  return x * x + y * y <= 1;
}
