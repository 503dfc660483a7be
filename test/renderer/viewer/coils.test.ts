import { describe, expect, it } from 'vitest';
import { shownCoil, steppedCoil } from '../../../renderer/features/viewer/coils.ts';

const [eight, four] = [{ coils: 8 }, { coils: 4 }];

describe('the coil of a second volume that has fewer', () => {
  it('is its last one where the first volume shows a coil that it has not', () => {
    expect([shownCoil(6, eight), shownCoil(6, four)]).toEqual([6, 3]);
    expect([shownCoil(2, eight), shownCoil(2, four)]).toEqual([2, 2]);
    expect(shownCoil(6, null)).toBe(0);
  });

  it('goes on from the one that is shown, round its own number of coils', () => {
    expect(steppedCoil(6, four, -1)).toBe(2);
    expect(steppedCoil(6, four, 1)).toBe(0);
    expect(steppedCoil(0, four, -1)).toBe(3);
    expect(steppedCoil(7, eight, 1)).toBe(0);
  });
});
