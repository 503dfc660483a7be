import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/domain/random.ts';
import { auroc, midranks } from '../../../main/evaluation/metrics/auroc.ts';
import { brier } from '../../../main/evaluation/metrics/brier.ts';
import { calibrationCurve } from '../../../main/evaluation/metrics/calibration.ts';
import { delong, delongTest } from '../../../main/evaluation/metrics/delong.ts';
import { operatingPoint, youdenThreshold } from '../../../main/evaluation/metrics/operating-point.ts';
import { rocCurve } from '../../../main/evaluation/metrics/roc-curve.ts';
import { statistics } from '../reference.ts';

/** Scores with many ties, and both classes. */
const scored = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 12 })), { minLength: 4, maxLength: 60 })
  .map((items) => ({ labels: [0, 1, ...items.map(([l]) => l)], scores: [3, 7, ...items.map(([, s]) => s / 12)] }));

describe('AUROC and DeLong', () => {
  it.each(statistics.roc.map((reference, k) => ({ k, reference })))(
    'equal scikit-learn and the DeLong reference, set $k',
    ({ reference: r }) => {
      const first = delong({ labels: r.labels, scores: r.scores });
      expect(auroc({ labels: r.labels, scores: r.scores })).toBeCloseTo(r.auroc, 13);
      expect(first.auroc).toBeCloseTo(r.auroc, 13);
      expect(first.variance / r.delong_variance).toBeCloseTo(1, 10);
      expect(auroc({ labels: r.labels, scores: r.scores_b })).toBeCloseTo(r.auroc_b, 13);
      const test = delongTest(r.labels, r.scores, r.scores_b);
      expect(test.z / r.delong_z).toBeCloseTo(1, 9);
      expect(test.p / r.delong_p).toBeCloseTo(1, 8);
      expect(brier({ labels: r.labels, scores: r.scores })).toBeCloseTo(r.brier, 13);
    },
  );

  it('count pairs: an independent count over all pairs gives the same area', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        let won = 0;
        let pairs = 0;
        labels.forEach((p, i) => {
          labels.forEach((q, j) => {
            if (p !== 1 || q !== 0) return;
            pairs++;
            won += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
          });
        });
        expect(auroc({ labels, scores })).toBeCloseTo(won / pairs, 12);
      }),
    );
  });

  it('turn into their complement when the labels are swapped, and ignore monotone changes of the score', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const area = auroc({ labels, scores });
        expect(auroc({ labels: labels.map((l) => 1 - l), scores })).toBeCloseTo(1 - area, 12);
        expect(auroc({ labels, scores: scores.map((s) => Math.exp(s) - 5) })).toBeCloseTo(area, 12);
      }),
    );
  });

  it('keep the interval inside [0, 1] and around the area', () => {
    fc.assert(
      fc.property(scored, (data) => {
        const { auroc: area, interval } = delong(data);
        expect(interval[0]).toBeGreaterThanOrEqual(0);
        expect(interval[1]).toBeLessThanOrEqual(1);
        expect(interval[0] - 1e-12).toBeLessThanOrEqual(area);
        expect(interval[1] + 1e-12).toBeGreaterThanOrEqual(area);
      }),
    );
  });

  it('rank 200,000 items within a second or two', () => {
    const random = new Random(1);
    const labels = Uint8Array.from({ length: 200_000 }, () => random.integer(0, 1));
    const scores = Float64Array.from(labels, (label) => label + random.normal());
    const started = performance.now();
    expect(delong({ labels, scores }).auroc).toBeCloseTo(0.76, 1);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('refuse one class, labels other than 0 and 1, scores that are not finite, and unequal lengths', () => {
    expect(() => auroc({ labels: [1, 1], scores: [0, 1] })).toThrow(/2 positives and 0 negatives/);
    expect(() => auroc({ labels: [1, 2], scores: [0, 1] })).toThrow(/Item 2/);
    expect(() => auroc({ labels: [1, 0], scores: [0, NaN] })).toThrow(/Item 2/);
    expect(() => auroc({ labels: [1, 0], scores: [0, 1, 2] })).toThrow(/do not pair up/);
    expect(() => delongTest([1, 0], [0, 1], [0])).toThrow();
  });

  it('find no difference between a score and itself', () => {
    expect(delongTest([0, 1, 0, 1], [1, 2, 3, 4], [1, 2, 3, 4])).toEqual({ difference: 0, z: 0, p: 1 });
  });
});

describe('midranks', () => {
  it('share ranks among ties and add up to n(n + 1)/2', () => {
    expect([...midranks([5, 1, 5, 0])]).toEqual([3.5, 2, 3.5, 1]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 })), (values) => {
        const sum = midranks(values).reduce((a, b) => a + b, 0);
        expect(sum).toBe((values.length * (values.length + 1)) / 2);
      }),
    );
  });
});

describe('the ROC curve', () => {
  it('rises from (0, 0) to (1, 1) and has the Mann–Whitney area under its trapezoids', () => {
    fc.assert(
      fc.property(scored, (data) => {
        const points = rocCurve(data);
        let area = 0;
        for (let k = 1; k < points.length; k++) {
          const width = points[k]!.falsePositiveRate - points[k - 1]!.falsePositiveRate;
          expect(width).toBeGreaterThanOrEqual(0);
          expect(points[k]!.truePositiveRate).toBeGreaterThanOrEqual(points[k - 1]!.truePositiveRate);
          area += (width * (points[k]!.truePositiveRate + points[k - 1]!.truePositiveRate)) / 2;
        }
        expect(points[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 });
        expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
        expect(area).toBeCloseTo(auroc(data), 12);
      }),
    );
  });
});

describe('the operating point', () => {
  it('takes the threshold that separates the validation data', () => {
    const threshold = youdenThreshold({ labels: [0, 0, 1, 1], scores: [0.1, 0.3, 0.6, 0.9] });
    expect(threshold).toBeCloseTo(0.45, 12);
    const point = operatingPoint({ labels: [0, 0, 0, 1, 1], scores: [0.2, 0.5, 0.1, 0.45, 0.7] }, threshold);
    expect(point.sensitivity).toMatchObject({ value: 1, n: 2 });
    expect(point.specificity.value).toBeCloseTo(2 / 3, 12);
    expect(point.specificity.interval[0]).toBeCloseTo(0.2077, 4); // statsmodels: proportion_confint(2, 3, method="wilson")
  });

  it('has the highest Youden index that any threshold has on its own data', () => {
    fc.assert(
      fc.property(scored, (data) => {
        const index = (t: number): number => {
          const { sensitivity, specificity } = operatingPoint(data, t);
          return sensitivity.value + specificity.value - 1;
        };
        const best = Math.max(...data.scores.map(index));
        expect(index(youdenThreshold(data))).toBeCloseTo(best, 12);
      }),
    );
  });
});

describe('the calibration curve', () => {
  it('follows the diagonal for probabilities that are true', () => {
    const random = new Random(9);
    const scores = Array.from({ length: 20_000 }, () => random.uniform());
    const labels = scores.map((p) => Number(random.uniform() < p));
    const curve = calibrationCurve({ labels, scores });
    expect(curve).toHaveLength(10);
    for (const { predicted, observed, n } of curve) {
      expect(n).toBe(2000);
      expect(Math.abs(predicted - observed)).toBeLessThan(0.04);
    }
  });

  it('holds every item once, whatever their number', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 100 }), (data, bins) => {
        const total = calibrationCurve(data, bins).reduce((sum, { n }) => sum + n, 0);
        expect(total).toBe(data.labels.length);
      }),
    );
  });
});
