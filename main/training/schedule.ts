/**
 * Learning rate of a step as a share of the full one: linear warm-up from near zero, then constant or half a cosine to
 * zero (Loshchilov & Hutter, SGDR, 2017, Eq. 5 without restarts).
 * @param step from 0
 * @param total steps of the whole run
 * @param warmUpSteps shortened to a tenth of the run where that is less
 */
export function learningRateFactor(
  step: number,
  total: number,
  warmUpSteps: number,
  schedule: 'constant' | 'cosine',
): number {
  const warmUp = Math.min(warmUpSteps, Math.floor(total / 10));
  if (step < warmUp) return (step + 1) / (warmUp + 1);
  if (schedule === 'constant') return 1;
  const progress = Math.min(1, (step - warmUp) / Math.max(1, total - warmUp));
  return 0.5 * (1 + Math.cos(Math.PI * progress));
}

/** Linear rise from 0 to 1 over the first `share` of a run (the warm-up of λ_KL). */
export function rampFactor(step: number, total: number, share: number): number {
  return share <= 0 ? 1 : Math.min(1, step / Math.max(1, share * total));
}
