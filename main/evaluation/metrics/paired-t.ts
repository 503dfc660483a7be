import { IsochromatError } from '../../domain/errors.ts';
import { summarise } from '../summary.ts';
import { incompleteBeta } from './beta.ts';
import { requireSameLength } from './phase-coherence.ts';

/** Student's paired t test of two equally long series, two-sided. Needs two pairs. */
export function pairedT(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { t: number; degreesOfFreedom: number; p: number } {
  requireSameLength('paired t test', first, second);
  const { n, mean, standardDeviation } = summarise(Array.from(first, (value, i) => value - second[i]!));
  if (mean === null || standardDeviation === null) {
    throw new IsochromatError({
      code: 'paired-test-too-small',
      sentence: 'A paired t test needs more data.',
      expected: 'at least two pairs of finite values',
      found: `${n}`,
    });
  }
  const t = mean === 0 ? 0 : mean / (standardDeviation / Math.sqrt(n));
  const degreesOfFreedom = n - 1;
  const p = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
  return { t, degreesOfFreedom, p };
}
