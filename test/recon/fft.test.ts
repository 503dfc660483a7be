import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { chooseEngine, referenceEngine, simdEngine } from '../../main/recon/engine.ts';
import type { Engine } from '../../main/recon/engine.ts';
import { ReconKernels } from '../../main/kernels/recon-kernels.ts';
import { fft1c, fft2c, ifft2c, transformLastAxes } from '../../main/recon/fft.ts';
import { energyOf, nrmse } from './measures.ts';

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 71, 101];
/** Matrix sizes of real acquisitions. */
const REAL_SIZES = [320, 640, 396, 768, 322, 276, 272, 213, 264, 180, 230, 168];

/** X[k] = (1/√n)·Σ_j x[j]·exp(−2πi·(j − ⌊n/2⌋)·(k − ⌊n/2⌋)/n), straight from the definition. */
function naive(x: Float32Array): Float64Array {
  const n = x.length / 2;
  const centre = Math.floor(n / 2);
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * (((j - centre) * (k - centre)) % n)) / n;
      out[2 * k]! += (x[2 * j]! * Math.cos(angle) - x[2 * j + 1]! * Math.sin(angle)) / Math.sqrt(n);
      out[2 * k + 1]! += (x[2 * j]! * Math.sin(angle) + x[2 * j + 1]! * Math.cos(angle)) / Math.sqrt(n);
    }
  }
  return out;
}

const line = (length: number, seed: number | string): Float32Array => new Random(seed).normals(2 * length);
const forward = (data: Float32Array): Float32Array => fft1c({ shape: [data.length / 2], data }, 0, 'forward').data;
const sizes = fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constantFrom(...PRIMES));

/** The kernels in both instruction sets, and the reference. */
const engines: [string, () => Engine][] = [
  ['relaxed SIMD', () => simdEngine()],
  ['plain SIMD', () => simdEngine(new ReconKernels({ build: 'plain' }))],
  ['the reference', () => referenceEngine],
];

describe.each(engines)('the centred orthonormal Fourier transform by %s', (_name, choose) => {
  let before: Engine;
  beforeAll(() => {
    before = chooseEngine(choose());
  });
  afterAll(() => {
    chooseEngine(before);
  });

  it('equals its definition for every length from 1 to 64, primes, and the sizes of real acquisitions', () => {
    const lengths = [...Array.from({ length: 64 }, (_, i) => i + 1), ...PRIMES, ...REAL_SIZES];
    for (const n of lengths) expect(nrmse(forward(line(n, n)), naive(line(n, n))), `length ${n}`).toBeLessThan(1e-6);
  });

  it('keeps the energy (Parseval)', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), (n, seed) => {
        const x = line(n, seed);
        expect(energyOf(forward(x)) / energyOf(x)).toBeCloseTo(1, 5);
      }),
    );
  });

  it('is linear', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), fc.double({ min: -3, max: 3, noNaN: true }), (n, seed, a) => {
        const x = line(n, `${seed}x`);
        const y = line(n, `${seed}y`);
        const [fx, fy] = [forward(x), forward(y)];
        const together = forward(x.map((v, i) => a * v + y[i]!));
        expect(
          nrmse(
            together,
            fx.map((v, i) => a * v + fy[i]!),
          ),
        ).toBeLessThan(1e-5);
      }),
    );
  });

  it('turns a shift into a phase ramp', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), fc.nat(), (n, seed, by) => {
        const x = line(n, seed);
        const shifted = new Float32Array(2 * n);
        for (let j = 0; j < n; j++) shifted.set(x.subarray(2 * j, 2 * j + 2), 2 * ((j + by) % n));
        const ramp = forward(x);
        for (let k = 0; k < n; k++) {
          const angle = (-2 * Math.PI * (((k - Math.floor(n / 2)) * (by % n)) % n)) / n;
          const [re, im] = [ramp[2 * k]!, ramp[2 * k + 1]!];
          ramp[2 * k] = re * Math.cos(angle) - im * Math.sin(angle);
          ramp[2 * k + 1] = re * Math.sin(angle) + im * Math.cos(angle);
        }
        expect(nrmse(forward(shifted), ramp)).toBeLessThan(1e-5);
      }),
    );
  });

  it('puts the constant image into the centre of k-space, for odd and even sizes', () => {
    for (const [rows, columns] of [
      [8, 6],
      [7, 6],
      [8, 5],
      [7, 5],
    ] as const) {
      const ones = new Float32Array(2 * rows * columns).map((_, i) => 1 - (i % 2));
      const { data } = fft2c({ shape: [rows, columns], data: ones });
      const centre = 2 * (Math.floor(rows / 2) * columns + Math.floor(columns / 2));
      expect(data[centre]).toBeCloseTo(Math.sqrt(rows * columns), 4);
      data[centre] = 0;
      expect(Math.sqrt(energyOf(data))).toBeLessThan(1e-5);
    }
  });

  it('is undone by its inverse over the last two axes of a batch, and leaves its input as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), sizes, sizes, fc.integer(), (coils, rows, columns, seed) => {
        const data = line(coils * rows * columns, seed);
        const before = data.slice();
        const input = { shape: [coils, rows, columns], data };
        expect(nrmse(ifft2c(fft2c(input)).data, before)).toBeLessThan(1e-6);
        expect(data).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('transforms any one axis of an array', () => {
    const [a, b, c] = [3, 5, 4];
    const data = line(a * b * c, 'axes');
    const { data: out } = fft1c({ shape: [a, b, c], data }, 1, 'forward');
    for (let i = 0; i < a; i++) {
      for (let k = 0; k < c; k++) {
        const at = (j: number): number => 2 * ((i * b + j) * c + k);
        const alone = naive(Float32Array.from({ length: 2 * b }, (_, n) => data[at(n >> 1) + (n % 2)]!));
        for (let j = 0; j < b; j++) expect(out[at(j)]).toBeCloseTo(alone[2 * j]!, 5);
      }
    }
    expect(fft1c({ shape: [a, b, c], data }, -2, 'forward').data).toEqual(out);
  });

  it('keeps a part of its result where that is asked for', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), fc.nat(), fc.integer(), (rows, columns, a, b, seed) => {
        const data = line(2 * rows * columns, seed);
        const whole = fft2c({ shape: [2, rows, columns], data }).data;
        const [first, left] = [a % rows, b % columns];
        const [count, width] = [1 + (b % (rows - first)), 1 + (a % (columns - left))];
        const part = transformLastAxes({ shape: [2, rows, columns], data }, [
          { along: 'rows', direction: 'forward', keep: { first, count } },
          { along: 'columns', direction: 'forward', keep: { first: left, count: width } },
        ]);
        expect(part.shape).toEqual([2, count, width]);
        for (let p = 0; p < 2; p++) {
          const [from, to] = [(p * rows + first) * columns + left, p * count * width];
          expect(part.data[2 * to]).toBeCloseTo(whole[2 * from]!, 5);
          const [last, end] = [from + (count - 1) * columns + width - 1, to + count * width - 1];
          expect(part.data[2 * end + 1]).toBeCloseTo(whole[2 * last + 1]!, 5);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('refuses an array that is not of its shape', () => {
    expect(() => fft2c({ shape: [4, 4], data: new Float32Array(31) })).toThrow(/16|32/);
    expect(() => fft2c({ shape: [4], data: new Float32Array(8) })).toThrow(/axes/);
  });
});
