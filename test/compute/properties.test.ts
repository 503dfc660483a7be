import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { javascript } from '../../main/compute/backends/javascript.ts';
import {
  meanSquaredError,
  klDivergenceMean,
  meanAbsolutePlusGradientLoss,
  softmaxCrossEntropyMean,
} from '../../main/compute/losses/index.ts';
import { attention, attentionReference } from '../../main/compute/ops/attention.ts';
import { conv2d, conv2dReference } from '../../main/compute/ops/conv2d.ts';
import { embedding } from '../../main/compute/ops/embedding.ts';
import { groupNormSilu, groupNormSiluReference } from '../../main/compute/ops/group-norm-silu.ts';
import { linear, linearReference } from '../../main/compute/ops/linear.ts';
import { silu, siluReference } from '../../main/compute/ops/silu.ts';
import { upsampleNearest2, upsampleNearest2Reference } from '../../main/compute/ops/upsample.ts';
import { tensorFrom } from '../../main/compute/tensors.ts';
import { describeOnEveryBackend } from './every-backend.ts';
import { relativeError } from './reference.ts';

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;
const size = (high: number) => fc.integer({ min: 1, max: high });
const seed = fc.integer();

function randomTensors(shapes: number[][], seed: number): tf.Tensor[] {
  const random = Random.for('tensors', seed);
  return shapes.map((shape) => tensorFrom(random.normals(shape.reduce((a, b) => a * b, 1)), shape));
}

/** An operation and its composition of stock operations agree in output and in every gradient. */
function expectSame(operation: Operation, reference: Operation, shapes: number[][], seed: number): void {
  tf.tidy(() => {
    const inputs = randomTensors(shapes, seed);
    const expected = reference(...inputs);
    const [upstream] = randomTensors([expected.shape], seed + 1) as [tf.Tensor];
    expect(relativeError(operation(...inputs), expected)).toBeLessThan(1e-4);
    const found = tf.grads(operation)(inputs, upstream);
    tf.grads(reference)(inputs, upstream).forEach((gradient, i) => {
      const scale = Math.max(...tf.abs(gradient).dataSync(), 1e-2);
      const difference = Math.max(...tf.abs(tf.sub(found[i]!, gradient)).dataSync());
      expect(difference / scale, `gradient ${i}`).toBeLessThan(5e-4);
    });
  });
}

await describeOnEveryBackend('Operations of any shape equal their composition of stock operations', () => {
  const runs = { numRuns: 12 };

  it('conv2d', () => {
    const shape = fc.tuple(size(3), size(9), size(9), size(6), size(9), seed);
    fc.assert(
      fc.property(shape, fc.constantFrom(1, 3), fc.constantFrom(1, 2), ([n, h, w, c, d, s], k, stride) => {
        const options = { stride: stride as 1 | 2 };
        const shapes = [[n, h, w, c], [k, k, c, d], [d]]; // prettier-ignore
        expectSame(
          (x, kernel, bias) => conv2d(x!, kernel!, bias!, options),
          (x, kernel, bias) => conv2dReference(x!, kernel!, bias!, options),
          shapes,
          s,
        );
        expectSame((x, kernel) => conv2d(x!, kernel!), (x, kernel) => conv2dReference(x!, kernel!), shapes.slice(0, 2), s); // prettier-ignore
      }),
      runs,
    );
  });

  it('groupNormSilu, with and without FiLM and SiLU', () => {
    const shape = fc.tuple(size(3), fc.integer({ min: 2, max: 6 }), size(6), size(4), size(3), seed, fc.boolean());
    fc.assert(
      fc.property(shape, ([n, h, w, groups, width, s, withSilu]) => {
        const c = groups * width;
        const options = { groups, silu: withSilu };
        const shapes = [[n, h, w + 1, c], [c], [c], [n, c], [n, c]]; // prettier-ignore
        const filmed =
          (f: typeof groupNormSilu): Operation =>
          (x, gamma, beta, scale, shift) =>
            f(x!, gamma!, beta!, { ...options, film: { scale: scale!, shift: shift! } });
        const plain =
          (f: typeof groupNormSilu): Operation =>
          (x, gamma, beta) =>
            f(x!, gamma!, beta!, options);
        expectSame(filmed(groupNormSilu), filmed(groupNormSiluReference), shapes, s);
        expectSame(plain(groupNormSilu), plain(groupNormSiluReference), shapes.slice(0, 3), s);
      }),
      runs,
    );
  });

  it('attention with several heads and another number of keys', () => {
    const shape = fc.tuple(size(3), size(7), size(7), size(3), size(4), seed);
    fc.assert(
      fc.property(shape, ([n, tokens, keys, heads, width, s]) => {
        const channels = heads * width;
        expectSame(
          (q, k, v) => attention(q!, k!, v!, heads),
          (q, k, v) => attentionReference(q!, k!, v!, heads),
          [[n, tokens, channels], [n, keys, channels], [n, keys, channels]], // prettier-ignore
          s,
        );
      }),
      runs,
    );
  });

  it('linear, silu and upsampleNearest2', () => {
    fc.assert(
      fc.property(fc.tuple(size(3), size(5), size(5), size(5), size(5), seed), ([n, h, w, c, d, s]) => {
        const shapes = [[n, h, w, c], [c, d], [d]]; // prettier-ignore
        expectSame((x, a, b) => linear(x!, a!, b!), (x, a, b) => linearReference(x!, a!, b!), shapes, s); // prettier-ignore
        expectSame(
          (x) => silu(x!),
          (x) => siluReference(x!),
          [[n, h, w, c]],
          s,
        );
        expectSame(
          (x) => upsampleNearest2(x!),
          (x) => upsampleNearest2Reference(x!),
          [[n, h, w, c]],
          s,
        );
      }),
      runs,
    );
  });

  it('group norm keeps its precision far from zero', () => {
    const [x, gamma, beta] = randomTensors([[1, 8, 8, 4], [4], [4]], 1) as [tf.Tensor, tf.Tensor, tf.Tensor]; // prettier-ignore
    const far = groupNormSilu(tf.add(x, 500), gamma, beta, { groups: 2 });
    expect(relativeError(far, groupNormSilu(x, gamma, beta, { groups: 2 }))).toBeLessThan(2e-3);
  });

  it('computes no gradient that nobody wants', async () => {
    const [x, kernel, bias] = randomTensors([[1, 4, 4, 2], [3, 3, 2, 2], [2]], 1) as [tf.Tensor, tf.Tensor, tf.Tensor]; // prettier-ignore
    const { kernelNames } = await tf.profile(() => tf.grad((b: tf.Tensor) => conv2d(x, kernel, b))(bias));
    expect(kernelNames).toContain('Sum');
    expect(kernelNames.filter((name) => name.startsWith('Conv2DBackprop'))).toEqual([]);
  });

  it('frees its intermediate tensors', () => {
    const [x, kernel, gamma, beta] = randomTensors([[1, 4, 4, 4], [3, 3, 4, 4], [4], [4]], 1) as tf.Tensor[]; // prettier-ignore
    const before = tf.memory().numTensors;
    const block = (x: tf.Tensor): tf.Tensor =>
      tf.tidy(() => {
        const normalised = groupNormSilu(conv2d(x, kernel!), gamma!, beta!, { groups: 2 });
        const tokens = tf.reshape(normalised, [1, 16, 4]);
        return tf.sum(attention(tokens, tokens, tokens, 2));
      });
    block(x!).dispose();
    tf.grad(block)(x!).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('Gradients equal finite differences', () => {
  beforeAll(async () => {
    await javascript.activate();
  });

  const cases: Record<string, { shapes: number[][]; operation: Operation }> = {
    attention: { shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 4]], operation: (q, k, v) => attention(q!, k!, v!, 2) }, // prettier-ignore
    groupNormSilu: {
      shapes: [[2, 3, 2, 6], [6], [6], [2, 6], [2, 6]], // prettier-ignore
      operation: (x, gamma, beta, scale, shift) =>
        groupNormSilu(x!, gamma!, beta!, { groups: 3, film: { scale: scale!, shift: shift! } }),
    },
    'a row of stock operations': {
      shapes: [[2, 3], [3]], // prettier-ignore
      operation: (x, y) => {
        const a = [tf.tanh(x!), tf.sigmoid(x!), tf.softplus(tf.mul(x!, y!)), tf.logSoftmax(x!), tf.cos(x!)];
        const b = [
          tf.softmax(tf.maximum(x!, y!)),
          tf.rsqrt(tf.add(tf.square(x!), 1)),
          tf.max(tf.concat(a, 1), 1, true),
        ];
        const tiled = tf.stack([x!, tf.tile(tf.reshape(y!, [1, 3]), [2, 1])], 2);
        const joined = tf.concat([...a, ...b, tf.reshape(tf.reverse(tiled, 1), [2, 6])], 1);
        const [left, right] = tf.split(joined, [4, joined.shape[1]! - 4], 1) as [tf.Tensor, tf.Tensor];
        const edges: [number, number][] = [[0, 0], [1, 0]]; // prettier-ignore
        const moved = tf.slice(tf.pad(tf.sin(right), edges), [0, 0], [2, 4]);
        const ratio = tf.mean(tf.div(left, tf.add(tf.exp(tf.sub(left, right.shape[1]!)), 1)), 1, true);
        return tf.add(tf.squaredDifference(left, moved), tf.mul(ratio, tf.sum(right, [0, 1])));
      },
    },
    meanAbsolutePlusGradientLoss: {
      shapes: [[1, 3, 3, 2], [1, 3, 3, 2]], // prettier-ignore
      operation: (a, b) => meanAbsolutePlusGradientLoss(a!, b!, 0.5),
    },
    klDivergenceMean: { shapes: [[2, 3], [2, 3]], operation: (mu, v) => klDivergenceMean(mu!, v!) }, // prettier-ignore
    meanSquaredError: { shapes: [[2, 3], [2, 3]], operation: (a, b) => meanSquaredError(a!, b!) }, // prettier-ignore
    softmaxCrossEntropyMean: {
      shapes: [[3, 4], [3, 4]], // prettier-ignore
      operation: (logits, targets) => softmaxCrossEntropyMean(logits!, targets!),
    },
    pooling: {
      shapes: [[1, 4, 4, 2]],
      operation: (x) => tf.concat([tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')], 3), // prettier-ignore
    },
  };

  for (const [name, { shapes, operation }] of Object.entries(cases)) {
    it(name, () => {
      const inputs = randomTensors(shapes, 7);
      const [weights] = randomTensors([operation(...inputs).shape], 8) as [tf.Tensor];
      const objective: Operation = (...all) => tf.sum(tf.mul(operation(...all), weights));
      const gradients = tf.grads(objective)(inputs);
      inputs.forEach((input, which) => {
        const values = input.dataSync();
        const found = gradients[which]!.dataSync();
        values.forEach((value, i) => {
          const at = (moved: number): number => {
            const changed = tensorFrom(Float32Array.from(values).fill(moved, i, i + 1), input.shape);
            return objective(...inputs.with(which, changed)).dataSync()[0]!;
          };
          const h = 4e-3;
          expect(found[i]!, `input ${which}, number ${i}`).toBeCloseTo((at(value + h) - at(value - h)) / (2 * h), 1.5);
        });
      });
    });
  }
});

describe('Impossible shapes are refused in words', () => {
  beforeAll(async () => {
    await javascript.activate();
  });

  it('names operation, axis and both lengths', () => {
    const [x, kernel] = randomTensors([[2, 8, 8, 16], [3, 3, 32, 64]], 1) as [tf.Tensor, tf.Tensor]; // prettier-ignore
    expect(() => conv2d(x, kernel)).toThrow(
      'conv2d cannot work on these tensors. Expected: axis 2 (channels) of kernel to be 16, as in x. ' +
        'Found: kernel [kernelRows kernelColumns channels filters] = [3, 3, 32, 64].',
    );
    expect(() => conv2d(tf.reshape(x, [2, 64, 16]), kernel)).toThrow(/4 axes \[batch rows columns channels\]/);
    expect(() => conv2d(x, tf.zeros([5, 5, 16, 2]))).toThrow(/3×3 or 1×1.*5×5/);
    expect(() => conv2d(tf.cast(x, 'int32'), kernel)).toThrow(/float32.*int32/);
    expect(() => linear(x, tf.zeros([4, 4]))).toThrow(/last axis of 4/);
    expect(() => klDivergenceMean(x, kernel)).toThrow(/klDivergenceMean/);
  });

  it('channels that do not split into groups or heads, which TensorFlow.js would accept', () => {
    fc.assert(
      fc.property(size(12), fc.integer({ min: -1, max: 14 }), (channels, parts) => {
        const [x, c] = [tf.zeros([1, 2, 2, channels]), tf.zeros([channels])];
        const tokens = tf.zeros([1, 4, channels]);
        const fits = parts > 0 && channels % parts === 0;
        const attempts = [
          () => groupNormSilu(x, c, c, { groups: parts }),
          () => attention(tokens, tokens, tokens, parts),
        ];
        for (const attempt of attempts) {
          if (fits) attempt();
          else expect(attempt).toThrow(/divisible by the number of/);
        }
      }),
    );
  });

  it('an index outside an embedding’s table', () => {
    const table = tensorFrom(Float32Array.of(1, 2, 3, 4), [2, 2]);
    expect([...embedding(table, [1, 0, 1]).dataSync()]).toEqual([3, 4, 1, 2, 3, 4]);
    for (const index of [-1, 2, 0.5, Number.NaN]) expect(() => embedding(table, [index])).toThrow(/0 to 1/);
  });
});
