import { beforeAll, describe, expect, test } from 'vitest';
import { sliceOf } from '../../main/domain/complex.ts';
import { planDataset, renderVolume } from '../../main/phantom/index.ts';
import type { Disease, RenderedVolume, VolumePlan } from '../../main/phantom/index.ts';

const [template] = planDataset({ volumes: 1, slices: 3, size: 96, coils: 4, seed: 1 });
const planOf = (change: Partial<VolumePlan>): VolumePlan => ({ ...template!, fieldStrength: 3, ...change });
const diseased = (disease: Disease, change: Partial<VolumePlan> = {}): VolumePlan =>
  planOf({ tissueClass: 'abnormal', diseases: [disease], patientSeed: `test:${disease}`, ...change });

describe('rendering', () => {
  test('gives the same numbers for the same plan, another head for another seed', () => {
    const plan = diseased('mass');
    const first = renderVolume(plan);
    expect(renderVolume(plan).image.data).toEqual(first.image.data);
    // Also when another head was rendered in between.
    expect(renderVolume({ ...plan, patientSeed: 'other' }).image.data).not.toEqual(first.image.data);
    expect(renderVolume(plan).image.data).toEqual(first.image.data);
  });

  test('is finite, air around the head is empty, and the head fills most of the field of view', () => {
    const { image } = renderVolume(planOf({}));
    expect(image.data.every(Number.isFinite)).toBe(true);
    const middle = sliceOf(image, 1).data;
    let filled = 0;
    for (let i = 0; i < middle.length; i += 2) if (Math.hypot(middle[i]!, middle[i + 1]!) > 0) filled += 1;
    const share = filled / (96 * 96);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.75);
    expect(middle.subarray(0, 16).every((value) => value === 0)).toBe(true);
  });

  test('a patient has the same lesions in every sequence', () => {
    const centres = (['AXT1', 'AXT2', 'AXFLAIR'] as const).map((sequence) =>
      renderVolume(diseased('small vessel', { sequence })).lesions.map(({ centre }) => centre),
    );
    for (const other of centres) expect(other).toEqual(centres[0]);
    expect(centres[0]!.length).toBeGreaterThan(6);
  });

  test('healthy heads have no boxes but normal variants', () => {
    for (const seed of ['a', 'b']) {
      const { boxes } = renderVolume(planOf({ tissueClass: 'normal', diseases: [], patientSeed: seed }));
      expect(boxes.every(({ label }) => label === 'Normal variant')).toBe(true);
    }
  });
});

describe.each(['mass', 'small vessel', 'demyelination', 'microbleeds', 'cavernoma', 'cyst'] as const)(
  '%s',
  (disease) => {
    // Displacement moves tissue outside of any box, and is switched off here.
    const plan = diseased(disease, { sequence: 'AXT2', size: 128 });
    let sick: RenderedVolume;
    let healthy: RenderedVolume;
    beforeAll(() => {
      sick = renderVolume(plan, { displacement: false });
      const lesions = sick.lesions.filter(({ kind }) => kind === 'perivascular space');
      healthy = renderVolume(plan, { displacement: false, lesions });
    });
    const { size } = plan;

    /** Energy of the difference to the head without lesions, inside and outside of the boxes. */
    const difference = (part: 'complex' | 'magnitude'): { inside: number; outside: number } => {
      let inside = 0;
      let outside = 0;
      for (let slice = 0; slice < plan.slices; slice++) {
        const [a, b] = [sliceOf(sick.image, slice).data, sliceOf(healthy.image, slice).data];
        for (let p = 0; p < size * size; p++) {
          const [re, im] = [a[2 * p]! - b[2 * p]!, a[2 * p + 1]! - b[2 * p + 1]!];
          const magnitude = Math.hypot(a[2 * p]!, a[2 * p + 1]!) - Math.hypot(b[2 * p]!, b[2 * p + 1]!);
          const energy = part === 'complex' ? re * re + im * im : magnitude * magnitude;
          const [row, column] = [Math.floor(p / size), p % size];
          const covered = sick.boxes.some(
            (box) =>
              box.slice === slice &&
              row >= box.top &&
              row < box.top + box.height &&
              column >= box.left &&
              column < box.left + box.width,
          );
          if (covered) inside += energy;
          else outside += energy;
        }
      }
      return { inside, outside };
    };

    test('has boxes, and they cover what it changes', () => {
      expect(sick.boxes.length).toBeGreaterThan(0);
      const { inside, outside } = difference('complex');
      expect(inside / (inside + outside)).toBeGreaterThan(0.8);
      for (const { top, left, height, width } of sick.boxes) {
        expect(Math.min(top, left)).toBeGreaterThanOrEqual(0);
        expect(Math.max(top + height, left + width)).toBeLessThanOrEqual(size);
      }
    });

    test('is seen where its kind is seen: magnitude, phase or both', () => {
      const whole = difference('complex').inside;
      const share = difference('magnitude').inside / whole;
      if (disease === 'microbleeds') expect(share).toBeLessThan(0.35);
      if (disease === 'demyelination' || disease === 'cyst') expect(share).toBeGreaterThan(0.6);
      expect(whole).toBeGreaterThan(0);
    });
  },
);
