import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CpuSimdBackend } from '../../../main/compute/backends/cpu-simd/backend.ts';
import { attentionBlock, attentionBlockReference } from '../../../main/compute/ops/attention-block.ts';
import { wanting } from '../../../main/compute/ops/differentiable.ts';
import { residualBlock, residualBlockReference } from '../../../main/compute/ops/residual-block.ts';
import type { Tensor4D } from '../../../main/compute/tensors.ts';
import type { Input } from './compare.ts';
import { difference, normal, runOn, useCpuSimd } from './compare.ts';

/** A block as a function of its inputs in their order. */
type Block = (inputs: tf.Tensor[]) => Tensor4D;
type Pair = readonly [tf.Tensor, tf.Tensor];

interface Shape {
  batch: number;
  size: number;
  channels: number;
  filters: number;
  features: number;
}

const scaled = (shape: number[], seed: string, factor: number): Input => {
  const { values } = normal(shape, seed);
  return { values: (values as Float32Array).map((value) => value * factor), shape };
};

function residualInputs({ batch, size, channels, filters, features }: Shape): Input[] {
  const inputs = [
    normal([batch, size, size, channels], 'x'),
    normal([batch, features], 'embedding'),
    ...[scaled([channels], 'g1', 0.5), scaled([channels], 'b1', 0.5)],
    ...[scaled([3, 3, channels, filters], 'k1', 0.2), scaled([filters], 'c1', 0.5)],
    ...[scaled([features, 2 * filters], 'fw', 0.2), scaled([2 * filters], 'fb', 0.5)],
    ...[scaled([filters], 'g2', 0.5), scaled([filters], 'b2', 0.5)],
    ...[scaled([3, 3, filters, filters], 'k2', 0.2), scaled([filters], 'c2', 0.5)],
  ];
  return channels === filters
    ? inputs
    : [...inputs, scaled([1, 1, channels, filters], 'ks', 0.5), scaled([filters], 'cs', 0.5)];
}

const residual = (block: typeof residualBlock, groups: [number, number]): Block => {
  return ([x, embedding, ...p]) => {
    const pair = (i: number): Pair => [p[i]!, p[i + 1]!];
    const skip = p.length > 10 ? pair(10) : undefined;
    const weights = { norm1: pair(0), conv1: pair(2), film: pair(4), norm2: pair(6), conv2: pair(8), skip };
    return block(x as Tensor4D, embedding!, weights, { groups });
  };
};

function attentionInputs({ batch, size, channels }: Shape): Input[] {
  return [
    normal([batch, size, size, channels], 'x'),
    ...[scaled([channels], 'g', 0.5), scaled([channels], 'b', 0.5)],
    ...[scaled([channels, 3 * channels], 'qkv', 0.3), scaled([3 * channels], 'qb', 0.3)],
    ...[scaled([channels, channels], 'p', 0.3), scaled([channels], 'pb', 0.3)],
  ];
}

const attending = (block: typeof attentionBlock, groups: number, heads: number): Block => {
  return ([x, gamma, beta, qkv, qkvBias, projection, projectionBias]) =>
    block(
      x as Tensor4D,
      { norm: [gamma!, beta!], qkv: [qkv!, qkvBias!], projection: [projection!, projectionBias!] },
      { groups, heads },
    );
};

/** The output, and the gradients of Σ y² + Σ y to all inputs. */
const withGradients =
  (block: Block) =>
  (...inputs: tf.Tensor[]): tf.Tensor[] => {
    const loss = (...tensors: tf.Tensor[]): tf.Tensor => tf.sum(tf.add(tf.square(block(tensors)), block(tensors)));
    return [block(inputs), ...tf.grads(loss)(inputs)];
  };

async function apart(inputs: Input[], fused: Block, reference: Block, backend: string): Promise<number> {
  const found = await runOn('cpu-simd', inputs, withGradients(fused));
  const expected = await runOn(backend, inputs, withGradients(reference));
  return Math.max(...expected.map((e, i) => difference(found[i]!, e)));
}

/** Every residual block of the presets' U-Nets and autoencoders, as [channels, filters, size]. */
const PRESET_BLOCKS = [
  ...([[16, 16, 24], [32, 16, 24], [16, 32, 12], [48, 32, 12], [64, 32, 12], [80, 48, 6], [96, 48, 6]] as const),
  ...([[64, 64, 48], [192, 64, 12], [128, 256, 12], [512, 256, 6]] as const),
]; // prettier-ignore

describe('Blocks of the networks as one kernel', () => {
  beforeAll(() => useCpuSimd());
  afterAll(() => tf.removeBackend('cpu-simd'));

  it.each(PRESET_BLOCKS)(
    'is the residual block of single operations: %i to %i channels, %i pixels a side',
    async (channels, filters, size) => {
      const inputs = residualInputs({ batch: 2, size, channels, filters, features: 24 });
      const groups: [number, number] = [channels / 4 > 32 ? 32 : channels / 4, filters / 4 > 32 ? 32 : filters / 4];
      expect(
        await apart(inputs, residual(residualBlock, groups), residual(residualBlockReference, groups), 'cpu-simd'),
      ).toBeLessThan(1e-5);
    },
  );

  it('is the residual block of plain JavaScript, for any shape', async () => {
    const shape = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      // One pixel, or one filter, is nothing once it is normalised: its gradients would be rounding alone.
      size: fc.integer({ min: 2, max: 7 }),
      channels: fc.integer({ min: 1, max: 12 }),
      filters: fc.integer({ min: 2, max: 12 }),
      features: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async (given) => {
        const error = await apart(
          residualInputs(given),
          residual(residualBlock, [1, 1]),
          residual(residualBlockReference, [1, 1]),
          'cpu',
        );
        expect(error).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    [32, 12, 1],
    [48, 6, 1],
    [128, 6, 2],
    [24, 5, 3],
  ])(
    'is the attention of single operations: %i channels, %i pixels a side, %i heads',
    async (channels, size, heads) => {
      const inputs = attentionInputs({ batch: 2, size, channels, filters: channels, features: 1 });
      const groups = channels / 4;
      const [fused, reference] = [
        attending(attentionBlock, groups, heads),
        attending(attentionBlockReference, groups, heads),
      ];
      expect(await apart(inputs, fused, reference, 'cpu-simd')).toBeLessThan(1e-5);
      if (size < 12) expect(await apart(inputs, fused, reference, 'cpu')).toBeLessThan(1e-4);
    },
  );

  it('computes no gradients of parameters that nobody wants, and the same of the others', async () => {
    await tf.setBackend('cpu-simd');
    const given = residualInputs({ batch: 2, size: 6, channels: 8, filters: 16, features: 4 });
    const [x, embedding, ...parameters] = given.map(({ values, shape }) => tf.variable(tf.tensor(values, shape)));
    const all = [x!, embedding!, ...parameters];
    const block = residual(residualBlock, [2, 4]);
    const gradientsOf = (wanted: tf.Variable[]): tf.Tensor[] => {
      const { grads, value } = wanting(wanted, () => tf.variableGrads(() => tf.sum(tf.square(block(all))), wanted));
      value.dispose();
      return wanted.map(({ name }) => grads[name]!);
    };
    const [full, some] = [gradientsOf(all), gradientsOf([x!, embedding!])];
    some.forEach((gradient, i) => expect(gradient.dataSync()).toEqual(full[i]!.dataSync()));
    tf.dispose([all, full, some]);
  });

  it('holds no memory afterwards, with and without gradients, and less without', async () => {
    await tf.setBackend('cpu-simd');
    const { arena } = tf.engine().backend as CpuSimdBackend;
    const given = attentionInputs({ batch: 4, size: 12, channels: 32, filters: 32, features: 1 });
    const inputs = given.map(({ values, shape }) => tf.tensor(values, shape));
    const block = attending(attentionBlock, 8, 1);
    const before = { tensors: tf.memory().numTensors, bytes: arena.usedBytes };
    tf.dispose(block(inputs));
    tf.dispose(tf.grads((...tensors) => tf.sum(block(tensors)))(inputs));
    expect({ tensors: tf.memory().numTensors, bytes: arena.usedBytes }).toEqual(before);
    const y = block(inputs);
    expect(arena.usedBytes - before.bytes).toBe(4 * y.size);
    tf.dispose([y, inputs]);
  });

  it('names what does not fit', () => {
    const given = attentionInputs({ batch: 1, size: 4, channels: 8, filters: 8, features: 1 });
    const inputs = given.map(({ values, shape }) => tf.tensor(values, shape));
    expect(() => attending(attentionBlock, 2, 3)(inputs)).toThrow(/attentionBlock .*divisible by the number of heads/);
    const wrong = [...inputs.slice(0, 5), tf.zeros([8, 4]), inputs[6]!];
    expect(() => attending(attentionBlock, 2, 1)(wrong)).toThrow(/projectionWeight/);
    tf.dispose([inputs, wrong]);
  });
});
