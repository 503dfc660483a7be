import { describe, expect, it } from 'vitest';
import type { ComplexVolume } from '../../main/domain/complex.ts';
import { Random } from '../../main/domain/random.ts';
import { readNpyAs } from '../../main/formats/npy.ts';
import { close, fillHoles, largestComponent } from '../../main/recon/binary-image.ts';
import { suggestFacialSlices } from '../../main/recon/facial-slices.ts';
import { brainMask } from '../../main/recon/mask.ts';
import { otsuThreshold } from '../../main/recon/threshold.ts';
import { dataFile, describeWithData } from '../data.ts';

const N = 96;

/** Heads of radius `radius(slice)` in complex noise of standard deviation 1. */
function heads(slices: number, radius: (slice: number) => number, level = 20): ComplexVolume {
  const data = new Random('heads').normals(2 * slices * N * N);
  for (let s = 0; s < slices; s++) {
    for (let y = 0; y < N; y++) {
      for (let x = 0; x < N; x++) {
        const r = Math.hypot(y - 48, x - 48);
        // A dark ventricle in the middle.
        if (r < radius(s) && r > 6) data[2 * ((s * N + y) * N + x)]! += level;
      }
    }
  }
  return { slices, rows: N, columns: N, data };
}

const area = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v, 0);

describe('the brain mask', () => {
  it('covers the head, its dark ventricle included, and nothing else', () => {
    const volume = heads(1, () => 30);
    const mask = brainMask(volume);
    expect(area(mask) / (Math.PI * 30 * 30)).toBeGreaterThan(0.97);
    expect(area(mask) / (Math.PI * 30 * 30)).toBeLessThan(1.1);
    expect(mask[48 * N + 48]).toBe(1);
    expect(mask[10 * N + 10]).toBe(0);
  });

  it('does not depend on the scale of a slice', () => {
    const volume = heads(2, () => 30);
    const before = brainMask(volume);
    volume.data.subarray(2 * N * N).forEach((v, i) => (volume.data[2 * N * N + i] = v * 1e-4));
    expect(brainMask(volume)).toEqual(before);
  });

  it('is empty in slices of noise and of zeros', () => {
    const volume = heads(3, (s) => (s === 1 ? 30 : 0));
    volume.data.fill(0, 4 * N * N);
    const mask = brainMask(volume);
    expect(area(mask.subarray(0, N * N))).toBe(0);
    expect(area(mask.subarray(N * N, 2 * N * N))).toBeGreaterThan(2000);
    expect(area(mask.subarray(2 * N * N))).toBe(0);
  });

  it('is not drawn to a bright rim beside a surface coil', () => {
    const volume = heads(1, () => 30);
    for (let y = 0; y < N; y++) {
      for (let x = 0; x < N; x++) {
        const r = Math.hypot(y - 48, x - 48);
        if (r > 28 && r < 30 && x < 30) volume.data[2 * (y * N + x)]! += 400;
      }
    }
    expect(area(brainMask(volume)) / (Math.PI * 30 * 30)).toBeGreaterThan(0.95);
  });
});

describe('binary images', () => {
  const parse = (text: string): Uint8Array => Uint8Array.from(text.replace(/\s/g, ''), Number);

  it('are closed: a gap is bridged, the outline stays, also at the border', () => {
    const gap = parse(`
      110110
      110110
      110110`);
    expect([...close(gap, 3, 6, 1)]).toEqual([...parse('110110 111110 110110')]);
    const dot = parse('000 010 000');
    expect([...close(dot, 3, 3, 1)]).toEqual([...dot]);
  });

  it('keep their largest component, through slices', () => {
    const data = Uint8Array.from([1, 1, 0, 0, 1, /* next slice */ 1, 0, 0, 0, 1]);
    const kept = largestComponent({ slices: 2, rows: 1, columns: 5, data });
    expect([...kept.data]).toEqual([1, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
    const empty = { slices: 1, rows: 1, columns: 3, data: new Uint8Array(3) };
    expect([...largestComponent(empty).data]).toEqual([0, 0, 0]);
  });

  it('have holes filled that no border touches', () => {
    const data = parse(`
      11111
      10001
      11011
      11011
      11011`);
    const open = fillHoles({ slices: 1, rows: 5, columns: 5, data });
    expect([...open.data]).toEqual([...data]);
    const closed = data.slice();
    closed[22] = 1;
    expect(area(fillHoles({ slices: 1, rows: 5, columns: 5, data: closed }).data)).toBe(25);
  });
});

describe('Otsu’s threshold', () => {
  it('falls between two clusters and is undefined without contrast', () => {
    const random = new Random('otsu');
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 700 ? 1 : 5) + 0.3 * random.normal());
    const { threshold } = otsuThreshold(values)!;
    expect(threshold).toBeGreaterThan(1.5);
    expect(threshold).toBeLessThan(4.5);
    expect(otsuThreshold(new Float32Array(10).fill(3))).toBeUndefined();
  });
});

describeWithData('facial slices', () => {
  /** A synthetic stack: round above, with a nose below. */
  function stack(faces: number, slices: number, reversed = false): Uint8Array {
    const mask = new Uint8Array(slices * N * N);
    for (let s = 0; s < slices; s++) {
      const place = reversed ? slices - 1 - s : s;
      const radius = 30 - (place / slices) ** 4 * 15;
      for (let y = 0; y < N; y++) {
        for (let x = 0; x < N; x++) {
          const head = Math.hypot(y - 52, x - 48) < radius;
          const nose = place < faces && y > 10 && y < 52 && Math.abs(x - 48) < 4;
          mask[(s * N + y) * N + x] = Number(head || nose);
        }
      }
    }
    return mask;
  }

  it('are suggested at whichever end of the stack has noses', () => {
    expect(suggestFacialSlices(stack(7, 20), 20, N, N)).toEqual({ first: 0, last: 6 });
    expect(suggestFacialSlices(stack(7, 20, true), 20, N, N)).toEqual({ first: 13, last: 19 });
  });

  it('are not suggested for smooth stacks, short ones and empty ones', () => {
    expect(suggestFacialSlices(stack(0, 20), 20, N, N)).toBeUndefined();
    expect(suggestFacialSlices(stack(1, 3), 3, N, N)).toBeUndefined();
    expect(suggestFacialSlices(new Uint8Array(20 * N * N), 20, N, N)).toBeUndefined();
  });

  it('keep the mask of a real slice convex enough to be no face', async () => {
    const path = dataFile('kspace', 'brainA_8coil_fully_sampled', 'combined_m1.npy');
    const { data } = await readNpyAs(path, 'complex64');
    const mask = brainMask({ slices: 1, rows: 230, columns: 180, data });
    const six = new Uint8Array(6 * mask.length);
    for (let s = 0; s < 6; s++) six.set(mask, s * mask.length);
    expect(suggestFacialSlices(six, 6, 230, 180)).toBeUndefined();
  });
});
