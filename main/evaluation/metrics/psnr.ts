import { requireSameLength } from './phase-coherence.ts';

/**
 * Peak signal-to-noise ratio in dB, 10·log₁₀(range² / MSE), of two real arrays (magnitudes). Nothing is clipped to the
 * range: values above it count with their full error. Null where the arrays are identical (infinite).
 */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>, dataRange = 1): number | null {
  requireSameLength('PSNR', a, b);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return squares === 0 ? null : 10 * Math.log10((dataRange * dataRange * a.length) / squares);
}
