import type { Matrix, Point } from '../../imaging/index.ts';
import type { PatchPlace } from './patch-places.ts';
import { placeOn } from './placing.ts';

/** More patches than these overlap so much that words among them tell nothing. */
export const FEW = 6;
/** What a word takes on the screen, CSS pixels: a letter's width, and a line's height. */
const LETTER = 6.5;
const LINE = 14;
const FIRST: Record<PatchPlace['tissueClass'], number> = { abnormal: 0, normal: 1, unlabeled: 2 };

/** Which patches have their class written at their corner: of a few, those whose words do not lie on one another. */
export function labelledPatches(patches: readonly PatchPlace[], matrix: Matrix): ReadonlySet<number> {
  const named = new Set<number>();
  if (patches.length > FEW) return named;
  const taken: { at: Point; width: number }[] = [];
  const order = patches
    .map((patch, i) => ({ patch, i }))
    .sort((a, b) => FIRST[a.patch.tissueClass] - FIRST[b.patch.tissueClass] || a.i - b.i);
  for (const { patch, i } of order) {
    const at = placeOn(matrix, { x: patch.left, y: patch.top });
    const width = patch.tissueClass.length * LETTER;
    const free = taken.every(
      (other) => Math.abs(other.at.y - at.y) >= LINE || at.x >= other.at.x + other.width || other.at.x >= at.x + width,
    );
    if (!free) continue;
    named.add(i);
    taken.push({ at, width });
  }
  return named;
}

/** The patch at a point of the image; of several the one whose middle is nearest. */
export function patchUnder(patches: readonly PatchPlace[], point: Point | null): number | null {
  if (point === null) return null;
  let best: number | null = null;
  let nearest = Infinity;
  for (const [i, { top, left, size }] of patches.entries()) {
    const [x, y] = [point.x - left, point.y - top];
    if (x < 0 || y < 0 || x >= size || y >= size) continue;
    const distance = Math.hypot(x - size / 2, y - size / 2);
    if (distance >= nearest) continue;
    [best, nearest] = [i, distance];
  }
  return best;
}
