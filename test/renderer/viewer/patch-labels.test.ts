import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledPatches, patchUnder } from '../../../renderer/features/viewer/patch-labels.ts';
import { FEW } from '../../../renderer/imaging/words.ts';

const patch = (top: number, left: number, tissueClass: 'normal' | 'abnormal' | 'unlabeled' = 'normal') => ({
  slice: 0,
  top,
  left,
  size: 96,
  tissueClass,
});
const ON_SCREEN = [2, 0, 0, 2, 10, 10] as const;

describe('which patches of a slice are named', () => {
  it('all of a few that lie apart', () => {
    const patches = [patch(0, 0), patch(100, 0), patch(0, 100)];
    expect(labelledPatches(patches, ON_SCREEN)).toEqual(new Set([0, 1, 2]));
  });

  it('no two whose words would lie on one another, the abnormal one first', () => {
    expect(labelledPatches([patch(20, 20), patch(22, 25, 'abnormal'), patch(120, 20)], ON_SCREEN)).toEqual(
      new Set([1, 2]),
    );
  });

  it('none of many: line and color tell their class, and the pointer names one', () => {
    const many = Array.from({ length: FEW + 1 }, (_, i) => patch(i * 40, 0));
    expect(labelledPatches(many, ON_SCREEN)).toEqual(new Set());
  });

  it('never two that overlap, wherever patches lie', () => {
    const places = fc.array(fc.tuple(fc.nat(224), fc.nat(224)), { maxLength: FEW });
    fc.assert(
      fc.property(places, (all) => {
        const patches = all.map(([top, left]) => patch(top, left, 'unlabeled'));
        const named = [...labelledPatches(patches, ON_SCREEN)].map((i) => patches[i]!);
        for (const [i, one] of named.entries())
          for (const other of named.slice(i + 1))
            expect(2 * Math.abs(one.top - other.top) >= 14 || 2 * Math.abs(one.left - other.left) >= 50).toBe(true);
      }),
    );
  });
});

describe('the patch under the pointer', () => {
  it('is the one whose middle is nearest, of those that lie there', () => {
    const patches = [patch(0, 0), patch(30, 30), patch(200, 200)];
    expect(patchUnder(patches, { x: 40, y: 40 })).toBe(0);
    expect(patchUnder(patches, { x: 90, y: 70 })).toBe(1);
    expect(patchUnder(patches, { x: 150, y: 150 })).toBe(null);
    expect(patchUnder(patches, null)).toBe(null);
  });
});
