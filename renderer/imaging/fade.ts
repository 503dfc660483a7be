/**
 * Where magnitude is noise, phase says nothing, and is faded out: shown fully from the threshold upwards, not at all below half of
 * it, and in between in steps, so that the eye is not drawn to an edge.
 */
export const FADE_STEPS = 16;

/**
 * How much of a pixel's phase is shown, 0 … FADE_STEPS − 1, for every pixel.
 * @param threshold in the unit of `magnitude`; 0 shows all
 */
export function fadeLevels(magnitude: Float32Array | Int16Array | Uint8Array, threshold: number): Uint8Array {
  const levels = new Uint8Array(magnitude.length);
  if (!(threshold > 0)) return levels.fill(FADE_STEPS - 1);
  const scale = (2 * (FADE_STEPS - 1)) / threshold;
  for (let i = 0; i < levels.length; i++) {
    const level = magnitude[i]! * scale - (FADE_STEPS - 1);
    levels[i] = level >= FADE_STEPS - 1 ? FADE_STEPS - 1 : level > 0 ? level : 0;
  }
  return levels;
}

/**
 * A threshold that keeps noise out: three times the background's level. Magnitudes of complex Gaussian noise are Rayleigh
 * distributed with mode σ and 99th percentile 3.03 σ; the mode is read off the histogram's lower part.
 */
export function suggestedThreshold(magnitude: Float32Array): number {
  const BINS = 512;
  let largest = 0;
  for (const value of magnitude) if (value > largest && value < Infinity) largest = value;
  if (largest === 0) return 0;
  const counts = new Uint32Array(BINS);
  for (const value of magnitude) {
    // Exact zeros are padding, not noise.
    if (value > 0 && value <= largest) counts[Math.min(BINS - 1, Math.floor((value / largest) * BINS))]!++;
  }
  // The first peak, over bins smoothed by three, in the lower quarter: tissue lies above it.
  let mode = 0;
  let most = 0;
  for (let i = 0; i < BINS / 4; i++) {
    const count = counts[i]! + counts[i + 1]! + (i > 0 ? counts[i - 1]! : 0);
    if (count > most) [mode, most] = [i, count];
  }
  return Math.min((3 * (mode + 0.5) * largest) / BINS, 0.15 * largest);
}
