import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEQUENCES } from '../../main/domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../../main/domain/tissue.ts';
import type { Split } from '../../main/domain/tissue.ts';
import { DEFAULT_SPLIT_SETTINGS, splitVolumes } from '../../main/patches/index.ts';
import type { SplitVolume } from '../../main/patches/index.ts';
import { apportion } from '../../main/patches/split.ts';

const { labelled, unlabeled } = DEFAULT_SPLIT_SETTINGS;

const volumeLists = fc
  .array(
    fc.record({
      patient: fc.option(fc.integer({ min: 0, max: 20 }).map(String)),
      tissueClass: fc.constantFrom(...TISSUE_CLASSES),
      sequence: fc.constantFrom(...SEQUENCES),
    }),
    { maxLength: 120 },
  )
  .map((list) => list.map((volume, i): SplitVolume => ({ ...volume, id: `v${i}`, key: `${(i * 7919) % 1000}-${i}` })));

describe('splitting volumes', () => {
  test('places every volume once, and no patient in two splits', () => {
    fc.assert(
      fc.property(volumeLists, fc.integer(), (volumes, seed) => {
        const splits = splitVolumes(volumes, DEFAULT_SPLIT_SETTINGS, seed);
        expect([...splits.keys()].sort()).toEqual(volumes.map((volume) => volume.id).sort());
        for (const patient of new Set(volumes.map((volume) => volume.patient).filter((name) => name !== null))) {
          const found = volumes.filter((volume) => volume.patient === patient).map((volume) => splits.get(volume.id));
          expect(new Set(found).size).toBe(1);
        }
      }),
    );
  });

  test('depends on seed and scans alone, not on their order or ids', () => {
    fc.assert(
      fc.property(volumeLists, fc.integer(), (volumes, seed) => {
        const splits = splitVolumes(volumes, DEFAULT_SPLIT_SETTINGS, seed);
        const renamed = volumes.toReversed().map((volume) => ({ ...volume, id: `other ${volume.id}` }));
        const again = splitVolumes(renamed, DEFAULT_SPLIT_SETTINGS, seed);
        for (const { id } of volumes) expect(again.get(`other ${id}`)).toBe(splits.get(id));
      }),
    );
  });

  test('never moves a volume that was placed before, and keeps its patient with it', () => {
    fc.assert(
      fc.property(volumeLists, fc.integer({ min: 0, max: 120 }), fc.integer(), (volumes, count, seed) => {
        const before = splitVolumes(volumes.slice(0, count), DEFAULT_SPLIT_SETTINGS, 1);
        const after = splitVolumes(volumes, DEFAULT_SPLIT_SETTINGS, seed, before);
        for (const [id, split] of before) expect(after.get(id)).toBe(split);
      }),
    );
  });

  test('gives each class its shares exactly, and each sequence of it to within less than two volumes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TISSUE_CLASSES),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 5 }),
        fc.integer(),
        (tissueClass, sizes, seed) => {
          const volumes = SEQUENCES.flatMap((sequence, s) =>
            Array.from({ length: sizes[s]! }, (_, i): SplitVolume => ({
              id: `${sequence}-${i}`,
              key: `${sequence}-${i}`,
              patient: null,
              tissueClass,
              sequence,
            })),
          );
          const splits = splitVolumes(volumes, DEFAULT_SPLIT_SETTINGS, seed);
          const totals = apportion(volumes.length, tissueClass === 'unlabeled' ? unlabeled : labelled);
          expect(countOf([...splits.values()])).toEqual(totals);
          SEQUENCES.forEach((sequence, s) => {
            const mine = countOf(volumes.filter((v) => v.sequence === sequence).map((v) => splits.get(v.id)!));
            for (const split of SPLITS) {
              const share = (sizes[s]! * totals[split]) / Math.max(volumes.length, 1);
              expect(Math.abs(mine[split] - share)).toBeLessThan(2);
            }
          });
        },
      ),
    );
  });

  test('gives a study of 40 labelled volumes 28, 6 and 6, whatever the sequences', () => {
    const volumes = Array.from({ length: 40 }, (_, i): SplitVolume => ({
      id: `v${i}`,
      key: `v${i}`,
      patient: null,
      tissueClass: i % 2 === 0 ? 'abnormal' : 'normal',
      sequence: SEQUENCES[i % 5]!,
    }));
    const splits = splitVolumes(volumes, DEFAULT_SPLIT_SETTINGS, 1);
    expect(countOf([...splits.values()])).toEqual({ train: 28, validation: 6, test: 6 });
  });

  test.each([
    [0, labelled, [0, 0, 0]],
    [1, labelled, [1, 0, 0]],
    [2, labelled, [2, 0, 0]],
    [3, labelled, [1, 1, 1]],
    [4, labelled, [2, 1, 1]],
    [20, labelled, [14, 3, 3]],
    [10, unlabeled, [8, 1, 1]],
    [1000, unlabeled, [950, 25, 25]],
  ])('apportions %i', (total, shares, [train, validation, test]) => {
    expect(apportion(total, shares)).toEqual({ train, validation, test });
  });
});

function countOf(splits: readonly Split[]): Record<Split, number> {
  const count = (split: Split): number => splits.filter((each) => each === split).length;
  return { train: count('train'), validation: count('validation'), test: count('test') };
}
