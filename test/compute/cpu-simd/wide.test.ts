import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CpuSimdBackend } from '../../../main/compute/backends/cpu-simd/backend.ts';
import { conv2d, groupNormSilu } from '../../../main/compute/ops/index.ts';
import { Random } from '../../../main/domain/random.ts';
import { loadKernelModule } from '../../../main/kernels/loader.ts';
import type { Input, Result } from './compare.ts';
import { kernel, normal, runOn, useCpuSimd } from './compare.ts';

const isWide = loadKernelModule('tensor').build === 'wide';

/** Everything that has code of its own in the wide build, forward and backward. */
function everything(...[x, w, gamma, q]: tf.Tensor[]): tf.Tensor[] {
  const [, , , filters] = w!.shape as [number, number, number, number];
  const groups = filters % 4 === 0 ? 4 : 1;
  const norm = (t: tf.Tensor): tf.Tensor => groupNormSilu(t, gamma!, gamma!, { groups });
  const loss = (stride: 1 | 2) => (a: tf.Tensor, b: tf.Tensor) =>
    tf.sum(tf.square(norm(conv2d(a, b, null, { stride }))));
  const [y, probabilities] = kernel('Attention', { q: q!, k: q!, v: q! }) as [tf.Tensor, tf.Tensor];
  const tall = tf.reshape(x!, [-1, x!.shape.at(-1)!]);
  const [m, v, value] = [tf.zerosLike(w!), tf.zerosLike(w!), tf.clone(tf.add(w!, 1))];
  const rates = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, step: 3 };
  kernel('AdamWEma', [value, w!, m, v], { ...rates, gradientScale: 0.5, emaDecay: 0, averaged: false });
  return [
    ...[conv2d(x!, w!), norm(conv2d(x!, w!)), ...tf.grads(loss(1))([x!, w!]), ...tf.grads(loss(2))([x!, w!])],
    ...[y, ...kernel('AttentionGrad', { dy: y, q: q!, k: q!, v: q!, probabilities }), tf.softmax(q!)],
    ...[tf.matMul(tall, tall, true), tf.matMul(q!, q!, false, true), value, m, v],
    ...kernel('SumOfSquares', [x!, w!]),
  ];
}

function inputsOf(shape: { n: number; size: number; c: number; f: number; tokens: number; d: number }): Input[] {
  const { n, size, c, f, tokens, d } = shape;
  return [
    normal([n, size, size, c], 'x'),
    normal([3, 3, c, f], 'w'),
    normal([f], 'gamma'),
    normal([n, tokens, d], 'q'),
  ];
}

const bits = ({ values }: Result): string => Buffer.from(values.buffer).toString('base64');

/** Time of sines and logarithms, which are C++ code of the engine: the shortest of several. */
function libraryTime(): number {
  const random = new Random(1);
  let shortest = Infinity;
  for (let i = 0; i < 200; i++) {
    const started = performance.now();
    random.normals(4096);
    shortest = Math.min(shortest, performance.now() - started);
  }
  return shortest;
}

describe.skipIf(!isWide)('The wide build of the kernels (needs registers of 256 bits)', () => {
  beforeAll(() => useCpuSimd());
  afterAll(() => tf.removeBackend('cpu-simd'));

  it('gives the bits of the build without wide registers, for any shape', async () => {
    const shape = fc.record({
      n: fc.integer({ min: 1, max: 5 }),
      size: fc.integer({ min: 2, max: 13 }),
      c: fc.integer({ min: 1, max: 40 }),
      f: fc.integer({ min: 1, max: 44 }),
      tokens: fc.integer({ min: 1, max: 50 }),
      d: fc.integer({ min: 1, max: 36 }),
    });
    const given = [
      ...fc.sample(shape, { numRuns: 24 }),
      { n: 4, size: 24, c: 64, f: 64, tokens: 144, d: 32 },
      { n: 3, size: 12, c: 48, f: 16, tokens: 36, d: 48 },
    ];
    const runs: string[][][] = [];
    for (const build of ['wide', 'relaxed'] as const) {
      await useCpuSimd({ threads: 2, build });
      expect((tf.engine().backend as CpuSimdBackend).pool.build).toBe(build);
      const run: string[][] = [];
      for (const one of given) run.push((await runOn('cpu-simd', inputsOf(one), everything)).map(bits));
      runs.push(run);
    }
    await useCpuSimd();
    given.forEach((one, i) => expect(runs[0]![i], JSON.stringify(one)).toEqual(runs[1]![i]));
  });

  it('leaves the other code of the process as fast as it was', async () => {
    await useCpuSimd({ threads: 2, build: 'relaxed' });
    const before = libraryTime();
    await useCpuSimd({ threads: 2, build: 'wide' });
    await runOn('cpu-simd', inputsOf({ n: 2, size: 12, c: 32, f: 32, tokens: 36, d: 32 }), everything);
    expect(libraryTime()).toBeLessThan(3 * before);
  });
});
