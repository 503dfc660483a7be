import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { TISSUE_CLASSES } from '../../main/domain/tissue.ts';
import { DEFAULT_PATCH_SETTINGS, checkPatchSettings, extractPositions } from '../../main/patches/index.ts';
import type { FindingBox, PatchSettings, PatchSource } from '../../main/patches/index.ts';
import { overlap, intersection } from '../../main/patches/boxes.ts';
import { patchesPerBox } from '../../main/patches/extract.ts';
import { AreaSums } from '../../main/patches/positions.ts';

const settings: PatchSettings = {
  ...DEFAULT_PATCH_SETTINGS,
  size: 12,
  perVolume: { abnormal: { minimum: 5, maximum: 12 }, normalBesideBoxes: 6, normal: 9, unlabeled: 4 },
};
const rows = 40;
const columns = 36;

/** A disc of brain whose radius differs from slice to slice. */
function disc(radii: readonly number[]): Uint8Array {
  const mask = new Uint8Array(radii.length * rows * columns);
  radii.forEach((radius, slice) => {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const inside = Math.hypot(y - rows / 2, x - columns / 2) <= radius;
        mask[(slice * rows + y) * columns + x] = inside ? 1 : 0;
      }
    }
  });
  return mask;
}

const boxes = fc.array(
  fc.record({
    slice: fc.integer({ min: 0, max: 2 }),
    top: fc.double({ min: 0, max: 39, noNaN: true }),
    left: fc.double({ min: 0, max: 35, noNaN: true }),
    height: fc.double({ min: 0, max: 30, noNaN: true }),
    width: fc.double({ min: 0, max: 30, noNaN: true }),
    abnormal: fc.boolean(),
  }),
  { maxLength: 5 },
);

const sources = fc
  .record({
    radii: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 3 }),
    boxes,
    tissueClass: fc.constantFrom(...TISSUE_CLASSES),
  })
  .map((drawn): PatchSource => ({
    slices: 3,
    rows,
    columns,
    mask: disc(drawn.radii),
    tissueClass: drawn.tissueClass,
    boxes: drawn.boxes.map((box, id) => ({ ...box, id })),
  }));

describe('placing patches', () => {
  test('every patch lies in the image, is mostly brain, and is drawn once', () => {
    fc.assert(
      fc.property(sources, fc.integer(), (source, seed) => {
        const patches = extractPositions(source, settings, new Random(seed));
        for (const { slice, top, left } of patches) {
          let brain = 0;
          for (let y = 0; y < 12; y++) {
            for (let x = 0; x < 12; x++) brain += source.mask[(slice * rows + top + y) * columns + left + x]!;
          }
          expect(top >= 0 && left >= 0 && top + 12 <= rows && left + 12 <= columns).toBe(true);
          expect(brain).toBeGreaterThanOrEqual(0.8 * 144);
        }
        expect(new Set(patches.map(({ slice, top, left }) => `${slice} ${top} ${left}`)).size).toBe(patches.length);
      }),
    );
  });

  test('abnormal patches show enough of their box, normal ones of the same volume touch no box of any label', () => {
    fc.assert(
      fc.property(sources, fc.integer(), (source, seed) => {
        const patches = extractPositions({ ...source, tissueClass: 'abnormal' }, settings, new Random(seed));
        for (const { slice, top, left, tissueClass, box: id } of patches) {
          const patch = { top, left, height: 12, width: 12 };
          if (tissueClass === 'abnormal') {
            const box = source.boxes.find((each) => each.id === id)!;
            expect(box.abnormal && box.slice === slice).toBe(true);
            expect(overlap(patch, box)).toBeGreaterThanOrEqual(0.25);
          } else {
            expect([tissueClass, id]).toEqual(['normal', null]);
            for (const box of source.boxes) if (box.slice === slice) expect(intersection(patch, box)).toBe(0);
          }
        }
      }),
    );
  });

  test('takes as many as asked for where there is room, from every slice alike', () => {
    const source: PatchSource = { slices: 3, rows, columns, mask: disc([20, 3, 20]), tissueClass: 'normal', boxes: [] };
    const patches = extractPositions(source, settings, new Random(1));
    expect(patches).toHaveLength(9);
    expect(patches.filter((patch) => patch.slice === 1)).toEqual([]);
    const first = patches.filter((patch) => patch.slice === 0).length;
    expect([4, 5]).toContain(first);
    expect(extractPositions({ ...source, tissueClass: 'unlabeled' }, settings, new Random(1))).toHaveLength(4);
  });

  test('takes fewer where there is no room, and none without brain', () => {
    const source: PatchSource = { slices: 1, rows, columns, mask: disc([0]), tissueClass: 'normal', boxes: [] };
    expect(extractPositions(source, settings, new Random(1))).toEqual([]);
    const tight = { ...source, mask: disc([7]) };
    const patches = extractPositions(
      tight,
      { ...settings, perVolume: { ...settings.perVolume, normal: 500 } },
      new Random(1),
    );
    expect(patches.length).toBeGreaterThan(0);
    expect(patches.length).toBeLessThan(500);
  });

  test('the same generator gives the same patches, another gives others', () => {
    const source: PatchSource = { slices: 1, rows, columns, mask: disc([20]), tissueClass: 'normal', boxes: [] };
    const draw = (seed: number): unknown => extractPositions(source, settings, new Random(seed));
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  test('gives larger boxes more patches, and keeps the sum within the limits of a volume', () => {
    const box = (side: number): FindingBox => ({
      id: 0,
      slice: 0,
      top: 0,
      left: 0,
      height: side,
      width: side,
      abnormal: true,
    });
    const [small, large] = patchesPerBox([box(2), box(60)], DEFAULT_PATCH_SETTINGS) as [number, number];
    expect(large).toBeGreaterThan(small);
    expect(patchesPerBox([box(1)], settings)).toEqual([5]);
    expect(patchesPerBox([box(12), box(12), box(12)], settings)).toEqual([4, 4, 4]);
    expect(patchesPerBox([box(0)], settings)).toEqual([0]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }), (sides) => {
        const counts = patchesPerBox(sides.map(box), settings);
        const sum = counts.reduce((a, b) => a + b, 0);
        expect(sum >= 5 && sum <= 12).toBe(true);
        sides.forEach((side, i) =>
          sides.forEach((other, j) => {
            if (side > other) expect(counts[i]!).toBeGreaterThanOrEqual(counts[j]!);
          }),
        );
      }),
    );
  });

  test('sums over rectangles as a loop does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 30, max: 1 }), fc.nat(4), fc.nat(5), (mask, top, left) => {
        const sums = new AreaSums(mask, 5, 6);
        let sum = 0;
        for (let y = top; y < 5; y++) for (let x = left; x < 6; x++) sum += mask[6 * y + x]!;
        expect(sums.over(top, left, 5 - top, 6 - left)).toBe(sum);
      }),
    );
  });

  test.each([
    ['size', { ...settings, size: 12.5 }],
    ['minimumBrain', { ...settings, minimumBrain: 1.5 }],
    ['minimumOverlap', { ...settings, minimumOverlap: 0 }],
    ['perVolume abnormal', { ...settings, perVolume: { ...settings.perVolume, abnormal: { minimum: 5, maximum: 2 } } }],
    ['perVolume normal', { ...settings, perVolume: { ...settings.perVolume, normal: -1 } }],
    ['perBox perPatchArea', { ...settings, perBox: { base: 1, perPatchArea: Number.NaN } }],
  ])('refuses a setting "%s" that makes no sense', (name, bad) => {
    expect(() => checkPatchSettings(bad)).toThrow(
      expect.objectContaining({ code: 'patch-settings', sentence: expect.stringContaining(name) }),
    );
  });
});
