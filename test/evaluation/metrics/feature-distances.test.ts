import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/domain/random.ts';
import { frechetDistance } from '../../../main/evaluation/metrics/frechet.ts';
import { memorisation, nearestDistances } from '../../../main/evaluation/metrics/nearest-neighbour.ts';

describe('the Fréchet distance', () => {
  it('equals the formula with SciPy’s matrix square root', () => {
    const f = table(20, (i, j) => Math.sin(3 * i + j * j + 1) + (j === 1 ? 0.5 * Math.cos(i) : 0));
    const g = table(25, (i, j) => Math.cos(2 * i * i + j) * (1 + 0.5 * j) + 0.2);
    const wanted = 1.9981858497176699;
    expect(frechetDistance({ data: f, dimension: 3 }, { data: g, dimension: 3 })).toBeCloseTo(wanted, 9);
  });

  it('is zero from a set to itself, symmetric, and sees a shift as its squared length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (dimension, seed) => {
        const random = new Random(seed);
        const data = Float64Array.from({ length: 40 * dimension }, () => random.normal());
        const other = Float64Array.from({ length: 30 * dimension }, () => 2 * random.normal());
        const set = { data, dimension };
        expect(frechetDistance(set, set)).toBeCloseTo(0, 8);
        const there = frechetDistance(set, { data: other, dimension });
        expect(frechetDistance({ data: other, dimension }, set)).toBeCloseTo(there, 8);
        const shifted = { data: data.map((value) => value + 3), dimension };
        expect(frechetDistance(set, shifted)).toBeCloseTo(9 * dimension, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('stands features without variance, and fewer samples than dimensions', () => {
    const random = new Random(2);
    const flat = Float64Array.from({ length: 5 * 16 }, (_, i) => (i % 16 === 3 ? 1 : random.normal()));
    expect(frechetDistance({ data: flat, dimension: 16 }, { data: flat, dimension: 16 })).toBeCloseTo(0, 5);
  });

  it('refuses sets that cannot be compared', () => {
    const three = { data: table(4, () => 1), dimension: 3 };
    expect(() => frechetDistance(three, { data: [1, 2, 3, 4], dimension: 2 })).toThrow(/3 numbers in both/);
    expect(() => frechetDistance(three, { data: [1, 2, 3], dimension: 3 })).toThrow(/at least two vectors/);
  });
});

describe('the memorisation check', () => {
  const random = new Random(11);
  const samples = 64;
  const set = (n: number): { data: Float32Array; samples: number } => ({
    data: random.normals(2 * samples * n),
    samples,
  });
  const training = set(30);

  it('finds a copy of a training patch whatever constant phase it was turned by', () => {
    const copy = training.data.slice(2 * samples * 4, 2 * samples * 5);
    for (let i = 0; i < copy.length; i += 2) [copy[i], copy[i + 1]] = [-copy[i + 1]!, copy[i]!];
    const [distance] = nearestDistances({ data: copy, samples }, training);
    expect(distance).toBeLessThan(1e-3);
    expect(nearestDistances(set(1), training)[0]).toBeGreaterThan(1);
  });

  it('equals a search over all references and many angles', () => {
    const query = set(1);
    let best = Infinity;
    for (let r = 0; r < 30; r++) {
      for (let k = 0; k < 3600; k++) {
        const c = Math.cos((2 * Math.PI * k) / 3600);
        const s = Math.sin((2 * Math.PI * k) / 3600);
        let sum = 0;
        for (let i = 0; i < 2 * samples; i += 2) {
          const a = training.data[2 * samples * r + i]!;
          const b = training.data[2 * samples * r + i + 1]!;
          sum += (query.data[i]! - (c * a - s * b)) ** 2 + (query.data[i + 1]! - (s * a + c * b)) ** 2;
        }
        best = Math.min(best, Math.sqrt(sum / samples));
      }
    }
    expect(nearestDistances(query, training)[0]).toBeCloseTo(best, 4);
  });

  it('reports about 5 % for new patches and 100 % for copies', () => {
    const heldOut = nearestDistances(set(200), training);
    expect(memorisation(nearestDistances(set(200), training), heldOut).synthetic).toBeLessThan(0.12);
    expect(memorisation(nearestDistances(training, training), heldOut).synthetic).toBe(1);
  });

  it('refuses sets of different patches', () => {
    expect(() => nearestDistances({ data: new Float32Array(8), samples: 4 }, training)).toThrow(/one size/);
    expect(() => memorisation(new Float64Array(0), new Float64Array(2))).toThrow(/at least one distance/);
  });
});

function table(rows: number, value: (i: number, j: number) => number): number[] {
  return Array.from({ length: 3 * rows }, (_, k) => value(Math.floor(k / 3), k % 3));
}
