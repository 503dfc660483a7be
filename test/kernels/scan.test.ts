import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { borrowFloats, FOUND, scanFloats } from '../../main/kernels/scan.ts';

/** The same by looking at each number. */
function scanSlowly(data: Float32Array): number {
  const isWrong = data.some((value) => !Number.isFinite(value));
  const isSomething = data.some((value) => value !== 0);
  return (isWrong ? FOUND.notFinite : FOUND.nothing) | (isSomething ? FOUND.notZero : FOUND.nothing);
}

/** Numbers at the ends of what 32 bits can say; the largest and the smallest are finite. */
const TELLING = [0, -0, 1, -1, 2 ** -149, -(2 ** -149), 3.4028234663852886e38, -3.4028234663852886e38, NaN, Infinity, -Infinity]; // prettier-ignore

describe('Looking through numbers', () => {
  it('finds each of the telling numbers at every place of an array, in lent and in common arrays', () => {
    for (const length of [1, 15, 16, 17, 31, 48, 67]) {
      const lent = borrowFloats(length);
      for (const data of [lent.floats, new Float32Array(length)]) {
        for (const background of [0, 3]) {
          for (let at = 0; at < length; at++) {
            for (const value of TELLING) {
              data.fill(background);
              data[at] = value;
              expect(scanFloats(data), `${value} at ${at} of ${length}`).toBe(scanSlowly(data));
            }
          }
        }
      }
      lent.giveBack();
    }
  });

  it('sees the same in any part of a long array as looking at each number does', () => {
    const lent = borrowFloats(10_000);
    lent.floats.set(Random.for('scan').normals(10_000));
    lent.floats.fill(0, 2000, 5000);
    for (const at of [17, 2500, 9999]) lent.floats[at] = NaN;
    const place = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const part = lent.floats.subarray(Math.min(a, b), Math.max(a, b));
        expect(scanFloats(part)).toBe(scanSlowly(part));
      }),
    );
    lent.giveBack();
  });

  it('lends one fast array at a time, and a common one to whoever comes meanwhile', () => {
    const first = borrowFloats(100);
    const second = borrowFloats(100);
    expect(first.floats.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(second.floats.buffer).toBeInstanceOf(ArrayBuffer);
    second.giveBack();
    first.giveBack();
    const larger = borrowFloats(1_000_000);
    first.giveBack();
    expect(borrowFloats(10).floats.buffer).toBeInstanceOf(ArrayBuffer);
    larger.floats.fill(1);
    expect(scanFloats(larger.floats)).toBe(FOUND.notZero);
    larger.giveBack();
  });
});
