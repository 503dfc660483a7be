import * as tf from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CpuSimdBackend } from '../../../main/compute/backends/cpu-simd/backend.ts';
import { fallbackCounts, resetFallbackCounts } from '../../../main/compute/backends/cpu-simd/index.ts';
import { conv2d, groupNormSilu, upsampleNearest2 } from '../../../main/compute/ops/index.ts';
import type { Result } from './compare.ts';
import { difference, kernel, normal, runOn, useCpuSimd } from './compare.ts';

const backend = (): CpuSimdBackend => tf.engine().backend as CpuSimdBackend;

/** One step of a small network with every kind of layer; parameters change in place. */
function trainingStep(parameters: tf.Tensor[], moments: tf.Tensor[], x: tf.Tensor, step: number): number {
  return tf.tidy(() => {
    const loss = (...p: tf.Tensor[]): tf.Scalar => {
      const [a, gamma, beta, b, c] = p as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const h = groupNormSilu(conv2d(x, a), gamma, beta, { groups: 2 });
      const low = conv2d(h, b, null, { stride: 2 });
      const y = conv2d(tf.concat([upsampleNearest2(low), h], 3), c);
      return tf.mean(tf.square(tf.sub(y, x)));
    };
    const value = loss(...parameters).dataSync()[0] as number;
    const gradients = tf.grads(loss)(parameters);
    const list = parameters.flatMap((p, i) => [p, gradients[i]!, moments[2 * i]!, moments[2 * i + 1]!]);
    const rates = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    kernel('AdamWEma', list, { ...rates, step, gradientScale: 1, emaDecay: 0, averaged: false });
    return value;
  });
}

function smallNetwork(): { parameters: tf.Tensor[]; moments: tf.Tensor[]; x: tf.Tensor } {
  const shapes = [[3, 3, 2, 8], [8], [8], [3, 3, 8, 8], [3, 3, 16, 2]]; // prettier-ignore
  const parameters = shapes.map((shape, i) => tf.mul(tf.tensor(normal(shape, i).values, shape), 0.2));
  const moments = parameters.flatMap((p) => [tf.zerosLike(p), tf.zerosLike(p)]);
  return { parameters, moments, x: tf.tensor(normal([2, 12, 12, 2], 'x').values, [2, 12, 12, 2]) };
}

describe('The cpu-simd backend', () => {
  beforeAll(() => useCpuSimd());
  afterAll(() => tf.removeBackend('cpu-simd'));

  it('holds no more memory after a thousand training steps than after ten, learns, and needs no plain JavaScript', () => {
    const { parameters, moments, x } = smallNetwork();
    resetFallbackCounts();
    const losses: number[] = [];
    let [tensors, used, reserved] = [0, 0, 0];
    for (let step = 1; step <= 1000; step++) {
      losses.push(trainingStep(parameters, moments, x, step));
      if (step !== 10) continue;
      tensors = tf.memory().numTensors;
      used = backend().arena.usedBytes;
      reserved = backend().arena.reservedBytes;
    }
    expect(tf.memory().numTensors).toBe(tensors);
    expect(backend().arena.usedBytes).toBe(used);
    expect(backend().arena.reservedBytes).toBe(reserved);
    expect(losses.at(-1)).toBeLessThan(0.3 * (losses[0] as number));
    expect(fallbackCounts()).toEqual({});
  });

  it('gives bit-identical results from run to run, and for one, two and three threads', async () => {
    const inputs = [
      normal([5, 24, 24, 12], 'x'),
      normal([3, 3, 12, 20], 'w'),
      normal([20], 'g'),
      normal([5, 36, 16], 'q'),
    ];
    const body = (...[x, w, g, q]: tf.Tensor[]): tf.Tensor[] => {
      const norm = (t: tf.Tensor): tf.Tensor => groupNormSilu(t, g!, g!, { groups: 4 });
      const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sum(tf.square(norm(conv2d(a, b, null, { stride: 2 }))));
      const y = conv2d(x!, w!);
      return [y, norm(y), tf.sum(y), tf.mean(y, [1, 2]), tf.softmax(y), ...tf.grads(f)([x!, w!]), ...kernel('Attention', { q: q!, k: q!, v: q! })];
    }; // prettier-ignore
    const runs: Result[][] = [];
    for (const threads of [2, 2, 1, 3]) {
      await useCpuSimd({ threads });
      runs.push(await runOn('cpu-simd', inputs, body));
    }
    await useCpuSimd();
    const bits = (r: Result): string => Buffer.from(r.values.buffer).toString('base64');
    for (const run of runs.slice(1)) run.forEach((r, i) => expect(bits(r)).toBe(bits(runs[0]![i]!)));
  });

  it('differs between relaxed and plain SIMD only by rounding', async () => {
    const body = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => conv2d(x, w);
    const inputs = [normal([1, 8, 8, 16], 'x'), normal([3, 3, 16, 8], 'w')];
    const [fused] = await runOn('cpu-simd', inputs, body);
    await useCpuSimd({ threads: 2, build: 'plain' });
    const [plain] = await runOn('cpu-simd', inputs, body);
    await useCpuSimd();
    const error = difference(plain!, fused!);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(1.5e-5);
  });

  it('moves tensors to and from other backends with their values and types', async () => {
    await useCpuSimd();
    const values = { float32: [1.5, -2, 3], int32: [1, -2, 3], bool: [1, 0, 1] };
    for (const [dtype, list] of Object.entries(values)) {
      const here = tf.tensor1d(list, dtype as 'float32');
      await tf.setBackend('cpu');
      expect([...tf.reverse(here).dataSync()]).toEqual([...list].reverse());
      const there = tf.tensor1d(list, dtype as 'float32');
      await tf.setBackend('cpu-simd');
      expect([...tf.reverse(there).dataSync()]).toEqual([...list].reverse());
    }
    expect(tf.tensor1d(['a', 'b']).dataSync()).toEqual(['a', 'b']);
  });

  it('says what memory was wanted when there is none left', () => {
    expect(() => tf.zeros([1024, 1024, 1024])).toThrow(/needs more memory than is available/);
    expect([...tf.add(tf.ones([2]), 1).dataSync()]).toEqual([2, 2]);
  });

  it('lets the process end while its threads wait', () => {
    const entry = fileURLToPath(new URL('../../../main/compute/backends/cpu-simd/index.ts', import.meta.url));
    const program = `
      import * as tf from '@tensorflow/tfjs-core';
      const { registerCpuSimd } = await import(${JSON.stringify(entry)});
      await registerCpuSimd({ threads: 3 });
      await tf.setBackend('cpu-simd');
      console.log(tf.sum(tf.ones([100000])).dataSync()[0]);`;
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const options = { cwd, encoding: 'utf8', timeout: 20_000 } as const;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
    expect(stdout.trim()).toBe('100000');
    expect(status).toBe(0);
  });
});
