import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idsBetween, rowAt, rowCount, rowOf } from '../../../renderer/features/library/layout.ts';
import type { Segment } from '../../../renderer/features/library/layout.ts';

const grouped: Segment[] = [
  { group: { value: 'AXT1', open: true }, ids: ['a', 'b'] },
  { group: { value: 'AXT2', open: false }, ids: ['c', 'd'] },
  { group: { value: null, open: true }, ids: ['e'] },
];

describe('rows of the library', () => {
  it('have a heading before each group, and nothing below one that is folded', () => {
    const rows = Array.from({ length: rowCount(grouped) }, (_, i) => rowAt(grouped, i));
    expect(rows.map((row) => (row === undefined ? null : 'id' in row ? row.id : `#${row.heading}`))).toEqual([
      '#0',
      'a',
      'b',
      '#1',
      '#2',
      'e',
    ]);
    expect(rowAt(grouped, 6)).toBeUndefined();
    expect(rowOf(grouped, 'c')).toBe(-1);
  });

  it('select from one to another, headings left out', () => {
    expect(idsBetween(grouped, 5, 1)).toEqual(['a', 'b', 'e']);
  });

  it('are found again by the volume in them', () => {
    const segments = fc.array(fc.record({ size: fc.nat(6), open: fc.boolean(), plain: fc.constant(false) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(segments, (sizes) => {
        const all = sizes.map(({ size, open }, i): Segment => ({
          group: { value: String(i), open },
          ids: Array.from({ length: size }, (_, k) => `${i}-${k}`),
        }));
        for (let row = 0; row < rowCount(all); row++) {
          const at = rowAt(all, row)!;
          if ('id' in at) expect(rowOf(all, at.id)).toBe(row);
        }
      }),
    );
  });
});
