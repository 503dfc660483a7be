import { IsochromatError } from '../domain/errors.ts';

/** The grid that external volumes are scored on. */
export interface GridSettings {
  size: number;
  /** Patches along each side. */
  count: number;
  stride: number;
}

/** 4 × 4 patches, 75 pixels apart: on 320 × 320 they begin at 0, 75, 150 and 224. */
export const EXTERNAL_GRID: GridSettings = { size: 96, count: 4, stride: 75 };

export interface GridPosition {
  top: number;
  left: number;
  /** Neither first nor last along either side: in a 4 × 4 grid, one of the four in the middle. */
  central: boolean;
}

/**
 * The patches of a grid over an image, row by row; those that would reach beyond it are moved back to its edge.
 * @throws IsochromatError `image-too-small` for an image smaller than a patch
 */
export function gridPositions(rows: number, columns: number, settings: GridSettings = EXTERNAL_GRID): GridPosition[] {
  const { size, count, stride } = settings;
  if (rows < size || columns < size) {
    throw new IsochromatError({
      code: 'image-too-small',
      sentence: 'The image is smaller than a patch.',
      expected: `at least ${size} × ${size} pixels`,
      found: `${rows} × ${columns}`,
    });
  }
  const starts = (length: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.min(i * stride, length - size));
  const inside = (i: number): boolean => i > 0 && i < count - 1;
  return starts(rows).flatMap((top, i) =>
    starts(columns).map((left, j) => ({ top, left, central: inside(i) && inside(j) })),
  );
}

/** The four patches in the middle of the 4 × 4 grid: what a slice of an external volume is scored by. */
export function centralPositions(rows: number, columns: number, settings?: GridSettings): GridPosition[] {
  return gridPositions(rows, columns, settings).filter((position) => position.central);
}
