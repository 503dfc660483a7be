import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowOf } from '../../../renderer/ui/virtual-window.ts';

describe('rows in sight', () => {
  it('hold every row that can be seen, and few others', () => {
    fc.assert(
      fc.property(fc.nat(400_000), fc.integer({ min: 1, max: 2_000 }), fc.nat(10_000), (top, height, count) => {
        const rowHeight = 32;
        const { first, last } = windowOf({ top, height, rowHeight, count });
        expect(first).toBeGreaterThanOrEqual(0);
        expect(last).toBeLessThanOrEqual(count);
        expect(last - first).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 18);
        for (let y = top; y < top + height; y += rowHeight) {
          const row = Math.floor(y / rowHeight);
          if (row < count) expect(row >= first && row < last).toBe(true);
        }
      }),
    );
  });
});
