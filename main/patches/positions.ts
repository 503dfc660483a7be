/** Where a patch of a given size may lie in one slice: its first row and column, as `row · columns + column`. */
export interface SlicePositions {
  slice: number;
  /** Columns of the image: `top = ⌊p / columns⌋`, `left = p % columns`. */
  columns: number;
  positions: Uint32Array;
}

/** Sums of a 0/1 image over rectangles in constant time (a summed-area table with a zero row and column in front). */
export class AreaSums {
  private readonly sums: Uint32Array;
  private readonly width: number;

  /** @param mask `[rows, columns]`, 0 or 1 */
  constructor(mask: Uint8Array, rows: number, columns: number) {
    this.width = columns + 1;
    this.sums = new Uint32Array((rows + 1) * this.width);
    for (let y = 0; y < rows; y++) {
      let line = 0;
      for (let x = 0; x < columns; x++) {
        line += mask[y * columns + x]!;
        this.sums[(y + 1) * this.width + x + 1] = this.sums[y * this.width + x + 1]! + line;
      }
    }
  }

  /** Sum over rows top … top+height−1 and columns left … left+width−1. */
  over(top: number, left: number, height: number, width: number): number {
    const above = top * this.width + left;
    const below = (top + height) * this.width + left;
    return this.sums[below + width]! - this.sums[below]! - this.sums[above + width]! + this.sums[above]!;
  }
}

/**
 * Every position of one slice where enough of the patch is brain.
 * @param mask brain mask of the slice, `[rows, columns]`
 * @param accept further condition on first row and column
 */
export function brainPositions(
  mask: Uint8Array,
  { slice, rows, columns }: { slice: number; rows: number; columns: number },
  { size, minimumBrain }: { size: number; minimumBrain: number },
  accept: (top: number, left: number) => boolean = () => true,
): SlicePositions {
  const sums = new AreaSums(mask, rows, columns);
  const enough = minimumBrain * size * size;
  const found: number[] = [];
  for (let top = 0; top + size <= rows; top++) {
    for (let left = 0; left + size <= columns; left++) {
      if (sums.over(top, left, size, size) >= enough && accept(top, left)) found.push(top * columns + left);
    }
  }
  return { slice, columns, positions: Uint32Array.from(found) };
}
