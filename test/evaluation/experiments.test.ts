import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import type { Sequence } from '../../main/domain/sequences.ts';
import type { ClassificationTask, Item, TrainAndScore } from '../../main/evaluation/classification-task.ts';
import { evaluateDownstream, matchedRealAndSynthetic } from '../../main/evaluation/downstream.ts';
import { evaluateRealism } from '../../main/evaluation/realism.ts';
import type { RealismDesign } from '../../main/evaluation/realism.ts';
import { summariseReconstruction } from '../../main/evaluation/reconstruction.ts';
import { matchSizes } from '../../main/evaluation/strata.ts';
import { summarise } from '../../main/evaluation/summary.ts';
import { scoreVolumes, topScore } from '../../main/evaluation/volume-score.ts';
import { statistics } from './reference.ts';

let nextKey = 0;
function items(
  source: Item['source'],
  sequence: Sequence,
  count: number,
  abnormal: (i: number) => Item['abnormal'] = (i) => (i % 2 === 0 ? 0 : 1),
): Item[] {
  return Array.from({ length: count }, (_, i) => {
    const key = nextKey++;
    const volume = source === 'real' ? `${sequence}-${Math.floor(i / 4)}` : `synthetic-${key}`;
    return { source, key, sequence, abnormal: abnormal(i), volume };
  });
}

/** A classifier that knows the answer up to noise, and remembers what it was asked. */
function oracle(strength: number): { trainAndScore: TrainAndScore; tasks: ClassificationTask[] } {
  const tasks: ClassificationTask[] = [];
  const trainAndScore: TrainAndScore = async (task) => {
    tasks.push(task);
    const random = Random.for(task.name, task.seed);
    const score = (set: ClassificationTask['validation']): number[] =>
      set.map(({ target }) => 1 / (1 + Math.exp(-(strength * (target - 0.5) + random.normal()))));
    return { validation: score(task.validation), tests: task.tests.map(score) };
  };
  return { trainAndScore, tasks };
}

describe('the volume score', () => {
  it.each(statistics.top_five_percent)('of $patches patches uses $used and equals the reference', (r) => {
    const found = topScore(r.probabilities);
    expect(found).toMatchObject({ patches: r.patches, used: r.used });
    expect(found.score).toBeCloseTo(r.score, 13);
  });

  it('uses exactly ⌈n / 20⌉ patches, at least one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (n) => {
        expect(topScore(new Float32Array(n)).used).toBe(Math.floor((n + 19) / 20));
      }),
    );
    expect(topScore(new Float32Array(140)).used).toBe(7);
  });

  it('ranks volumes and keeps unlabelled ones out of the AUROC', () => {
    const result = scoreVolumes([
      { id: 'a', label: 0, probabilities: [0.1, 0.2] },
      { id: 'b', label: 1, probabilities: [0.9] },
      { id: 'c', label: null, probabilities: [0.95] },
      { id: 'd', label: 1, probabilities: [0.15] },
    ]);
    expect(result.volumes.map(({ id }) => id)).toEqual(['c', 'b', 'a', 'd']);
    expect(result.auroc).toMatchObject({ auroc: 0.5, positives: 2, negatives: 1 });
    expect(scoreVolumes([{ id: 'b', label: 1, probabilities: [0.9] }]).auroc).toBeNull();
  });

  it('refuses a volume without patches, and probabilities that are not finite', () => {
    expect(() => topScore([])).toThrow(/Found: no patch.*brain mask/);
    expect(() => topScore([0.2, NaN])).toThrow(/not finite/);
  });
});

describe('the reconstruction summary', () => {
  it('has a row a sequence that occurs and one for all, and counts volumes', () => {
    const patch = { phaseCoherence: 0.99, ssim: 0.9, psnr: 30 };
    const rows = summariseReconstruction([
      { ...patch, sequence: 'AXT2', volume: 'a' },
      { ...patch, sequence: 'AXT2', volume: 'a', ssim: 0.8, psnr: null },
      { ...patch, sequence: 'AXFLAIR', volume: 'b' },
    ]);
    expect(rows.map(({ sequence }) => sequence)).toEqual(['AXFLAIR', 'AXT2', 'all']);
    expect(rows[1]).toMatchObject({ patches: 2, volumes: 1, psnr: { n: 1, mean: 30, standardDeviation: null } });
    expect(rows[1]!.ssim.mean).toBeCloseTo(0.85, 12);
    expect(rows[1]!.ssim.standardDeviation).toBeCloseTo(0.1 / Math.SQRT2, 12);
    expect(rows[2]).toMatchObject({ patches: 3, volumes: 2 });
    expect(summarise([])).toEqual({ n: 0, mean: null, standardDeviation: null });
  });
});

describe('matched sets', () => {
  it('hold equally many of each stratum, no item twice, all of them given', () => {
    const list = fc.array(fc.record({ id: fc.nat(), kind: fc.constantFrom('a', 'b', 'c') }), { maxLength: 30 });
    fc.assert(
      fc.property(list, list, fc.integer(), (first, second, seed) => {
        const out = matchSizes(first, second, ({ kind }) => kind, new Random(seed));
        for (const kind of ['a', 'b', 'c']) {
          const count = (all: { kind: string }[]): number => all.filter((item) => item.kind === kind).length;
          expect(count(out.first)).toBe(Math.min(count(first), count(second)));
          expect(count(out.second)).toBe(count(out.first));
        }
        expect(new Set(out.first).size).toBe(out.first.length);
        expect(out.first.every((item) => first.includes(item))).toBe(true);
      }),
    );
  });
});

describe('realism', () => {
  const parts = (sequences: Sequence[], size: number, source: Item['source']): Item[] =>
    sequences.flatMap((sequence) => items(source, sequence, size, () => null));
  const design = (classifiers: RealismDesign['classifiers']): RealismDesign => ({
    real: {
      training: parts(['AXT2', 'AXFLAIR'], 60, 'real'),
      validation: [],
      test: parts(['AXT2', 'AXFLAIR'], 40, 'real'),
    },
    synthetic: {
      training: parts(['AXT2', 'AXFLAIR'], 50, 'synthetic'),
      validation: [],
      tests: [parts(['AXT2', 'AXFLAIR'], 30, 'synthetic'), parts(['AXT2', 'AXFLAIR'], 35, 'synthetic')],
    },
    seeds: [1, 2, 3],
    classifiers,
    designSeed: 5,
  });

  it('trains one classifier a sequence and seed on sets of matched size', async () => {
    const { trainAndScore, tasks } = oracle(2);
    const result = await evaluateRealism(design('per-sequence'), trainAndScore);
    expect(tasks).toHaveLength(6);
    for (const task of tasks) {
      expect(task.training).toHaveLength(100);
      expect(task.tests.map((set) => set.length)).toEqual([60, 70]);
      for (const set of [task.training, ...task.tests]) {
        expect(set.filter(({ target }) => target === 1)).toHaveLength(set.length / 2);
        expect(set.every(({ item, target }) => (item.source === 'synthetic') === (target === 1))).toBe(true);
        expect(new Set(set.map(({ item }) => item.sequence)).size).toBe(1);
      }
    }
    expect(result.sequences.map(({ sequence }) => sequence)).toEqual(['AXFLAIR', 'AXT2']);
    for (const row of result.sequences) {
      expect(row.runs).toHaveLength(6);
      expect(row.mean).toBeGreaterThan(0.8);
      expect(row.trainingSize).toBe(100);
      expect(row.interval![0]).toBeLessThan(row.mean!);
      expect(row.interval![1]).toBeGreaterThan(row.mean!);
    }
  });

  it('finds chance where the classifier knows nothing, with one classifier for all sequences', async () => {
    const { trainAndScore, tasks } = oracle(0);
    const result = await evaluateRealism(design('shared'), trainAndScore);
    expect(tasks).toHaveLength(3);
    for (const row of result.sequences) {
      expect(Math.abs(row.mean! - 0.5)).toBeLessThan(0.12); // over three standard errors of six runs of 30 against 30
      expect(row.trainingSize).toBe(100);
    }
  });

  it('is the same for the same seeds', async () => {
    const d = design('shared');
    const once = await evaluateRealism(d, oracle(1).trainAndScore);
    expect(await evaluateRealism(d, oracle(1).trainAndScore)).toEqual(once);
  });

  it('stops when it is cancelled', async () => {
    const stop = AbortSignal.abort();
    await expect(evaluateRealism(design('shared'), oracle(1).trainAndScore, { signal: stop })).rejects.toThrow(
      /cancelled/,
    );
  });
});

describe('downstream', () => {
  const real = [...items('real', 'AXT1', 40), ...items('real', 'AXT2', 24), ...items('real', 'AXT2', 9, () => null)];
  const synthetic = [...items('synthetic', 'AXT1', 30), ...items('synthetic', 'AXT2', 50, (i) => (i % 5 ? 0 : 1))];
  const test = [...items('real', 'AXT1', 40), ...items('real', 'AXT2', 40)];
  // Volumes of one label, as tests have them: the halves of a volume's four patches share it.
  const byVolume = (list: Item[]): Item[] =>
    list.map((item, i) => ({ ...item, abnormal: Math.floor(i / 4) % 2 === 0 ? 0 : 1 }));

  it('matches real and synthetic training sets by class and sequence', () => {
    const [realOnly, syntheticOnly] = matchedRealAndSynthetic(real, synthetic, 1);
    const count = (set: readonly Item[], sequence: string, abnormal: number): number =>
      set.filter((item) => item.sequence === sequence && item.abnormal === abnormal).length;
    for (const [sequence, abnormal, wanted] of [
      ['AXT1', 0, 15],
      ['AXT1', 1, 15],
      ['AXT2', 0, 12],
      ['AXT2', 1, 10],
    ] as const) {
      expect(count(realOnly.items, sequence, abnormal)).toBe(wanted);
      expect(count(syntheticOnly.items, sequence, abnormal)).toBe(wanted);
    }
  });

  it('scores every set and seed on the same real patches, with intervals over volumes', async () => {
    const { trainAndScore, tasks } = oracle(1.5);
    const result = await evaluateDownstream(
      {
        sets: matchedRealAndSynthetic(real, synthetic, 1),
        validation: byVolume(items('real', 'AXT1', 20)),
        test: byVolume(test),
        seeds: [1, 2],
        designSeed: 1,
      },
      trainAndScore,
    );
    expect(tasks.map(({ name }) => name)).toEqual([
      'Real only, seed 1',
      'Real only, seed 2',
      'Synthetic only, seed 1',
      'Synthetic only, seed 2',
    ]);
    expect(new Set(tasks.map(({ tests }) => tests[0])).size).toBe(1);
    expect(result.strategies.map(({ rows }) => rows.map(({ sequence }) => sequence))).toEqual([
      ['AXT1', 'AXT2', 'all'],
      ['AXT1', 'AXT2', 'all'],
    ]);
    for (const strategy of result.strategies) {
      const all = strategy.rows.at(-1)!;
      expect(all).toMatchObject({ positives: 40, negatives: 40, groups: 20 });
      expect(all.interval![0]).toBeLessThan(all.mean!);
      expect(strategy.scores).toHaveLength(80);
      expect(strategy.operatingPoint!.sensitivity.n).toBe(40);
    }
    const { value, interval } = result.differences[0]!;
    expect(value).toBeCloseTo(result.strategies[1]!.rows.at(-1)!.mean! - result.strategies[0]!.rows.at(-1)!.mean!, 12);
    expect(interval![0]).toBeLessThanOrEqual(value);
    expect(interval![1]).toBeGreaterThanOrEqual(value);
  });

  it('says so where the test patches hold one class, and refuses synthetic ones among them', async () => {
    const base = { sets: [{ name: 'x', items: real }], validation: [], seeds: [1], designSeed: 1 };
    const oneClass = items('real', 'AXT1', 8, () => 0);
    const result = await evaluateDownstream({ ...base, test: oneClass }, oracle(1).trainAndScore);
    expect(result.strategies[0]!.rows[0]).toMatchObject({ mean: null, interval: null, positives: 0, negatives: 8 });
    expect(result.strategies[0]!.operatingPoint).toBeNull();
    await expect(evaluateDownstream({ ...base, test: synthetic }, oracle(1).trainAndScore)).rejects.toThrow(
      /80 synthetic/,
    );
  });
});
