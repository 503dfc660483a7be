import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlap, resizeBox } from '../../main/patches/boxes.ts';
import { resizeInKspace } from '../../main/recon/resize.ts';

describe('boxes', () => {
  test('overlap by the smaller of the two areas', () => {
    const patch = { top: 0, left: 0, height: 96, width: 96 };
    expect(overlap(patch, { top: 10, left: 10, height: 4, width: 4 })).toBe(1);
    expect(overlap(patch, { top: 0, left: 72, height: 96, width: 96 })).toBe(0.25);
    expect(overlap(patch, { top: -200, left: -200, height: 600, width: 600 })).toBe(1);
    expect(overlap(patch, { top: 96, left: 0, height: 10, width: 10 })).toBe(0);
    expect(overlap(patch, { top: 10, left: 10, height: 0, width: 10 })).toBe(0);
  });

  test('follow the image when it is resized in k-space, and come back', () => {
    // A smooth blob: the centroid of its magnitude goes where the middle of its box goes.
    const [rows, columns] = [46, 36];
    const data = new Float32Array(2 * rows * columns);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) data[2 * (y * columns + x)] = Math.exp(-((y - 30) ** 2 + (x - 12) ** 2) / 18);
    }
    const to = { rows: 64, columns: 64 };
    const resized = resizeInKspace({ rows, columns, data }, to.rows, to.columns);
    let [sum, sumY, sumX] = [0, 0, 0];
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const m = resized.data[2 * (y * 64 + x)]!;
        [sum, sumY, sumX] = [sum + m, sumY + m * y, sumX + m * x];
      }
    }
    const box = resizeBox({ top: 25, left: 7, height: 11, width: 11 }, { rows, columns }, to);
    // Pixel a of a box is its first; the middle of its extent is at top + (height − 1) / 2.
    expect(box.top + (box.height - 1) / 2).toBeCloseTo(sumY / sum, 1);
    expect(box.left + (box.width - 1) / 2).toBeCloseTo(sumX / sum, 1);
    fc.assert(
      fc.property(fc.nat(45), fc.nat(35), fc.nat(9), fc.nat(9), (top, left, height, width) => {
        const there = resizeBox({ top, left, height, width }, { rows, columns }, to);
        const back = resizeBox(there, to, { rows, columns });
        expect(back.top).toBeCloseTo(top, 9);
        expect(back.left).toBeCloseTo(left, 9);
        expect(back.height).toBeCloseTo(height, 9);
        expect(back.width).toBeCloseTo(width, 9);
      }),
    );
  });

  test('stay where they are in an image that keeps its size', () => {
    const box = { top: 3, left: 5, height: 7, width: 9 };
    expect(resizeBox(box, { rows: 320, columns: 321 }, { rows: 320, columns: 321 })).toEqual(box);
  });
});
