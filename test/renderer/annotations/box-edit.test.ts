import { describe, expect, it } from 'vitest';
import { fittedBox, handleAt, movedBox, resizedBox } from '../../../renderer/features/annotations/box-edit.ts';

const image = { rows: 100, columns: 80 };
const box = { top: 10, left: 20, height: 30, width: 40 };

describe('drawing boxes', () => {
  it('gives whole pixels inside of the image, and at least one', () => {
    expect(fittedBox({ top: -4.2, left: 3.6, height: 200, width: 0.1 }, image)).toEqual({
      top: 0,
      left: 4,
      height: 100,
      width: 1,
    });
  });

  it('moves a box as a whole and stops at the edges', () => {
    expect(movedBox(box, { x: 3.4, y: -2 }, image)).toEqual({ ...box, left: 23, top: 8 });
    expect(movedBox(box, { x: 500, y: -500 }, image)).toEqual({ ...box, left: 40, top: 0 });
  });

  it('resizes by a handle, also over the opposite side', () => {
    expect(resizedBox(box, 'se', { x: 5, y: 5 }, image)).toEqual({ ...box, height: 35, width: 45 });
    expect(resizedBox(box, 'n', { x: 99, y: -5 }, image)).toEqual({ ...box, top: 5, height: 35 });
    expect(resizedBox(box, 'w', { x: 50, y: 0 }, image)).toEqual({ ...box, left: 60, width: 10 });
    expect(handleAt(box, 'se')).toEqual({ x: 60, y: 40 });
    expect(handleAt(box, 'n')).toEqual({ x: 40, y: 10 });
  });
});
