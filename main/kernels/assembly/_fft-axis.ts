// Fourier transforms along one axis of an array in memory: four lines are gathered into lanes, transformed, and put back. The shifts
// that centre the transform, the exchange that inverts it and the crop of its result all happen while gathering and putting back.
import { transformLanes } from './_fft';

/** Gathers samples `first` … of four lines that lie side by side. */
// @ts-ignore: decorator
@inline
function gatherAdjacent(line: usize, step: usize, first: usize, count: usize, to: usize, re: usize, im: usize): void {
  let p = line + first * step;
  for (let j: usize = 0; j < count; j++, p += step, to += 32) {
    const a = v128.load(p), b = v128.load(p, 16);
    v128.store(to + re, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
    v128.store(to + im, v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  }
} // prettier-ignore

/** Gathers samples of four lines anywhere. */
// @ts-ignore: decorator
@inline
function gatherApart(
  l0: usize, l1: usize, l2: usize, l3: usize, step: usize, first: usize, count: usize, to: usize, re: usize, im: usize,
): void {
  let at = first * step;
  for (let j: usize = 0; j < count; j++, at += step, to += 32) {
    const a = v128.shuffle<f32>(v128.load64_zero(l0 + at), v128.load64_zero(l1 + at), 0, 4, 1, 5);
    const b = v128.shuffle<f32>(v128.load64_zero(l2 + at), v128.load64_zero(l3 + at), 0, 4, 1, 5);
    v128.store(to + re, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
    v128.store(to + im, v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  }
} // prettier-ignore

// @ts-ignore: decorator
@inline
function scatterAdjacent(from: usize, line: usize, step: usize, count: usize, re: usize, im: usize, norm: v128): void {
  for (let j: usize = 0; j < count; j++, line += step, from += 32) {
    const x = f32x4.mul(v128.load(from + re), norm), y = f32x4.mul(v128.load(from + im), norm);
    v128.store(line, v128.shuffle<f32>(x, y, 0, 4, 1, 5));
    v128.store(line, v128.shuffle<f32>(x, y, 2, 6, 3, 7), 16);
  }
} // prettier-ignore

// @ts-ignore: decorator
@inline
function scatterApart(
  from: usize, l0: usize, l1: usize, l2: usize, l3: usize, step: usize, count: usize, re: usize, im: usize, norm: v128,
): void {
  let at: usize = 0;
  for (let j: usize = 0; j < count; j++, at += step, from += 32) {
    const x = f32x4.mul(v128.load(from + re), norm), y = f32x4.mul(v128.load(from + im), norm);
    const a = v128.shuffle<f32>(x, y, 0, 4, 1, 5), b = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
    v128.store64_lane(l0 + at, a, 0);
    v128.store64_lane(l1 + at, a, 1);
    v128.store64_lane(l2 + at, b, 0);
    v128.store64_lane(l3 + at, b, 1);
  }
} // prettier-ignore

/**
 * Centred transforms of `lines` lines of `length` samples. Line l starts at from + l·fromLine, its samples are fromStep bytes apart; samples
 * `first` … first + count − 1 of the result go to to + l·toLine, toStep apart, multiplied by `norm`. `work` holds two buffers of `capacity`
 * samples of 32 bytes and one of 33.
 */
export function fftAxis(
  plan: usize, length: usize, chirp: usize, filter: usize, work: usize, capacity: usize, inverse: bool, norm: f32,
  from: usize, to: usize, lines: usize, fromLine: usize, fromStep: usize, toLine: usize, toStep: usize, first: usize, count: usize,
): void {
  const a = work, b = work + (capacity << 5), temp = b + (capacity << 5);
  // The inverse transform is the forward one with real and imaginary parts exchanged, before and after.
  const re: usize = inverse ? 16 : 0, im: usize = inverse ? 0 : 16;
  const centre = length >> 1, factor = f32x4.splat(norm);
  // Result position k stands for the centred index (k + centre) mod length: the crop is one or two runs of k.
  const end = first + count;
  const lowFirst = max(first, centre), lowCount = end > lowFirst ? end - lowFirst : 0;
  const highCount = count - lowCount;
  for (let line: usize = 0; line < lines; line += 4) {
    // Fewer than four left: the last one is done several times over.
    const l1 = min(line + 1, lines - 1), l2 = min(line + 2, lines - 1), l3 = min(line + 3, lines - 1);
    const f0 = from + line * fromLine, f1 = from + l1 * fromLine, f2 = from + l2 * fromLine, f3 = from + l3 * fromLine;
    const split = a + ((length - centre) << 5);
    if (fromLine == 8 && line + 4 <= lines) {
      gatherAdjacent(f0, fromStep, centre, length - centre, a, re, im);
      gatherAdjacent(f0, fromStep, 0, centre, split, re, im);
    } else {
      gatherApart(f0, f1, f2, f3, fromStep, centre, length - centre, a, re, im);
      gatherApart(f0, f1, f2, f3, fromStep, 0, centre, split, re, im);
    }
    const result = transformLanes(plan, length, chirp, filter, a, b, temp);
    const low = result + ((lowFirst - centre) << 5), high = result + ((first + length - centre) << 5);
    const t0 = to + line * toLine, t1 = to + l1 * toLine, t2 = to + l2 * toLine, t3 = to + l3 * toLine;
    const skip = highCount * toStep;
    if (toLine == 8 && line + 4 <= lines) {
      scatterAdjacent(high, t0, toStep, highCount, re, im, factor);
      scatterAdjacent(low, t0 + skip, toStep, lowCount, re, im, factor);
    } else {
      scatterApart(high, t0, t1, t2, t3, toStep, highCount, re, im, factor);
      scatterApart(low, t0 + skip, t1 + skip, t2 + skip, t3 + skip, toStep, lowCount, re, im, factor);
    }
  }
} // prettier-ignore
