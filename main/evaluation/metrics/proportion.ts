import { IsochromatError } from '../../domain/errors.ts';
import { inverseIncompleteBeta, logGamma } from './beta.ts';
import { Z95 } from './normal.ts';

/** Wilson's 95 % score interval of a proportion (Wilson 1927). */
export function wilsonInterval(successes: number, trials: number): [low: number, high: number] {
  requireCounts(successes, trials);
  const z2 = Z95 * Z95;
  const p = successes / trials;
  const centre = p + z2 / (2 * trials);
  const half = Z95 * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return [
    successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    successes === trials ? 1 : Math.min(1, (centre + half) / scale),
  ];
}

/** Clopper and Pearson's exact 95 % interval of a proportion (1934), by beta quantiles. */
export function clopperPearsonInterval(successes: number, trials: number): [low: number, high: number] {
  requireCounts(successes, trials);
  const failures = trials - successes;
  return [
    successes === 0 ? 0 : inverseIncompleteBeta(0.025, successes, failures + 1),
    failures === 0 ? 1 : inverseIncompleteBeta(0.975, successes + 1, failures),
  ];
}

/**
 * Exact two-sided binomial test that the chance of success is `chance`: the total probability of all outcomes that are
 * no likelier than the one seen (R's and SciPy's rule).
 */
export function binomialTest(successes: number, trials: number, chance = 0.5): number {
  requireCounts(successes, trials);
  const logProbability = (k: number): number =>
    logGamma(trials + 1) -
    logGamma(k + 1) -
    logGamma(trials - k + 1) +
    (k === 0 ? 0 : k * Math.log(chance)) +
    (k === trials ? 0 : (trials - k) * Math.log1p(-chance));
  // Outcomes that are equally likely in truth must not differ by rounding.
  const bound = logProbability(successes) + 1e-7;
  let p = 0;
  for (let k = 0; k <= trials; k++) {
    const log = logProbability(k);
    if (log <= bound) p += Math.exp(log);
  }
  return Math.min(1, p);
}

function requireCounts(successes: number, trials: number): void {
  if (Number.isInteger(successes) && Number.isInteger(trials) && trials > 0 && successes >= 0 && successes <= trials) {
    return;
  }
  throw new IsochromatError({
    code: 'proportion-counts',
    sentence: 'A proportion needs whole counts.',
    expected: 'at least one trial and from 0 to all of them successes',
    found: `${successes} of ${trials}`,
  });
}
