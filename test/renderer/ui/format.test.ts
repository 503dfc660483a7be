import { describe, expect, it } from 'vitest';
import { ago, bytes, duration, percentOf } from '../../../renderer/ui/format.ts';

describe('figures', () => {
  it('count bytes in units that people read', () => {
    expect([0, 999, 1024, 1_500_000, 1_023_999, 3 * 2 ** 30].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '1.4 MB',
      '0.98 MB',
      '3.0 GB',
    ]);
  });

  it('tell a time to come as precisely as it can be known', () => {
    expect([0, 59.4, 60, 200, 1_260, 7_500].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '21 min',
      '2 h 05 min',
    ]);
  });

  it('tell how long ago something was', () => {
    const now = new Date('2026-03-10T12:00:00Z');
    expect(ago('2026-03-10T11:59:30Z', now)).toBe('just now');
    expect(ago('2026-03-10T11:55:00Z', now)).toBe('5 minutes ago');
    expect(ago('2026-03-09T11:00:00Z', now)).toBe('yesterday');
  });
});

it('percent are whole, and 100 only at the end', () => {
  expect([0, 0.759, 0.999, 1, null, undefined].map(percentOf)).toEqual([0, 75, 99, 100, null, null]);
});
