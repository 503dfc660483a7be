import { FEW, wordsApart } from '../../imaging/words.ts';
import type { Matrix, Point } from '../../imaging/index.ts';
import type { PatchPlace } from './patch-places.ts';
import { placeOn } from './placing.ts';

const FIRST: Record<PatchPlace['tissueClass'], number> = { abnormal: 0, normal: 1, unlabeled: 2 };

/** Which patches have their class written at their corner: of a few, those whose words do not lie on one another. */
export function labelledPatches(patches: readonly PatchPlace[], matrix: Matrix): ReadonlySet<number> {
  if (patches.length > FEW) return new Set();
  const order = patches
    .map((patch, i) => ({ patch, i }))
    .sort((a, b) => FIRST[a.patch.tissueClass] - FIRST[b.patch.tissueClass] || a.i - b.i);
  const words = order.map(({ patch: { left, top, tissueClass } }) => ({
    ...placeOn(matrix, { x: left, y: top }),
    text: tissueClass,
  }));
  return new Set([...wordsApart(words)].map((k) => order[k]!.i));
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
