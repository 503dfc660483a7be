import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta, inverseIncompleteBeta, logGamma } from '../../../main/evaluation/metrics/beta.ts';
import { cohenKappa, fleissKappa } from '../../../main/evaluation/metrics/kappa.ts';
import { normalTwoSided, normalUpperTail } from '../../../main/evaluation/metrics/normal.ts';
import { pairedT } from '../../../main/evaluation/metrics/paired-t.ts';
import { binomialTest, clopperPearsonInterval, wilsonInterval } from '../../../main/evaluation/metrics/proportion.ts';
import { wilcoxonSignedRank } from '../../../main/evaluation/metrics/wilcoxon.ts';
import { statistics } from '../reference.ts';

describe('proportions', () => {
  it.each(statistics.proportions)('$successes of $trials equals statsmodels and SciPy', (r) => {
    const close = (found: readonly number[], wanted: readonly number[]): void =>
      found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 12));
    close(wilsonInterval(r.successes, r.trials), r.wilson_95);
    close(clopperPearsonInterval(r.successes, r.trials), r.clopper_pearson_95);
    expect(binomialTest(r.successes, r.trials) / r.binomial_two_sided_p_half).toBeCloseTo(1, 9);
  });

  it('have intervals that hold the share, inside [0, 1], Clopper–Pearson reaching at least as far', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.round(share * trials);
        for (const [low, high] of [wilsonInterval(successes, trials), clopperPearsonInterval(successes, trials)]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(successes / trials);
          expect(high).toBeGreaterThanOrEqual(successes / trials);
          expect(high).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('refuse counts that are none', () => {
    expect(() => wilsonInterval(3, 2)).toThrow(/Found: 3 of 2/);
    expect(() => clopperPearsonInterval(0, 0)).toThrow(/at least one trial/);
    expect(() => binomialTest(0.5, 2)).toThrow(/whole counts/);
  });
});

describe('kappa', () => {
  const k = statistics.kappa;

  it('equals scikit-learn and statsmodels', () => {
    expect(cohenKappa(k.reader_1, k.reader_2)).toBeCloseTo(k.cohen_1_2, 12);
    expect(cohenKappa(k.confidence_1, k.confidence_2, 'linear')).toBeCloseTo(k.cohen_linear, 12);
    expect(cohenKappa(k.confidence_1, k.confidence_2, 'quadratic')).toBeCloseTo(k.cohen_quadratic, 12);
    expect(fleissKappa([k.reader_1, k.reader_2, k.reader_3])).toBeCloseTo(k.fleiss, 12);
  });

  it('is 1 in full agreement, symmetric, and absent where only one category was used', () => {
    const ratings = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(ratings, (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        for (const weights of ['none', 'linear', 'quadratic'] as const) {
          expect(cohenKappa(a, b, weights) ?? 0).toBeCloseTo(cohenKappa(b, a, weights) ?? 0, 12);
          expect(cohenKappa(a, a, weights) ?? 1).toBeCloseTo(1, 12);
        }
      }),
    );
    expect(cohenKappa([2, 2], [2, 2])).toBeNull();
    expect(fleissKappa([[2, 2]])).toBeNull();
  });

  it('keeps the distance between categories that nobody used', () => {
    const [a, b] = [
      [1, 6, 1, 6],
      [1, 6, 2, 6],
    ];
    expect(cohenKappa(a!, b!, 'linear', [1, 2, 3, 4, 5, 6])).toBeGreaterThan(cohenKappa(a!, b!, 'linear')!);
    expect(() => cohenKappa(a!, b!, 'none', [1, 6])).toThrow(/item 3/);
  });
});

describe('paired tests', () => {
  it('equal SciPy', () => {
    const { a, b, t, p, wilcoxon_p } = statistics.paired;
    const test = pairedT(a, b);
    expect(test.t / t).toBeCloseTo(1, 10);
    expect(test.p / p).toBeCloseTo(1, 9);
    expect(wilcoxonSignedRank(a, b).p).toBeCloseTo(wilcoxon_p, 12);
  });

  it('count tied differences exactly', () => {
    // Enumerated over all 1,024 sign patterns of the midranks.
    const a = [20, -26, 4, -6, -5, -2, -20, -2, -9, 33, 2, -4];
    const b = [22, -26, 2, -5, 0, 0, -12, 0, -6, 44, 8, -4];
    expect(wilcoxonSignedRank(a, b)).toEqual({ statistic: 3.5, p: 0.01171875, n: 10 });
  });

  it('approximate SciPy’s normal limit for many pairs', () => {
    // scipy.stats.wilcoxon(x, y, method="approx", correction=False) of 80 integers with ties.
    const x = Array.from({ length: 80 }, (_, i) => (i * i * 7) % 31);
    const y = Array.from({ length: 80 }, (_, i) => (i * 11 + 3) % 29);
    const found = wilcoxonSignedRank(x, y);
    expect(found.statistic).toBe(1257);
    expect(found.p).toBeCloseTo(0.2142272704415943, 10);
  });

  it('say nothing of pairs that are all equal, and refuse a single pair', () => {
    expect(pairedT([1, 2], [1, 2])).toMatchObject({ t: 0, p: 1 });
    expect(wilcoxonSignedRank([1, 2], [1, 2])).toEqual({ statistic: 0, p: 1, n: 0 });
    expect(() => pairedT([1], [2])).toThrow(/at least two pairs/);
  });
});

describe('distributions', () => {
  it('have SciPy’s normal tail, far out too', () => {
    const table = [
      [0, 0.5],
      [0.3, 0.3820885778110474],
      [1, 0.15865525393145707],
      [2.49, 0.006387154764943171],
      [2.51, 0.006036558080412666],
      [5, 2.866515718791933e-7],
      [10, 7.61985302416047e-24],
      [37, 5.7255712225239266e-300],
    ] as const;
    for (const [z, p] of table) expect(normalUpperTail(z) / p).toBeCloseTo(1, 12);
    expect(normalUpperTail(-1)).toBeCloseTo(0.8413447460685429, 14);
    expect(normalTwoSided(Infinity)).toBe(0);
  });

  it('have SciPy’s incomplete beta, and its inverse', () => {
    const table = [
      [0.5, 0.5, 0.3, 0.36901011956554536],
      [5, 2, 0.9, 0.885735],
      [200, 300, 0.41, 0.677628164772179],
      [1, 1, 0.25, 0.25],
      [0.5, 10, 0.001, 0.11110329087513963],
    ] as const;
    for (const [a, b, x, p] of table) {
      expect(incompleteBeta(x, a, b)).toBeCloseTo(p, 12);
      expect(inverseIncompleteBeta(p, a, b)).toBeCloseTo(x, 10);
    }
    expect(logGamma(171)).toBeCloseTo(706.5730622457874, 9);
  });
});
