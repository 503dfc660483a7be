import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeGrid } from '../../main/synthesis/time-grid.ts';

describe('the times of sampling', () => {
  it('are evenly spaced unless shifted', () => {
    expect(timeGrid(4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('stand closer near the noise the larger the shift, and always run from 0 to 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.double({ min: 1.01, max: 20, noNaN: true }), (steps, shift) => {
        const times = timeGrid(steps, shift);
        expect([times[0], times.at(-1), times.length]).toEqual([0, 1, steps + 1]);
        const lengths = times.slice(1).map((t, i) => t - times[i]!);
        expect(lengths.every((length, i) => length > (i === 0 ? 0 : lengths[i - 1]!))).toBe(true);
      }),
    );
  });

  it('refuse a number of steps, or a shift, that is none', () => {
    for (const steps of [0, -1, 2.5, Number.NaN]) expect(() => timeGrid(steps)).toThrow(/number of sampling steps/);
    for (const shift of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => timeGrid(5, shift)).toThrow(/shift/);
  });
});
