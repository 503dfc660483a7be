import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { calibrationRegion } from '../../main/recon/calibration.ts';
import { sampledShare } from '../../main/recon/sampling.ts';

/** k-space of two coils that was measured where `measured` says so. */
function kspace(rows: number, columns: number, measured: (row: number, column: number) => boolean) {
  const data = new Random('k').normals(2 * 2 * rows * columns);
  for (let c = 0; c < 2; c++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        if (!measured(y, x)) data.fill(0, 2 * ((c * rows + y) * columns + x), 2 * ((c * rows + y) * columns + x) + 2);
      }
    }
  }
  return { shape: [2, rows, columns], data };
}

describe('the calibration region', () => {
  it('is the centre 24 × 24 of a complete acquisition, even or odd', () => {
    for (const [rows, columns] of [
      [64, 48],
      [65, 47],
    ] as const) {
      const full = kspace(rows, columns, () => true);
      const region = calibrationRegion(full);
      expect([region.rows, region.columns]).toEqual([24, 24]);
      const [top, left] = [Math.floor(rows / 2) - 12, Math.floor(columns / 2) - 12];
      for (const [c, y, x] of [
        [0, 0, 0],
        [1, 23, 23],
        [1, 5, 17],
      ] as const) {
        const from = 2 * ((c * rows + top + y) * columns + left + x);
        expect(region.data[2 * ((c * 24 + y) * 24 + x)]).toBe(full.data[from]);
      }
    }
  });

  it('is as wide as the block of complete central columns', () => {
    const region = calibrationRegion(kspace(64, 64, (_, x) => x % 4 === 0 || Math.abs(x - 32) <= 5));
    expect([region.rows, region.columns]).toEqual([24, 11]);
  });

  it('moves aside where columns on one side were never measured', () => {
    const region = calibrationRegion(kspace(64, 64, (_, x) => x >= 26));
    expect([region.rows, region.columns]).toEqual([24, 24]);
    expect(region.data.every((v) => v !== 0)).toBe(true);
  });

  it('trades height for width in a disc of samples', () => {
    const region = calibrationRegion(kspace(64, 64, (y, x) => (y - 32) ** 2 + (x - 32) ** 2 <= 121));
    expect(region.rows).toBeGreaterThan(13);
    expect(region.columns).toBeGreaterThan(13);
    expect(region.data.every((v) => v !== 0)).toBe(true);
  });

  it('is refused when too small, empty, or not finite', () => {
    expect(() => calibrationRegion(kspace(64, 64, (_, x) => Math.abs(x - 32) < 3))).toThrow(
      expect.objectContaining({ code: 'calibration-too-small' }),
    );
    expect(() => calibrationRegion(kspace(64, 64, () => false))).toThrow(
      expect.objectContaining({ code: 'calibration-empty' }),
    );
    const broken = kspace(64, 64, () => true);
    broken.data[2 * (32 * 64 + 32)] = NaN;
    expect(() => calibrationRegion(broken)).toThrow(expect.objectContaining({ code: 'calibration-not-finite' }));
  });
});

describe('the share of k-space that was measured', () => {
  it('leaves out columns at the sides that were never asked for', () => {
    expect(sampledShare(kspace(8, 20, (_, x) => x >= 4 && x < 16))).toBe(1);
    expect(sampledShare(kspace(8, 20, (_, x) => x >= 4 && x < 15 && x % 2 === 0))).toBeCloseTo(6 / 11);
    expect(sampledShare(kspace(8, 20, () => false))).toBe(0);
  });
});
