import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fallbackCounts, ownKernels, resetFallbackCounts } from '../../../main/compute/backends/cpu-simd/index.ts';
import type { Input } from './compare.ts';
import { difference, differenceFromPlain, kernel, normal, runOn, useCpuSimd } from './compare.ts';

const special = new Float32Array([0, -0, 1, -1, 0.5, -0.5, 1e-30, -1e-30, 3e38, -3e38, NaN, Infinity, -Infinity, 88, 89, -87, -104, 20, -20, 1e-3, 100, 2.5]); // prettier-ignore
const specials: Input = { values: special, shape: [special.length] };

/** Operations of one argument, with the tolerance relative to the largest result. */
const unary: [string, (x: tf.Tensor) => tf.Tensor, (x: Input) => Input][] = [
  ['Square', tf.square, (x) => x],
  ['Sqrt', tf.sqrt, (x) => mapped(x, Math.abs)],
  ['Exp', tf.exp, (x) => x],
  ['Log', tf.log, (x) => mapped(x, (v) => Math.abs(v) + 1e-6)],
  ['Log1p', tf.log1p, (x) => mapped(x, (v) => Math.abs(v) ** 9)],
  ['Sigmoid', tf.sigmoid, (x) => mapped(x, (v) => 5 * v)],
  ['Tanh', tf.tanh, (x) => x],
  ['Abs', tf.abs, (x) => x],
  ['Sign', tf.sign, (x) => x],
  ['Neg', tf.neg, (x) => x],
  ['Rsqrt', tf.rsqrt, (x) => mapped(x, (v) => Math.abs(v) + 0.1)],
  ['Softplus', tf.softplus, (x) => mapped(x, (v) => 5 * v)],
  ['Relu', tf.relu, (x) => x],
  ['Relu6', tf.relu6, (x) => mapped(x, (v) => 5 * v)],
  ['LeakyRelu', (x) => tf.leakyRelu(x, 0.1), (x) => x],
  ['Step', (x) => tf.step(x, 0.25), (x) => x],
  ['ClipByValue', (x) => tf.clipByValue(x, -0.5, 0.75), (x) => x],
  ['Reciprocal', tf.reciprocal, (x) => mapped(x, (v) => Math.abs(v) + 0.1)],
  ['Floor', tf.floor, (x) => mapped(x, (v) => 5 * v)],
  ['Ceil', tf.ceil, (x) => mapped(x, (v) => 5 * v)],
  ['Round', tf.round, (x) => mapped(x, (v) => 5 * v)],
  ['Sin', tf.sin, (x) => mapped(x, (v) => 1000 * v)],
  ['Cos', tf.cos, (x) => mapped(x, (v) => 1000 * v)],
];

function mapped(x: Input, f: (v: number) => number): Input {
  return { ...x, values: Float32Array.from(x.values, f) };
}

const binary: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ['Add', tf.add],
  ['Sub', tf.sub],
  ['Multiply', tf.mul],
  ['RealDiv', (a, b) => tf.div(a, tf.add(tf.abs(b), 0.1))],
  ['Maximum', tf.maximum],
  ['Minimum', tf.minimum],
  ['SquaredDifference', tf.squaredDifference],
  ['Greater', tf.greater],
  ['GreaterEqual', tf.greaterEqual],
  ['Less', tf.less],
  ['LessEqual', tf.lessEqual],
  ['Equal', (a, b) => tf.equal(tf.round(a), tf.round(b))],
  ['NotEqual', (a, b) => tf.notEqual(tf.round(a), tf.round(b))],
];

const size = fc.integer({ min: 1, max: 6 });
const shapes = fc.array(size, { minLength: 0, maxLength: 4 });

describe('Stock operations on cpu-simd', () => {
  beforeAll(() => useCpuSimd());

  for (const [name, f, domain] of unary) {
    it(`${name} equals plain JavaScript, for all sizes of the tail and for long arrays`, async () => {
      for (const n of [1, 2, 3, 4, 5, 7, 63, 1025, 40_003]) {
        const found = await differenceFromPlain([domain(normal([n], name))], (x) => f(x!));
        expect(found, String(n)).toBeLessThan(1e-6);
      }
    });
  }

  it('agrees with plain JavaScript on infinities, zeros, NaN and the ends of the range', async () => {
    for (const [name, f] of unary) {
      if (['Sqrt', 'Rsqrt', 'Log', 'Log1p', 'Sin', 'Cos', 'LeakyRelu'].includes(name)) continue;
      const [found] = await runOn('cpu-simd', [specials], (x) => f(x!));
      const [expected] = await runOn('cpu', [specials], (x) => f(x!));
      expected!.values.forEach((e, i) => {
        const v = found!.values[i] as number;
        const close = Object.is(v, e) || v === e || Math.abs(v - e) <= 2e-6 * Math.abs(e) + 1e-37;
        expect(close, `${name}(${special[i]}) = ${e}, not ${v}`).toBe(true);
      });
    }
  });

  it('keeps relative accuracy of exp, log and SiLU over the whole range of single precision', async () => {
    const x = Float32Array.from({ length: 20_001 }, (_, i) => -87 + (i * 174) / 20_000);
    const [e] = await runOn('cpu-simd', [{ values: x, shape: [x.length] }], (t) => tf.exp(t!));
    x.forEach((v, i) => expect(Math.abs(e!.values[i]! / Math.exp(v) - 1)).toBeLessThan(3e-7));
    const positive = x.map((v) => Math.exp(v));
    const [l] = await runOn('cpu-simd', [{ values: positive, shape: [x.length] }], (t) => tf.log(t!));
    positive.forEach((v, i) =>
      expect(Math.abs(l!.values[i]! - Math.log(v))).toBeLessThan(2e-7 * Math.max(1, Math.abs(Math.log(v)))),
    );
    const [s] = await runOn('cpu-simd', [{ values: x, shape: [x.length] }], (t) => kernel('Silu', { x: t! }));
    x.forEach((v, i) => {
      const exact = v / (1 + Math.exp(-v));
      expect(Math.abs(s!.values[i]! - exact)).toBeLessThan(4e-7 * Math.abs(exact) + 1e-37);
    });
  });

  for (const [name, f] of binary) {
    it(`${name} equals plain JavaScript for every way of broadcasting`, async () => {
      const pair = shapes.chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.tuple(...shape.map((s) => fc.constantFrom(s, 1))).map((list) => list as number[]),
          fc.nat(shape.length),
          fc.boolean(),
        ),
      );
      await fc.assert(
        fc.asyncProperty(pair, async ([shape, other, dropped, swapped]) => {
          const [a, b] = [normal(shape, 'a'), normal(other.slice(dropped), 'b')];
          const found = await differenceFromPlain(swapped ? [b, a] : [a, b], (x, y) => f(x!, y!));
          expect(found).toBeLessThan(1e-6);
        }),
        { numRuns: 25, seed: 17 },
      );
    });
  }

  it('broadcasts over the large shapes of the models', async () => {
    for (const [a, b] of [
      [[4, 24, 24, 16], [16]],
      [
        [4, 24, 24, 16],
        [4, 1, 1, 16],
      ],
      [
        [4, 24, 24, 16],
        [4, 24, 24, 1],
      ],
      [
        [4, 1, 1, 16],
        [4, 24, 24, 16],
      ],
      [[20_000], []],
    ] as [number[], number[]][]) {
      expect(await differenceFromPlain([normal(a, 'a'), normal(b, 'b')], (x, y) => tf.mul(x!, y!))).toBeLessThan(1e-6);
    }
  });

  it('reduces along any axes as plain JavaScript does', async () => {
    const reductions: [string, (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor][] = [
      ['Sum', tf.sum],
      ['Mean', tf.mean],
      ['Max', tf.max],
      ['Min', tf.min],
      ['Prod', tf.prod],
    ];
    const problem = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i)), fc.boolean()),
    );
    for (const [name, f] of reductions) {
      await fc.assert(
        fc.asyncProperty(problem, async ([shape, axes, keep]) => {
          fc.pre(axes.length > 0);
          const found = await differenceFromPlain([mapped(normal(shape, name), (v) => Math.abs(v) + 0.1)], (x) =>
            f(x!, axes, keep),
          );
          expect(found, name).toBeLessThan(1e-5);
        }),
        { numRuns: 30, seed: 19 },
      );
    }
    for (const [shape, axes] of [[[100_003], [0]], [[4, 24, 24, 16], [0, 1, 2]], [[4, 24, 24, 18], [1, 2]], [[3000, 7], [0]], [[7, 3000], [1]], [[6, 50, 6, 50], [1, 3]]] as [number[], number[]][]) {
      const x = mapped(normal(shape), (v) => v + 1); // a sum that does not cancel
      expect(await differenceFromPlain([x], (t) => [tf.sum(t!, axes), tf.mean(t!, axes), tf.max(t!, axes)])).toBeLessThan(1e-5);
    } // prettier-ignore
  });

  it('sums a million numbers with the error of blocks, not of elements', async () => {
    const x = mapped(normal([1_000_003]), (v) => v + 3);
    const exact = (x.values as Float32Array).reduce((sum, v) => sum + v, 0);
    const [found] = await runOn('cpu-simd', [x], (t) => tf.sum(t!));
    expect(Math.abs((found!.values[0] as number) / exact - 1)).toBeLessThan(3e-7);
  });

  it('moves data as plain JavaScript does: transpose, slice, concat, stack, unstack, split, pad, reverse, tile', async () => {
    const problem = fc.array(size, { minLength: 1, maxLength: 4 }).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        perm: fc.shuffledSubarray(shape.map((_, i) => i), { minLength: shape.length, maxLength: shape.length }),
        begin: fc.tuple(...shape.map((s) => fc.nat(s - 1))).map((list) => list as number[]),
        axis: fc.nat(shape.length - 1),
        reps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
      }),
    ); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(problem, async ({ shape, perm, begin, axis, reps }) => {
        const moved = await differenceFromPlain([normal(shape, 'x'), normal(shape, 'y')], (x, y) => [
          tf.transpose(x!, perm),
          tf.slice(x!, begin),
          tf.concat([x!, y!, x!], axis),
          tf.stack([x!, y!], axis),
          ...tf.unstack(x!, axis),
          ...tf.split(x!, [1, ...(shape[axis]! > 1 ? [shape[axis]! - 1] : [])].length === 1 ? 1 : [1, shape[axis]! - 1], axis),
          tf.pad(x!, shape.map((_, i) => [i % 2, 1 + (i % 3)]) as [number, number][], 0.5),
          tf.reverse(x!, axis),
          tf.tile(x!, reps),
          tf.expandDims(x!, axis),
          tf.reshape(x!, [-1]),
          tf.zerosLike(x!),
          tf.onesLike(x!),
        ]);
        expect(moved).toBe(0);
      }),
      { numRuns: 60, seed: 23 },
    ); // prettier-ignore
    const large = await differenceFromPlain([normal([300_000]), normal([4, 36, 3, 32])], (x, y) => [
      tf.slice(x!, [1], [299_000]),
      tf.transpose(y!, [0, 2, 1, 3]),
      tf.concat([x!, x!]),
    ]);
    expect(large).toBe(0);
  });

  it('looks rows up and sums them back by segment', async () => {
    const indices: Input = { values: Int32Array.from([4, 0, 2, 2, 4, 4]), shape: [2, 3], dtype: 'int32' };
    const found = await differenceFromPlain([normal([5, 9]), indices, normal([6, 9], 2)], (table, i, rows) => [
      tf.gather(table!, tf.cast(i!, 'int32')),
      tf.gather(table!, tf.reshape(i!, [6]) as tf.Tensor1D, 1),
      tf.unsortedSegmentSum(rows!, tf.reshape(i!, [6]) as tf.Tensor1D, 5),
    ]);
    expect(found).toBeLessThan(1e-6);
    expect(() => tf.gather(tf.zeros([3, 2]), tf.tensor1d([0, 3], 'int32'))).toThrow(/Expected: 0 to 2. Found: 3/);
  });

  it('chooses, converts, fills, and takes softmax as plain JavaScript does', async () => {
    const found = await differenceFromPlain([normal([6, 37], 'a'), normal([6, 37], 'b')], (a, b) => {
      const mask = tf.greater(a!, b!);
      return [
        tf.where(mask, a!, b!),
        tf.logicalAnd(mask, tf.less(b!, 0.5)),
        tf.logicalOr(mask, tf.less(b!, 0.5)),
        tf.logicalNot(mask),
        tf.cast(mask, 'float32'),
        tf.cast(mask, 'int32'),
        tf.cast(tf.mul(a!, 10), 'int32'),
        tf.cast(tf.cast(tf.mul(a!, 10), 'int32'), 'float32'),
        tf.cast(tf.step(a!), 'bool'),
        tf.fill([3, 3], 2.5),
        tf.fill([3, 3], 2, 'int32'),
        tf.softmax(a!),
        tf.softmax(tf.mul(a!, 1000)),
        tf.addN([a!, b!, a!]),
      ];
    });
    expect(found).toBeLessThan(2e-6);
    // One condition a row (plain JavaScript has it wrong: it repeats single elements).
    const [rows] = kernel('Select', {
      condition: tf.tensor1d([1, 0], 'bool'),
      t: tf.tensor2d([1, 2, 3, 4], [2, 2]),
      e: tf.tensor2d([5, 6, 7, 8], [2, 2]),
    });
    expect([...rows!.dataSync()]).toEqual([1, 2, 7, 8]);
  });

  it('doubles and halves images by nearest neighbours', async () => {
    for (const c of [1, 3, 4, 16]) {
      const found = await differenceFromPlain([normal([2, 5, 3, c])], (x) => [
        tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [10, 6]),
      ]);
      expect(found).toBe(0);
      // Plain JavaScript has this gradient wrong: the sum of 2×2 pixels, from stock operations, is the reference.
      const dy = normal([2, 10, 6, c], 'dy');
      const [sums] = await runOn('cpu', [dy], (t) => tf.sum(tf.reshape(t!, [2, 5, 2, 3, 2, c]), [2, 4]));
      const [gradient] = await runOn('cpu-simd', [dy, normal([2, 5, 3, c])], (t, x) =>
        kernel('ResizeNearestNeighborGrad', { images: x!, dy: t! }, { alignCorners: false }),
      );
      expect(difference(gradient!, sums!)).toBeLessThan(1e-6);
    }
  });

  it('runs what it has no kernel for in plain JavaScript, and counts it', async () => {
    resetFallbackCounts();
    const [found] = await runOn('cpu-simd', [normal([4, 5])], (x) => tf.cumsum(x!, 1));
    const [expected] = await runOn('cpu', [normal([4, 5])], (x) => tf.cumsum(x!, 1));
    expect(difference(found!, expected!)).toBe(0);
    expect([...tf.add(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([3, 4], 'int32')).dataSync()]).toEqual([4, 6]);
    expect(fallbackCounts()).toEqual({ Cumsum: 1, Add: 1 });
    expect(ownKernels).toContain('Conv2D');
  });

  it('refuses complex tensors by name', () => {
    expect(() => tf.complex([1, 2], [3, 4])).toThrow(/no complex tensors/);
  });
});
