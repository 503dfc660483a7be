import { describe, expect, it } from 'vitest';
import { cardBeside, cardBeyond, cardLines, linesBetween } from '../../../renderer/features/library/cards.ts';
import { isFacial, movedTo, withEnd } from '../../../renderer/features/library/facial-range.ts';
import type { Segment } from '../../../renderer/features/library/layout.ts';

const ids = (count: number, prefix = 'v'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const sizes = { across: 3, heading: 30, card: 100 };
/** Rows: 0 heading, 1–4 cards, 5 folded heading, 6 heading, 7–8 cards. */
const grouped: Segment[] = [
  { group: { value: 'a', open: true }, ids: ids(4, 'a') },
  { group: { value: 'b', open: false }, ids: ids(9, 'b') },
  { group: { value: 'c', open: true }, ids: ids(2, 'c') },
];

describe('cards of the library', () => {
  it('lie in lines below the headings of their groups', () => {
    const { lines, height } = cardLines(grouped, sizes);
    expect(lines.map(({ heading, row, count, top }) => [heading, row, count, top])).toEqual([
      [true, 0, 1, 0],
      [false, 1, 3, 30],
      [false, 4, 1, 130],
      [true, 5, 1, 230],
      [true, 6, 1, 260],
      [false, 7, 2, 290],
    ]);
    expect(height).toBe(390);
  });

  it('are drawn where they are in sight, ten thousand as few as ten', () => {
    const { lines } = cardLines([{ group: undefined, ids: ids(10_000) }], sizes);
    expect(lines).toHaveLength(3334);
    const seen = linesBetween(lines, 50_000, 50_600);
    expect(seen.length).toBeLessThan(12);
    expect(seen[0]!.top).toBeLessThanOrEqual(50_000);
    expect(seen.at(-1)!.top + sizes.card).toBeGreaterThanOrEqual(50_600);
    expect(linesBetween([], 0, 100)).toEqual([]);
  });

  it('are walked by the arrow keys, over headings and shorter lines', () => {
    const { lines } = cardLines(grouped, sizes);
    expect(cardBeyond(lines, 3, 1)).toBe(4);
    expect(cardBeyond(lines, 4, 1)).toBe(7);
    expect(cardBeyond(lines, 8, -1)).toBe(4);
    expect(cardBeyond(lines, 7, 1)).toBe(7);
    expect(cardBeside(grouped, 4, 1)).toBe(7);
    expect(cardBeside(grouped, 1, -1)).toBe(1);
  });
});

describe('a range of facial slices', () => {
  it('moves its nearer end to the slice that was pressed', () => {
    expect(movedTo(null, 4)).toEqual([4, 4]);
    expect(movedTo([4, 4], 9)).toEqual([4, 9]);
    expect(movedTo([4, 9], 1)).toEqual([1, 9]);
    expect(movedTo([0, 9], 7)).toEqual([0, 7]);
    expect(movedTo([0, 9], 2)).toEqual([2, 9]);
    expect([1, 2, 3].map((slice) => isFacial([2, 9], slice))).toEqual([false, true, true]);
  });

  it('is typed as people count, and stays within the volume', () => {
    expect(withEnd(null, 'first', 3, 10)).toEqual([2, 2]);
    expect(withEnd([2, 5], 'first', 9, 10)).toEqual([8, 8]);
    expect(withEnd([2, 5], 'last', 99, 10)).toEqual([2, 9]);
    expect(withEnd([2, 5], 'last', NaN, 10)).toEqual([2, 5]);
  });
});
