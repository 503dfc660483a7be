import type { Matrix, Point } from '../../imaging/index.ts';

/** A place on the image → on its pane, CSS pixels. */
export function placeOn([a, b, c, d, e, f]: Matrix, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** CSS pixels for a millimetre across the screen. */
export function pixelsPerMm([a, b]: Matrix, spacing: readonly [row: number, column: number]): number {
  return Math.hypot(a, b) / spacing[1];
}
