import { requireSameLength } from './phase-coherence.ts';

/** Mean of |a − b| over two real arrays (magnitudes), accumulated in float64. */
export function meanAbsoluteError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireSameLength('mean absolute error', a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
