import { IsochromatError } from '../domain/errors.ts';

/**
 * The times between which a sampler steps: t = u / (u + s·(1 − u)) at u = 0, 1/N … 1. Evenly spaced at s = 1 (the paper's way);
 * a larger s takes smaller steps near the noise, where the coarse structure of an image is decided, and larger ones later
 * (Esser et al. 2024, Eq. 23, with time running from noise to data).
 * @param steps N
 * @param shift s > 0
 * @returns N + 1 times from 0 to 1
 * @throws IsochromatError `sampling-steps`, `time-shift`
 */
export function timeGrid(steps: number, shift = 1): number[] {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new IsochromatError({
      code: 'sampling-steps',
      sentence: 'The number of sampling steps cannot be used.',
      expected: 'a whole number of at least 1',
      found: String(steps),
    });
  }
  if (!(shift > 0 && Number.isFinite(shift))) {
    throw new IsochromatError({
      code: 'time-shift',
      sentence: 'The times of sampling cannot be shifted by this.',
      expected: 'a number above 0 (1 = evenly spaced)',
      found: String(shift),
    });
  }
  return Array.from({ length: steps + 1 }, (_, i) => i / (i + shift * (steps - i)));
}
