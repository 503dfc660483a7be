/**
 * How a discrete Fourier transform of one length is computed. Lengths whose prime factors are small go through a
 * Stockham autosort transform of mixed radix (Temperton, J. Comput. Phys. 52, 1983: no bit reversal, every pass reads and
 * writes in order); a length with a larger prime goes through Bluestein's chirp (IEEE Trans. Audio 18, 1970), which turns it
 * into a convolution of a friendly length.
 */
export type FftPlan = MixedRadixPlan | BluesteinPlan;

/** One pass of the Stockham transform: `before` = product of the radices already done. */
interface FftPass {
  readonly radix: number;
  readonly before: number;
  /** exp(−2πi·q·k / (before·radix)) for k < before (outer), 1 ≤ q < radix (inner); interleaved re, im. */
  readonly twiddles: Float64Array;
  /** exp(−2πi·j / radix), j < radix; interleaved. Used by radices without a butterfly of their own. */
  readonly roots: Float64Array;
}

export interface MixedRadixPlan {
  readonly kind: 'mixed-radix';
  readonly length: number;
  readonly passes: readonly FftPass[];
}

export interface BluesteinPlan {
  readonly kind: 'bluestein';
  readonly length: number;
  /** Plan of the convolution, of length ≥ 2·length − 1. */
  readonly inner: MixedRadixPlan;
  /** exp(−πi·j² / length), j < length; interleaved. */
  readonly chirp: Float64Array;
  /** The convolution's kernel: the conjugate chirp, wrapped around, divided by the inner length; interleaved. */
  readonly kernel: Float64Array;
}

/** The largest prime that a butterfly of quadratic cost still does faster than Bluestein's three transforms. */
const LARGEST_RADIX = 31;

/**
 * Radices, in the order of the passes, whose product is `length`; undefined where a prime factor is above `largest`.
 * Pairs of twos are merged into fours, which need fewer multiplications.
 */
function factorise(length: number, largest = LARGEST_RADIX): number[] | undefined {
  const factors: number[] = [];
  let rest = length;
  while (rest % 4 === 0) {
    factors.push(4);
    rest /= 4;
  }
  for (let prime = 2; prime * prime <= rest; prime++) {
    while (rest % prime === 0) {
      factors.push(prime);
      rest /= prime;
    }
  }
  if (rest > 1) factors.push(rest);
  return factors.some((factor) => factor > largest) ? undefined : factors;
}

const plans = new Map<number, FftPlan>();

/** The plan of a length ≥ 1; computed once. */
export function fftPlan(length: number): FftPlan {
  let plan = plans.get(length);
  if (plan === undefined) {
    if (!Number.isInteger(length) || length < 1)
      throw new RangeError(`A Fourier transform cannot have length ${length}`);
    const factors = factorise(length);
    plan = factors === undefined ? bluesteinPlan(length) : mixedRadixPlan(length, factors);
    plans.set(length, plan);
  }
  return plan;
}

function mixedRadixPlan(length: number, factors: readonly number[]): MixedRadixPlan {
  const passes: FftPass[] = [];
  let before = 1;
  for (const radix of factors) {
    const twiddles = new Float64Array(2 * before * (radix - 1));
    for (let k = 0, at = 0; k < before; k++) {
      for (let q = 1; q < radix; q++, at += 2) setRoot(twiddles, at, q * k, before * radix);
    }
    const roots = new Float64Array(2 * radix);
    for (let j = 0; j < radix; j++) setRoot(roots, 2 * j, j, radix);
    passes.push({ radix, before, twiddles, roots });
    before *= radix;
  }
  return { kind: 'mixed-radix', length, passes };
}

function bluesteinPlan(length: number): BluesteinPlan {
  const inner = fftPlan(friendlyLength(2 * length - 1)) as MixedRadixPlan;
  const chirp = new Float64Array(2 * length);
  // j² modulo 2n keeps the angle small, so that it stays exact for long transforms.
  for (let j = 0; j < length; j++) setRoot(chirp, 2 * j, (j * j) % (2 * length), 2 * length);
  const kernel = new Float64Array(2 * inner.length);
  for (let j = 0; j < length; j++) {
    for (const at of new Set([j, (inner.length - j) % inner.length])) {
      kernel[2 * at] = chirp[2 * j]! / inner.length;
      kernel[2 * at + 1] = -chirp[2 * j + 1]! / inner.length;
    }
  }
  return { kind: 'bluestein', length, inner, chirp, kernel };
}

/** The smallest length ≥ `atLeast` whose prime factors are 2, 3 and 5 only. */
function friendlyLength(atLeast: number): number {
  let length = atLeast;
  while (factorise(length, 5) === undefined) length++;
  return length;
}

/** Writes exp(−2πi·numerator/denominator) at `at`. */
function setRoot(into: Float64Array, at: number, numerator: number, denominator: number): void {
  const angle = (-2 * Math.PI * (numerator % denominator)) / denominator;
  into[at] = Math.cos(angle);
  into[at + 1] = Math.sin(angle);
}
