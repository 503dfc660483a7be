import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { meanPhases, rotatePhases } from '../../main/models/phase-reference.ts';
import { applyAugmentation, drawAugmentation } from '../../main/training/augment.ts';
import { patchesInMemory, subset } from '../../main/training/dataset.ts';
import { mixUp } from '../../main/training/mixup.ts';
import { reducePatches } from '../../main/training/reduce.ts';
import { drawTime, dropCondition } from '../../main/training/batches/flow.ts';

const NONE = { flipRows: false, flipColumns: false, quarterTurns: 0, zoom: 1, intensity: 1 };

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-5): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(tolerance);
}

describe('augmentation', () => {
  const image = new Random(1).normals(6 * 6 * 2);
  const apply = (change: Partial<typeof NONE>): Float32Array => applyAugmentation(image, 6, 2, { ...NONE, ...change });
  const pixel = (data: Float32Array, row: number, column: number): number[] => [
    ...data.slice(2 * (row * 6 + column), 2 * (row * 6 + column) + 2),
  ];

  it('of nothing is nothing', () => expectClose(apply({}), image));

  it('flips and turns exactly, both channels alike', () => {
    expectClose(pixel(apply({ flipRows: true }), 1, 2), pixel(image, 4, 2));
    expectClose(pixel(apply({ flipColumns: true }), 1, 2), pixel(image, 1, 3));
    expectClose(pixel(apply({ quarterTurns: 2 }), 1, 2), pixel(image, 4, 3));
    let turned = image;
    for (let i = 0; i < 4; i++) turned = applyAugmentation(turned, 6, 2, { ...NONE, quarterTurns: 1 });
    expectClose(turned, image);
    expectClose(
      apply({ quarterTurns: 3 }),
      applyAugmentation(apply({ quarterTurns: 2 }), 6, 2, { ...NONE, quarterTurns: 1 }),
    );
  });

  it('zooms about the centre, and leaves a constant constant', () => {
    const flat = new Float32Array(72).fill(3);
    expectClose(applyAugmentation(flat, 6, 2, { ...NONE, zoom: 1.2, quarterTurns: 1 }), flat);
    const ramp = Float32Array.from({ length: 72 }, (_, i) => Math.floor(i / 12));
    expectClose(pixel(applyAugmentation(ramp, 6, 2, { ...NONE, zoom: 1.2 }), 0, 0), [2.5 - 2.5 / 1.2, 2.5 - 2.5 / 1.2]);
  });

  it('scales intensity and never turns phase', () => {
    const phaseOf = (data: Float32Array): number => Math.atan2(data[1]!, data[0]!);
    expect(phaseOf(apply({ intensity: 0.9 }))).toBeCloseTo(phaseOf(image));
  });

  it('stays within what the settings promise', () => {
    const random = new Random(2);
    for (let i = 0; i < 200; i++) {
      const { zoom, intensity, quarterTurns } = drawAugmentation(random);
      expect(zoom).toBeGreaterThanOrEqual(1);
      expect(zoom).toBeLessThanOrEqual(1.2);
      expect(Math.abs(intensity - 1)).toBeLessThanOrEqual(0.1);
      expect([0, 1, 2, 3]).toContain(quarterTurns);
    }
  });
});

describe('the phase reference of a patch', () => {
  it('is removed and added back without a trace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer(), (count, seed) => {
        const patches = new Random(seed).normals(count * 16 * 2);
        const phases = meanPhases(patches, 16);
        const removed = rotatePhases(patches, phases, -1);
        for (const phase of meanPhases(removed, 16)) expect(Math.abs(phase)).toBeLessThan(1e-4);
        expectClose(rotatePhases(removed, phases, 1), patches);
      }),
    );
  });
});

describe('reducing patches', () => {
  it('keeps what is smooth, its scale and its phase', () => {
    const wave = (size: number): Float32Array =>
      Float32Array.from({ length: 2 * size * size }, (_, i) => {
        const y = (Math.floor(i / 2 / size) + 0.5) / size;
        const x = ((Math.floor(i / 2) % size) + 0.5) / size;
        const phase = 2 * x - y;
        return (1 + 0.5 * Math.cos(3 * y)) * (i % 2 === 0 ? Math.cos(phase) : Math.sin(phase));
      });
    expectClose(reducePatches(wave(96), 96, 48), wave(48), 5e-3);
  });

  it('is the identity at the same size and refuses to invent pixels', () => {
    const images = new Random(1).normals(2 * 8 * 8);
    expect(reducePatches(images, 8, 8)).toBe(images);
    expect(() => reducePatches(images, 8, 16)).toThrow(/at least 16/);
  });
});

describe('a data set', () => {
  it('gives subsets without copying, and refuses labels that do not fit', () => {
    const labels = { sequence: Uint8Array.of(0, 1, 2), tissue: Uint8Array.of(0, 1, 0), volume: ['a', 'b', 'c'] };
    const images = new Random(1).normals(3 * 2 * 4);
    const dataset = patchesInMemory(images, 2, labels);
    const normal = subset(dataset, (i) => dataset.tissue[i] === 0);
    expect(normal.volume).toEqual(['a', 'c']);
    expect(normal.read([1])).toEqual(images.slice(16));
    expect(() => patchesInMemory(images, 2, { ...labels, volume: ['a'] })).toThrow(/do not belong together/);
  });
});

describe('mixup', () => {
  it('mixes images and labels by the same share', () => {
    const random = new Random(3);
    for (let i = 0; i < 50; i++) {
      const { values, targets } = mixUp(Float32Array.of(0, 0, 1, 1), Float32Array.of(0, 1), 0.2, random);
      expectClose([values[0]!, values[1]!, values[2]!], [targets[0]!, targets[0]!, targets[1]!]);
    }
  });

  it('draws λ from Beta(α, α): mean ½ and variance 1/(4(2α + 1))', () => {
    const random = new Random(4);
    const draws = Array.from(
      { length: 4000 },
      () => mixUp(Float32Array.of(1, 0), Float32Array.of(1, 0), 0.4, random).targets[0]!,
    );
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance).toBeCloseTo(1 / (4 * 1.8), 2);
  });
});

describe('the flow’s draws', () => {
  it('have the stated densities of time', () => {
    const random = new Random(5);
    const draw = (density: Parameters<typeof drawTime>[0]): number[] =>
      Array.from({ length: 4000 }, () => drawTime(density, random));
    const below = (values: number[], t: number): number => values.filter((v) => v < t).length / values.length;
    expect(below(draw({ kind: 'uniform' }), 0.3)).toBeCloseTo(0.3, 1);
    // P(t < σ(−1)) of a standard logit-normal is Φ(−1).
    expect(below(draw({ kind: 'logit-normal', location: 0, scale: 1 }), 1 / (1 + Math.E))).toBeCloseTo(0.159, 1);
  });

  it('drop conditions sample by sample at the given rate', () => {
    const dropped = dropCondition(new Array<number>(5000).fill(1), 0, 0.1, new Random(6));
    expect(dropped.filter((v) => v === 0).length / 5000).toBeCloseTo(0.1, 1);
  });
});
