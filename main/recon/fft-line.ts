import { butterfly } from './fft-butterflies.ts';
import type { Line } from './fft-butterflies.ts';
import { fftPlan } from './fft-plan.ts';
import type { BluesteinPlan, MixedRadixPlan } from './fft-plan.ts';

/**
 * Transforms single lines of one length, forward and unnormalised: X[k] = Σ_j x[j]·exp(−2πi·j·k/n). It computes in
 * 64 bits and is the reference that the WebAssembly kernels are tested against.
 */
export class LineFft {
  readonly length: number;
  private readonly transform: (input: Line) => Line;

  constructor(length: number) {
    this.length = length;
    const plan = fftPlan(length);
    this.transform = plan.kind === 'mixed-radix' ? stockham(plan) : bluestein(plan);
  }

  /** The transform of `input`, which may be overwritten; the result stays valid until the next call. */
  forward(input: Line): Line {
    return this.transform(input);
  }
}

export function newLine(length: number): Line {
  return { re: new Float64Array(length), im: new Float64Array(length) };
}

function stockham({ length, passes }: MixedRadixPlan): (input: Line) => Line {
  const other = newLine(length);
  const largest = Math.max(1, ...passes.map((pass) => pass.radix));
  const x = newLine(largest);
  const scratch = newLine(largest);
  return (input) => {
    let from = input;
    let to = other;
    for (const { radix, before, twiddles, roots } of passes) {
      const apart = length / radix;
      const after = apart / before;
      for (let block = 0; block < after; block++) {
        for (let k = 0; k < before; k++) {
          // y'[b][k + L·p] = Σ_q w_r^(p·q) · w_(L·r)^(q·k) · y[b + M·q][k], with L = before, M = after, r = radix
          const read = block * before + k;
          const write = block * before * radix + k;
          x.re[0] = from.re[read]!;
          x.im[0] = from.im[read]!;
          for (let q = 1, t = 2 * k * (radix - 1); q < radix; q++, t += 2) {
            const re = from.re[read + q * apart]!;
            const im = from.im[read + q * apart]!;
            x.re[q] = re * twiddles[t]! - im * twiddles[t + 1]!;
            x.im[q] = re * twiddles[t + 1]! + im * twiddles[t]!;
          }
          butterfly(radix, x, roots, scratch);
          for (let p = 0; p < radix; p++) {
            to.re[write + p * before] = x.re[p]!;
            to.im[write + p * before] = x.im[p]!;
          }
        }
      }
      [from, to] = [to, from];
    }
    return from;
  };
}

/** X[k] = c[k]·Σ_j (x[j]·c[j])·conj(c[k − j]) with the chirp c[j] = exp(−πi·j²/n): a circular convolution, once padded. */
function bluestein(plan: BluesteinPlan): (input: Line) => Line {
  const { length, inner, chirp } = plan;
  const transform = stockham(inner);
  const filter = bluesteinFilter(plan);
  const work = newLine(inner.length);
  const result = newLine(length);
  return (input) => {
    work.re.fill(0);
    work.im.fill(0);
    for (let j = 0; j < length; j++) {
      work.re[j] = input.re[j]! * chirp[2 * j]! - input.im[j]! * chirp[2 * j + 1]!;
      work.im[j] = input.re[j]! * chirp[2 * j + 1]! + input.im[j]! * chirp[2 * j]!;
    }
    const spectrum = transform(work);
    for (let f = 0; f < inner.length; f++) {
      const re = spectrum.re[f]! * filter[2 * f]! - spectrum.im[f]! * filter[2 * f + 1]!;
      const im = spectrum.re[f]! * filter[2 * f + 1]! + spectrum.im[f]! * filter[2 * f]!;
      // The inverse transform is the conjugate of the forward transform of the conjugate.
      work.re[f] = re;
      work.im[f] = -im;
    }
    const convolved = transform(work);
    for (let k = 0; k < length; k++) {
      const re = convolved.re[k]!;
      const im = -convolved.im[k]!;
      result.re[k] = re * chirp[2 * k]! - im * chirp[2 * k + 1]!;
      result.im[k] = re * chirp[2 * k + 1]! + im * chirp[2 * k]!;
    }
    return result;
  };
}

/** The forward transform of a Bluestein plan's kernel, interleaved. */
export function bluesteinFilter({ inner, kernel }: BluesteinPlan): Float64Array {
  const line = newLine(inner.length);
  for (let j = 0; j < inner.length; j++) {
    line.re[j] = kernel[2 * j]!;
    line.im[j] = kernel[2 * j + 1]!;
  }
  const spectrum = stockham(inner)(line);
  return Float64Array.from({ length: 2 * inner.length }, (_, i) => (i % 2 === 0 ? spectrum.re : spectrum.im)[i >> 1]!);
}
