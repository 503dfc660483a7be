import { describe, expect, test } from 'vitest';
import { centralPositions, gridPositions } from '../../main/patches/index.ts';

describe('the grid of external volumes', () => {
  test('is 4 × 4, 75 pixels apart, clamped to the image', () => {
    const grid = gridPositions(320, 320);
    expect(grid).toHaveLength(16);
    expect([...new Set(grid.map((position) => position.top))]).toEqual([0, 75, 150, 224]);
    expect([...new Set(grid.map((position) => position.left))]).toEqual([0, 75, 150, 224]);
  });

  test('has four patches in the middle', () => {
    expect(centralPositions(320, 320).map(({ top, left }) => [top, left])).toEqual([
      [75, 75],
      [75, 150],
      [150, 75],
      [150, 150],
    ]);
  });

  test('stays inside a smaller image, and refuses one smaller than a patch', () => {
    for (const { top, left } of gridPositions(256, 208)) expect(top + 96 <= 256 && left + 96 <= 208).toBe(true);
    expect(() => gridPositions(95, 320)).toThrow(expect.objectContaining({ code: 'image-too-small' }));
  });
});
