import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { normaliseSlice } from '../../main/recon/normalise.ts';
import { prepareComplexVolume } from '../../main/recon/prepare.ts';
import { fitFieldOfView, resizeInKspace, resizedPosition } from '../../main/recon/resize.ts';
import { nrmse } from './measures.ts';

const size = fc.integer({ min: 8, max: 40 });

/** A smooth blob around a pixel, band-limited for all practical purposes. */
function blob(rows: number, columns: number, y0: number, x0: number, width: number) {
  const data = new Float32Array(2 * rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const value = Math.exp(-(((y - y0) / width) ** 2) - ((x - x0) / width) ** 2);
      data.set([value, value * 0.5], 2 * (y * columns + x));
    }
  }
  return { rows, columns, data };
}

describe('resizing in k-space', () => {
  it('keeps a constant image constant, whatever the sizes', () => {
    fc.assert(
      fc.property(size, size, size, size, (rows, columns, toRows, toColumns) => {
        const constant = new Float32Array(2 * rows * columns).map((_, i) => (i % 2 === 0 ? 2 : -1));
        const { data } = resizeInKspace({ rows, columns, data: constant }, toRows, toColumns);
        for (let i = 0; i < data.length; i++) expect(data[i]).toBeCloseTo(i % 2 === 0 ? 2 : -1, 4);
      }),
    );
  });

  it('restores an image after enlarging and reducing it', () => {
    fc.assert(
      fc.property(size, size, size, size, fc.integer(), (rows, columns, more, wider, seed) => {
        const data = new Random(seed).normals(2 * rows * columns);
        const large = resizeInKspace({ rows, columns, data }, rows + more, columns + wider);
        expect(nrmse(resizeInKspace(large, rows, columns).data, data)).toBeLessThan(1e-5);
      }),
    );
  });

  it('puts a smooth object where resizedPosition says, for odd and even sizes', () => {
    for (const [from, to] of [
      [40, 64],
      [41, 64],
      [40, 63],
      [64, 41],
    ] as const) {
      const small = blob(from, from, 0.4 * from, 0.55 * from, from / 9);
      const expected = blob(
        to,
        to,
        resizedPosition(0.4 * from, from, to),
        resizedPosition(0.55 * from, from, to),
        to / 9,
      );
      expect(nrmse(resizeInKspace(small, to, to).data, expected.data)).toBeLessThan(1e-3);
    }
  });
});

describe('fitting the field of view', () => {
  it('crops from (n − t) // 2, as fastMRI does, and surrounds with zeros', () => {
    const image = { rows: 5, columns: 4, data: Float32Array.from({ length: 40 }, (_, i) => i) };
    expect([...fitFieldOfView(image, 2, 2).data]).toEqual([10, 11, 12, 13, 18, 19, 20, 21]);
    const wide = fitFieldOfView(image, 5, 6);
    expect([...wide.data.subarray(0, 12)]).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0]);
  });
});

describe('normalising a slice', () => {
  it('makes the largest magnitude 1 and keeps the scale and the phase', () => {
    const data = Float32Array.from([3, 4, 0, -1]);
    const { image, scale } = normaliseSlice({ rows: 1, columns: 2, data });
    expect(scale).toBe(5);
    [0.6, 0.8, 0, -0.2].forEach((v, i) => expect(image.data[i]).toBeCloseTo(v, 6));
  });

  it('names an empty slice and one that is not finite', () => {
    const slice = (values: number[]) => ({ rows: 1, columns: 1, data: Float32Array.from(values) });
    expect(() => normaliseSlice(slice([0, 0]))).toThrow(expect.objectContaining({ code: 'slice-all-zero' }));
    expect(() => normaliseSlice(slice([NaN, 0]))).toThrow(expect.objectContaining({ code: 'slice-not-finite' }));
    expect(() => normaliseSlice(slice([0, Infinity]))).toThrow(expect.objectContaining({ code: 'slice-not-finite' }));
  });
});

describe('complex images that need no reconstruction', () => {
  it('come out in the same form, bad slices listed', async () => {
    const good = blob(48, 40, 24, 20, 8).data;
    const data = new Float32Array(3 * good.length);
    data.set(good.map((v) => 250 * v));
    data.set(
      good.map((v) => 50 * v),
      2 * good.length,
    );
    const { image, mask, scales, problems } = await prepareComplexVolume({ slices: 3, rows: 48, columns: 40, data });
    expect([image.slices, image.rows, image.columns]).toEqual([3, 320, 320]);
    expect(problems.map(({ slice, error }) => [slice, error.code])).toEqual([[1, 'slice-all-zero']]);
    expect(scales[0]! / scales[2]!).toBeCloseTo(5, 4);
    expect(scales[1]).toBe(0);
    const inside = mask.subarray(0, 320 * 320);
    expect(inside[160 * 320 + 160]).toBe(1);
    expect(inside[0]).toBe(0);
  });
});
