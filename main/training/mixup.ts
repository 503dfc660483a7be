import type { Random } from '../domain/random.ts';

/**
 * Mixup (Zhang et al. 2018): x̃ = λx + (1−λ)x', ỹ = λy + (1−λ)y' with λ from Beta(α, α) for each item and x' the next item of
 * the batch (batches are shuffled already).
 * @param values items one after another
 * @param targets one for each item
 */
export function mixUp(
  values: Float32Array,
  targets: Float32Array,
  alpha: number,
  random: Random,
): { values: Float32Array; targets: Float32Array } {
  const count = targets.length;
  const length = values.length / count;
  const mixed = new Float32Array(values.length);
  const mixedTargets = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const other = (n + 1) % count;
    const lambda = beta(alpha, random);
    for (let i = 0; i < length; i++) {
      mixed[n * length + i] = lambda * values[n * length + i]! + (1 - lambda) * values[other * length + i]!;
    }
    mixedTargets[n] = lambda * targets[n]! + (1 - lambda) * targets[other]!;
  }
  return { values: mixed, targets: mixedTargets };
}

/** Beta(α, α) for 0 < α ≤ 1 (Jöhnk 1964): U^{1/α} / (U^{1/α} + V^{1/α}) where the sum does not exceed 1. */
function beta(alpha: number, random: Random): number {
  for (;;) {
    // Logarithms, since U^{1/α} underflows for small α.
    const u = Math.log(1 - random.uniform()) / alpha;
    const v = Math.log(1 - random.uniform()) / alpha;
    const larger = Math.max(u, v);
    const logSum = larger + Math.log(Math.exp(u - larger) + Math.exp(v - larger));
    if (logSum <= 0) return Math.exp(u - logSum);
  }
}
