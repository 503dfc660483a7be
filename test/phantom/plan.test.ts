import { describe, expect, test } from 'vitest';
import { SEQUENCES } from '../../main/domain/sequences.ts';
import { planDataset } from '../../main/phantom/index.ts';

const base = { volumes: 40, slices: 8, size: 320, coils: 8, seed: 5 };

describe('a planned data set', () => {
  const plans = planDataset(base);

  test('is the same for the same seed and another for another', () => {
    expect(planDataset(base)).toEqual(plans);
    expect(planDataset({ ...base, seed: 6 })).not.toEqual(plans);
  });

  test('is balanced over classes and sequences', () => {
    const count = (condition: (plan: (typeof plans)[number]) => boolean): number => plans.filter(condition).length;
    expect(count((plan) => plan.tissueClass === 'unlabeled')).toBe(16);
    expect(
      Math.abs(count((plan) => plan.tissueClass === 'normal') - count((plan) => plan.tissueClass === 'abnormal')),
    ).toBeLessThanOrEqual(2);
    for (const sequence of SEQUENCES) {
      expect(count((plan) => plan.sequence === sequence)).toBeGreaterThanOrEqual(6);
      for (const tissueClass of ['normal', 'abnormal'] as const) {
        expect(count((plan) => plan.sequence === sequence && plan.tissueClass === tissueClass)).toBeGreaterThanOrEqual(
          1,
        );
      }
    }
  });

  test('gives several sequences of one patient the same head, lesions and field, and every file its own name', () => {
    const byPatient = Map.groupBy(plans, ({ patientId }) => patientId);
    expect(Math.max(...[...byPatient.values()].map((all) => all.length))).toBe(2);
    for (const all of byPatient.values()) {
      expect(
        new Set(
          all.map((plan) => JSON.stringify([plan.patientSeed, plan.diseases, plan.fieldStrength, plan.tissueClass])),
        ).size,
      ).toBe(1);
      expect(new Set(all.map((plan) => plan.sequence)).size).toBe(all.length);
    }
    expect(new Set(plans.map(({ file }) => file)).size).toBe(plans.length);
    for (const { file, sequence } of plans)
      expect(file).toMatch(new RegExp(`^file_brain_${sequence}_9\\d\\d_9\\d{6}$`));
  });

  test('makes the asked number, whatever it is', () => {
    for (const volumes of [1, 2, 3, 7, 25]) expect(planDataset({ ...base, volumes })).toHaveLength(volumes);
    expect(planDataset({ ...base, unlabeledShare: 0 }).some(({ tissueClass }) => tissueClass === 'unlabeled')).toBe(
      false,
    );
    expect(planDataset({ ...base, sequences: ['AXT2'] }).every(({ sequence }) => sequence === 'AXT2')).toBe(true);
  });
});

test.each([
  ['volumes', { volumes: 0 }],
  ['size', { size: 33 }],
  ['size', { size: 1e9 }],
  ['coils', { coils: 2.5 }],
  ['slices', { slices: Number.NaN }],
  ['unlabeledShare', { unlabeledShare: 1.5 }],
  ['sequences', { sequences: [] }],
])('refuses an impossible %s', (name, change) => {
  expect(() => planDataset({ ...base, ...change })).toThrow(
    expect.objectContaining({ code: 'phantom-options', sentence: expect.stringContaining(name) }),
  );
});
