import { FEW, widthOf, wordsApart } from '../../imaging/words.ts';
import type { Word } from '../../imaging/words.ts';
import type { Point } from '../../imaging/index.ts';
import type { BoxShape } from './box-edit.ts';

/** A box where it lies on its pane, CSS pixels. */
export interface PlacedBox {
  box: BoxShape & { label: string };
  selected: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A label where it is written. `end`: at `at` it ends, else it begins there. */
export type BoxLabel = Word & { at: number; end: boolean };

/** The box under a point of the image; of several the smallest. */
export function boxUnder(boxes: readonly PlacedBox[], point: Point | null): PlacedBox | undefined {
  if (point === null) return undefined;
  return boxes
    .filter(({ box: { top, left, height, width } }) => {
      const [x, y] = [point.x - left, point.y - top];
      return x >= 0 && y >= 0 && x < width && y < height;
    })
    .sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height)[0];
}

/**
 * What is written: of a few boxes the labels that do not lie on one another; of many those of the selected one and of the one under the
 * pointer, which go first among few, too.
 */
export function boxLabels<T extends PlacedBox>(
  boxes: readonly T[],
  pointed: PlacedBox | undefined,
  paneWidth: number,
): ReadonlyMap<T, BoxLabel> {
  const standing = (box: T): number => (box.selected ? 0 : box === pointed ? 1 : 2);
  const candidates = boxes
    .filter((box) => boxes.length <= FEW || standing(box) < 2)
    .toSorted((a, b) => standing(a) - standing(b))
    .map((box) => ({ box, label: labelOf(box, paneWidth) }));
  const apart = wordsApart(candidates.map(({ label }) => label));
  return new Map(candidates.filter((_, i) => apart.has(i)).map(({ box, label }) => [box, label]));
}

/** Labels stand above their boxes, or below where there is no room; one on the right half of the pane ends at the right edge of its box. */
function labelOf({ box, x, y, width, height }: PlacedBox, paneWidth: number): BoxLabel {
  const end = x > paneWidth / 2;
  const at = end ? x + width : x;
  return { end, at, x: end ? at - widthOf(box.label) : at, y: y > 18 ? y - 4 : y + height + 13, text: box.label };
}
