/**
 * Decay of the exponential moving average at update n = 0, 1, 2, …: it warms up, so that the average does not remember the first, random
 * weights: min(decay, (1 + n)/(10 + n)).
 */
export function emaDecayAt(n: number, decay: number): number {
  return Math.min(decay, (1 + n) / (10 + n));
}
