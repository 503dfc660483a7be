import { IsochromatError } from '../../domain/errors.ts';
import { requireSameLength } from './phase-coherence.ts';

/** Side of the uniform window, as scikit-image's `structural_similarity` takes by default. */
const WINDOW = 7;
const K1 = 0.01;
const K2 = 0.03;

/**
 * Mean structural similarity (Wang 2004) of two real images (magnitudes) of `rows` × `columns`, as scikit-image's
 * default: uniform 7 × 7 window, sample covariance (n / (n − 1)), mean over the pixels whose window lies inside.
 */
export function ssim(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { rows, columns }: { rows: number; columns: number },
  dataRange = 1,
): number {
  requireSameLength('SSIM', a, b);
  if (a.length !== rows * columns || rows < WINDOW || columns < WINDOW) {
    throw new IsochromatError({
      code: 'ssim-image-size',
      sentence: 'SSIM cannot be computed on an image of this size.',
      expected: `${rows} × ${columns} pixels with at least ${WINDOW} rows and columns`,
      found: `${a.length} values`,
    });
  }
  const c1 = (K1 * dataRange) ** 2;
  const c2 = (K2 * dataRange) ** 2;
  const count = WINDOW * WINDOW;
  const sampleCovariance = count / (count - 1);
  const means = windowMeans(a, b, rows, columns);
  let sum = 0;
  for (let i = 0; i < means.length; i += 5) {
    const meanA = means[i]!;
    const meanB = means[i + 1]!;
    const varianceA = sampleCovariance * (means[i + 2]! - meanA * meanA);
    const varianceB = sampleCovariance * (means[i + 3]! - meanB * meanB);
    const covariance = sampleCovariance * (means[i + 4]! - meanA * meanB);
    sum +=
      ((2 * meanA * meanB + c1) * (2 * covariance + c2)) /
      ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2));
  }
  return (sum * 5) / means.length;
}

/**
 * Means of a, b, a², b², ab over every window inside the image, five numbers a window. Separable: sums down seven rows
 * per column, then along seven columns; summed afresh for each window, so that no rounding drifts over the image.
 */
function windowMeans(a: ArrayLike<number>, b: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const high = rows - WINDOW + 1;
  const wide = columns - WINDOW + 1;
  const out = new Float64Array(5 * high * wide);
  const column = new Float64Array(5 * columns);
  for (let y = 0; y < high; y++) {
    column.fill(0);
    for (let dy = 0; dy < WINDOW; dy++) {
      const row = (y + dy) * columns;
      for (let x = 0; x < columns; x++) {
        const p = a[row + x]!;
        const q = b[row + x]!;
        const k = 5 * x;
        column[k] = column[k]! + p;
        column[k + 1] = column[k + 1]! + q;
        column[k + 2] = column[k + 2]! + p * p;
        column[k + 3] = column[k + 3]! + q * q;
        column[k + 4] = column[k + 4]! + p * q;
      }
    }
    for (let x = 0; x < wide; x++) {
      for (let k = 0; k < 5; k++) {
        let sum = 0;
        for (let dx = 0; dx < WINDOW; dx++) sum += column[5 * (x + dx) + k]!;
        out[5 * (y * wide + x) + k] = sum / (WINDOW * WINDOW);
      }
    }
  }
  return out;
}
