import type { ComplexImage } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';

/**
 * Divides a slice by its largest magnitude; the phase stays. Multiplying by the returned scale restores it.
 * @throws IsochromatError `slice-all-zero`, `slice-not-finite`
 */
export function normaliseSlice(image: ComplexImage): { image: ComplexImage; scale: number } {
  let largest = 0;
  for (let i = 0; i < image.data.length; i += 2) {
    const energy = image.data[i]! ** 2 + image.data[i + 1]! ** 2;
    // The negation also catches NaN, which compares false with everything.
    if (!(energy <= largest)) largest = energy;
  }
  if (!Number.isFinite(largest)) {
    throw new IsochromatError({
      code: 'slice-not-finite',
      sentence: 'The image holds values that are not numbers.',
      expected: 'finite samples',
      found: 'NaN or infinity',
      remedy: 'Export this acquisition again; the slice is left out.',
    });
  }
  if (largest === 0) {
    throw new IsochromatError({
      code: 'slice-all-zero',
      sentence: 'The slice is empty: every sample is zero.',
      expected: 'a measured slice',
      found: 'zeros only',
      remedy: 'The slice is left out; check that the acquisition was exported completely.',
    });
  }
  const scale = Math.sqrt(largest);
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = image.data[i]! / scale;
  return { image: { ...image, data }, scale };
}
