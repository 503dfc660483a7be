import { IsochromatError } from '../../domain/errors.ts';

/**
 * Phase coherence γ = |Σ conj(x̂)·x| / Σ |x̂||x| of two complex arrays (interleaved re, im, equal lengths).
 * 1 where the phases differ by one constant only, whatever the magnitudes; phase noise of standard deviation σ gives
 * e^{−σ²/2}. Null where one of them is zero everywhere: it then has no phase.
 */
export function phaseCoherence(prediction: ArrayLike<number>, target: ArrayLike<number>): number | null {
  requireSameLength('phase coherence', prediction, target);
  let real = 0;
  let imaginary = 0;
  let norm = 0;
  for (let i = 0; i < target.length; i += 2) {
    const a = prediction[i]!;
    const b = prediction[i + 1]!;
    const c = target[i]!;
    const d = target[i + 1]!;
    real += a * c + b * d;
    imaginary += a * d - b * c;
    norm += Math.sqrt((a * a + b * b) * (c * c + d * d));
  }
  // Rounding may carry the quotient of two sums an ulp past its bound.
  return norm > 0 ? Math.min(1, Math.hypot(real, imaginary) / norm) : null;
}

/** Every pairwise metric refuses arrays that cannot be pairs. */
export function requireSameLength(what: string, a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length === b.length && a.length > 0) return;
  throw new IsochromatError({
    code: 'metric-lengths-differ',
    sentence: `The two arrays of the ${what} do not pair up.`,
    expected: 'two arrays of the same length, at least one value long',
    found: `${a.length} and ${b.length} values`,
  });
}
