import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutPatch, interleave, planar } from '../../main/patches/index.ts';

describe('cutting a patch', () => {
  const image = { rows: 7, columns: 9, data: Float32Array.from({ length: 126 }, (_, i) => i) };

  test('takes the samples of its square, real and imaginary together', () => {
    const patch = cutPatch(image, 2, 3, 4);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) {
        const at = 2 * ((2 + y) * 9 + 3 + x);
        expect([...patch.subarray(2 * (4 * y + x), 2 * (4 * y + x) + 2)]).toEqual([at, at + 1]);
      }
    }
  });

  test('copies: the image does not change with it', () => {
    cutPatch(image, 0, 0, 4).fill(-1);
    expect(image.data[0]).toBe(0);
  });

  test.each([
    [-1, 0],
    [0, -1],
    [4, 0],
    [0, 6],
    [0.5, 0],
  ])('refuses row %d, column %d', (top, left) => {
    expect(() => cutPatch(image, top, left, 4)).toThrow(expect.objectContaining({ code: 'patch-outside' }));
  });

  test('stores real and imaginary parts as planes, and gets them back', () => {
    expect([...planar(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2)]).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
    fc.assert(
      fc.property(fc.float32Array({ minLength: 54, maxLength: 54 }), (patches) => {
        expect(interleave(planar(patches, 3), 3)).toEqual(patches);
      }),
    );
  });
});
