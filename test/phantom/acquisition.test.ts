import { describe, expect, test } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { Coils } from '../../main/phantom/acquisition/coils.ts';
import { addNoise } from '../../main/phantom/acquisition/gaussian-noise.ts';

test('noise is standard normal: moments and tails', () => {
  const data = new Float32Array(400_000);
  addNoise(data, 1, new Random('noise'));
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const moment = (power: number): number => data.reduce((a, b) => a + b ** power, 0) / data.length;
  const beyond = (limit: number): number => data.filter((value) => Math.abs(value) > limit).length / data.length;
  expect(Math.abs(mean)).toBeLessThan(0.006);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(Math.abs(moment(3))).toBeLessThan(0.03);
  expect(moment(4)).toBeGreaterThan(2.94);
  expect(moment(4)).toBeLessThan(3.06);
  // 2·(1 − Φ): 0.3173, 0.0455, 0.00270, 0.00058 beyond the ziggurat's last edge.
  expect(beyond(1)).toBeCloseTo(0.3173, 2);
  expect(beyond(2)).toBeCloseTo(0.0455, 2);
  expect(beyond(3)).toBeGreaterThan(0.0023);
  expect(beyond(3)).toBeLessThan(0.0031);
  expect(beyond(3.4426)).toBeGreaterThan(0.0004);
  expect(beyond(3.4426)).toBeLessThan(0.0008);
});

describe.each([4, 8, 16])('%i coils', (count) => {
  const size = 64;
  const coils = new Coils(count, 'seed', size, 220 / size);
  const maps = Array.from({ length: count }, (_, coil) => coils.sensitivity(coil, 10));

  test('together see the middle of the head with about unit sensitivity, and the rim better', () => {
    const rss = (row: number, column: number): number =>
      Math.sqrt(
        maps.reduce(
          (sum, map) => sum + map[2 * (row * size + column)]! ** 2 + map[2 * (row * size + column) + 1]! ** 2,
          0,
        ),
      );
    expect(rss(32, 32)).toBeGreaterThan(0.6);
    expect(rss(32, 32)).toBeLessThan(1.6);
    expect(rss(32, 10)).toBeGreaterThan(rss(32, 32));
  });

  test('are smooth and have different phases', () => {
    const angles = maps.map((map) => Math.atan2(map[2 * (32 * size + 32) + 1]!, map[2 * (32 * size + 32)]!));
    expect(new Set(angles.map((angle) => angle.toFixed(2))).size).toBeGreaterThan(count / 2);
    const map = maps[0]!;
    let roughest = 0;
    for (let row = 16; row < 48; row++) {
      for (let column = 16; column < 48; column++) {
        const i = 2 * (row * size + column);
        roughest = Math.max(roughest, Math.abs(map[i]! - map[i + 2]!), Math.abs(map[i]! - map[i + 2 * size]!));
      }
    }
    expect(roughest).toBeLessThan(0.2);
  });
});
