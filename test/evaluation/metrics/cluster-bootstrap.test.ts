import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/domain/random.ts';
import { auroc } from '../../../main/evaluation/metrics/auroc.ts';
import { bootstrapAuroc, bootstrapAurocDifference } from '../../../main/evaluation/metrics/cluster-bootstrap.ts';
import type { GroupedScores } from '../../../main/evaluation/metrics/cluster-bootstrap.ts';
import { delong } from '../../../main/evaluation/metrics/delong.ts';

/** Volumes with a share of their own in every score, so that patches of one volume resemble each other. */
function volumes(count: number, patches: number, shared: number, seed: number): GroupedScores {
  const random = new Random(seed);
  const labels: number[] = [];
  const scores: number[] = [];
  const groups: string[] = [];
  for (let v = 0; v < count; v++) {
    const common = shared * random.normal();
    for (let p = 0; p < patches; p++) {
      labels.push(v % 2);
      scores.push(0.8 * (v % 2) + common + random.normal());
      groups.push(`volume ${v}`);
    }
  }
  return { labels, scores, groups };
}

describe('the bootstrap over volumes', () => {
  it('agrees with DeLong where each volume has one patch', () => {
    const data = volumes(300, 1, 0, 3);
    const { interval } = delong(data);
    const found = bootstrapAuroc([data], new Random(1));
    expect(found.value).toBeCloseTo(auroc(data), 12);
    expect(found.interval![0]).toBeCloseTo(interval[0], 1);
    expect(found.interval![1]).toBeCloseTo(interval[1], 1);
    expect(Math.abs(found.interval![1] - found.interval![0] - (interval[1] - interval[0]))).toBeLessThan(0.012);
  });

  it('is far wider than DeLong over patches where a volume’s patches resemble each other', () => {
    const data = volumes(24, 30, 1.5, 4);
    const [low, high] = bootstrapAuroc([data], new Random(1)).interval!;
    const patches = delong(data).interval;
    expect(high - low).toBeGreaterThan(2.5 * (patches[1] - patches[0]));
  });

  it('covers the truth about as often as it says', () => {
    // Scores N(0.8·label, 1 + shared²) across volumes: AUROC = Φ(0.8 / √(2(1 + 0.25))) for patches of different volumes.
    const truth = 0.69356;
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const [low, high] = bootstrapAuroc([volumes(40, 6, 0.5, 1000 + trial)], new Random(trial), 400).interval!;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it('gives the same interval for the same seed', () => {
    const data = volumes(12, 5, 1, 6);
    expect(bootstrapAuroc([data], new Random(7))).toEqual(bootstrapAuroc([data], new Random(7)));
  });

  it('averages runs and never depends on their order of items', () => {
    const run = fc.constantFrom(1, 2, 3, 4, 5).map((seed) => volumes(8, 4, 1, seed));
    fc.assert(
      fc.property(run, run, (a, b) => {
        const { value } = bootstrapAuroc([a, b], new Random(1), 10);
        expect(value).toBeCloseTo((auroc(a) + auroc(b)) / 2, 12);
        const reversed = { labels: [...Array.from(a.labels)].reverse(), scores: [...Array.from(a.scores)].reverse() };
        expect(auroc(reversed)).toBeCloseTo(auroc(a), 12);
      }),
    );
  });

  it('finds no difference between a score and itself: the pairing holds', () => {
    const data = volumes(20, 5, 1, 8);
    expect(bootstrapAurocDifference([data], [data], new Random(1)).interval).toEqual([0, 0]);
    const better = { ...data, scores: Array.from(data.scores, (s, i) => s + 2 * data.labels[i]!) };
    expect(bootstrapAurocDifference([better], [data], new Random(1)).interval![0]).toBeGreaterThan(0);
  });

  it('keeps the number of positive, negative and mixed volumes, so that no resample lacks a class', () => {
    const data = {
      labels: [0, 1, 0, 0, 1, 1, 0, 1],
      scores: [1, 2, 1, 3, 2, 5, 3, 3],
      groups: [1, 1, 2, 4, 3, 5, 4, 5],
    };
    const { interval } = bootstrapAuroc([data], new Random(1), 500);
    expect(interval!.every(Number.isFinite)).toBe(true);
  });

  it('says that it has no interval where a class comes from two volumes only', () => {
    const data = { labels: [0, 0, 0, 1, 1], scores: [1, 2, 0, 3, 4], groups: ['a', 'b', 'c', 'd', 'e'] };
    expect(bootstrapAuroc([data], new Random(1))).toEqual({ value: 1, interval: null, groups: 5, resamples: 0 });
  });
});
