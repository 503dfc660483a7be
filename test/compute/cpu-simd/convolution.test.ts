import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Input } from './compare.ts';
import { differenceFromPlain, kernel, normal, runOn, useCpuSimd } from './compare.ts';

interface Case {
  n: number;
  h: number;
  w: number;
  c: number;
  m: number;
  k: number;
  stride: number;
  pad: number | 'same' | 'valid';
}

/** Output, input gradient, filter gradient and bias gradient for the output as its own gradient. */
function everything({ c, m, k, stride, pad }: Case) {
  return (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor): tf.Tensor[] => {
    const attrs = { strides: stride, pad, dataFormat: 'NHWC', dilations: [1, 1] };
    const [y] = kernel('FusedConv2D', { x, filter, bias }, { ...attrs, activation: 'linear' }) as [tf.Tensor];
    const [dx] = kernel('Conv2DBackpropInput', { dy: y, filter }, { ...attrs, inputShape: x.shape }) as [tf.Tensor];
    const filterShape = [k, k, c, m];
    const [dW] = kernel('Conv2DBackpropFilter', { x, dy: y }, { ...attrs, filterShape }) as [tf.Tensor];
    return [y, dx, dW, tf.sum(y, [0, 1, 2])];
  };
}

const inputs = ({ n, h, w, c, m, k }: Case): Input[] => [
  normal([n, h, w, c], 'x'),
  normal([k, k, c, m], 'filter'),
  normal([m], 'bias'),
];

const title = ({ n, h, w, c, m, k, stride, pad }: Case): string =>
  `${n}×${h}×${w}×${c} → ${m}, ${k}×${k}, stride ${stride}, pad ${pad}`;

/** One output element of each kind in double precision, straight from the definition. */
function exact(a: Case, values: Float32Array[], image: number, oy: number, ox: number, om: number): number {
  const [x, filter, bias] = values as [Float32Array, Float32Array, Float32Array];
  let sum = bias[om] as number;
  for (let ky = 0; ky < a.k; ky++) {
    for (let kx = 0; kx < a.k; kx++) {
      const [iy, ix] = [oy * a.stride + ky - 1, ox * a.stride + kx - 1];
      if (iy < 0 || ix < 0 || iy >= a.h || ix >= a.w) continue;
      for (let i = 0; i < a.c; i++) {
        const xi = x[((image * a.h + iy) * a.w + ix) * a.c + i] as number;
        sum += xi * (filter[((ky * a.k + kx) * a.c + i) * a.m + om] as number);
      }
    }
  }
  return sum;
}

/**
 * Winograd's F(4×4, 3×3), which takes most 3×3 filters of stride 1, has some ten times the rounding error of the plain sum: relative to
 * the largest output, 7e-6 where the sum has 1e-6.
 */
const tolerance = 1.5e-5;

describe('Convolution on cpu-simd', () => {
  beforeAll(() => useCpuSimd());

  const channels = [2, 4, 12, 16, 32, 48];
  for (const c of channels) {
    for (const m of channels) {
      const a: Case = { n: 2, h: 6, w: 6, c, m, k: 3, stride: (c + m) % 8 === 4 ? 2 : 1, pad: 1 };
      it(`equals plain JavaScript, forward and gradients: ${title(a)}`, async () => {
        expect(await differenceFromPlain(inputs(a), everything(a))).toBeLessThan(tolerance);
      });
    }
  }

  const shapes: Case[] = [
    { n: 1, h: 12, w: 12, c: 64, m: 64, k: 3, stride: 1, pad: 1 },
    { n: 2, h: 12, w: 12, c: 32, m: 64, k: 3, stride: 2, pad: 1 },
    { n: 3, h: 24, w: 24, c: 16, m: 16, k: 3, stride: 1, pad: 1 },
    { n: 2, h: 24, w: 24, c: 48, m: 32, k: 1, stride: 1, pad: 0 },
    { n: 1, h: 48, w: 48, c: 2, m: 16, k: 3, stride: 1, pad: 1 },
    { n: 1, h: 48, w: 48, c: 16, m: 2, k: 3, stride: 1, pad: 1 },
    { n: 5, h: 7, w: 9, c: 5, m: 7, k: 3, stride: 2, pad: 1 },
    { n: 2, h: 9, w: 7, c: 3, m: 10, k: 3, stride: 2, pad: 'same' },
    { n: 2, h: 8, w: 8, c: 6, m: 9, k: 3, stride: 2, pad: 'same' },
    { n: 2, h: 9, w: 8, c: 6, m: 9, k: 3, stride: 1, pad: 'valid' },
    { n: 2, h: 9, w: 8, c: 6, m: 9, k: 5, stride: 3, pad: 'same' },
    { n: 1, h: 14, w: 13, c: 3, m: 8, k: 7, stride: 2, pad: 3 },
    { n: 2, h: 8, w: 8, c: 4, m: 6, k: 1, stride: 2, pad: 0 },
    { n: 1, h: 1, w: 1, c: 1, m: 1, k: 3, stride: 1, pad: 1 },
  ];
  for (const a of shapes) {
    it(`equals plain JavaScript, forward and gradients: ${title(a)}`, async () => {
      expect(await differenceFromPlain(inputs(a), everything(a))).toBeLessThan(tolerance);
    });
  }

  const large: Case[] = [
    { n: 1, h: 96, w: 96, c: 64, m: 128, k: 3, stride: 2, pad: 1 },
    { n: 1, h: 96, w: 96, c: 32, m: 64, k: 3, stride: 1, pad: 1 },
    { n: 32, h: 24, w: 24, c: 64, m: 64, k: 3, stride: 1, pad: 1 },
    { n: 4, h: 12, w: 12, c: 128, m: 128, k: 3, stride: 1, pad: 1 },
  ];
  for (const a of large) {
    it(`equals the definition at random places of large images: ${title(a)}`, async () => {
      const given = inputs(a);
      const [y] = await runOn('cpu-simd', given, (x, filter, bias) =>
        kernel('FusedConv2D', { x, filter, bias }, { strides: a.stride, pad: 1, dataFormat: 'NHWC', dilations: 1 }),
      );
      const [, height, width] = y!.shape as [number, number, number, number];
      const values = given.map((g) => g.values as Float32Array);
      fc.assert(
        fc.property(
          fc.tuple(fc.nat(a.n - 1), fc.nat(height - 1), fc.nat(width - 1), fc.nat(a.m - 1)),
          ([image, oy, ox, om]) => {
            const found = y!.values[((image * height + oy) * width + ox) * a.m + om] as number;
            expect(Math.abs(found - exact(a, values, image, oy, ox, om))).toBeLessThan(
              tolerance * 4 * Math.sqrt(9 * a.c),
            );
          },
        ),
        { numRuns: 300, seed: 7 },
      );
    });
  }

  it('has gradients that are the adjoints of the forward pass, for large images: ⟨Wx, y⟩ = ⟨x, Wᵀy⟩ = ⟨W, ∂W⟩', async () => {
    for (const a of large) {
      const [y, dx, dW] = (
        await runOn('cpu-simd', inputs({ ...a, n: Math.min(a.n, 4) }), (x, filter) => {
          const attrs = { strides: a.stride, pad: 1, dataFormat: 'NHWC', dilations: 1 };
          const [out] = kernel('Conv2D', { x, filter }, attrs) as [tf.Tensor];
          const dy = tf.tanh(out);
          const [gx] = kernel('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }) as [tf.Tensor];
          const filterShape = filter.shape;
          const [gW] = kernel('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape }) as [tf.Tensor];
          return [tf.sum(tf.mul(out, dy)), tf.sum(tf.mul(x, gx)), tf.sum(tf.mul(filter, gW))];
        })
      ).map(({ values }) => values[0] as number) as [number, number, number];
      expect(Math.abs(dx / y - 1)).toBeLessThan(1e-5);
      expect(Math.abs(dW / y - 1)).toBeLessThan(1e-5);
    }
  });

  it('equals plain JavaScript for random shapes', async () => {
    const shape = fc.record({
      n: fc.integer({ min: 1, max: 3 }),
      h: fc.integer({ min: 1, max: 11 }),
      w: fc.integer({ min: 1, max: 11 }),
      c: fc.integer({ min: 1, max: 19 }),
      m: fc.integer({ min: 1, max: 19 }),
      k: fc.constantFrom(1, 2, 3, 5),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.constantFrom('same' as const, 'valid' as const, 0, 1),
    });
    const fits = (a: Case): boolean => {
      const room = typeof a.pad === 'number' ? 2 * a.pad : 0;
      return a.pad === 'same' || (a.h + room >= a.k && a.w + room >= a.k);
    };
    await fc.assert(
      fc.asyncProperty(shape.filter(fits), async (a) => {
        // Looser than above: with few outputs the largest may be what cancellation left.
        expect(await differenceFromPlain(inputs(a), everything(a))).toBeLessThan(3e-5);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('takes explicit padding of another amount on every side', async () => {
    const a: Case = { n: 2, h: 8, w: 7, c: 6, m: 9, k: 3, stride: 2, pad: 'valid' };
    const pad = [[0, 0], [1, 2], [0, 1], [0, 0]]; // prettier-ignore
    expect(await differenceFromPlain(inputs(a), everything({ ...a, pad: pad as never }))).toBeLessThan(tolerance);
  });

  it('applies a fused activation', async () => {
    const a: Case = { n: 2, h: 8, w: 7, c: 6, m: 9, k: 3, stride: 1, pad: 1 };
    for (const activation of ['relu', 'sigmoid', 'relu6', 'leakyrelu', 'elu']) {
      const found = await differenceFromPlain(inputs(a), (x, filter, bias) =>
        kernel('FusedConv2D', { x, filter, bias }, {
          ...{ strides: 1, pad: 1, dataFormat: 'NHWC', dilations: 1, activation, leakyreluAlpha: 0.1 },
        }),
      ); // prettier-ignore
      expect(found, activation).toBeLessThan(3e-6);
    }
  });
});

describe('Matrix products on cpu-simd', () => {
  beforeAll(() => useCpuSimd());

  it('equal plain JavaScript for every transposition, batch and odd size', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    const shape = fc.record({
      m: size,
      n: size,
      k: size,
      items: fc.integer({ min: 1, max: 5 }),
      ta: fc.boolean(),
      tb: fc.boolean(),
      shared: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ m, n, k, items, ta, tb, shared }) => {
        const a = normal([items, ...(ta ? [k, m] : [m, k])], 'a');
        const b = normal([shared ? 1 : items, ...(tb ? [n, k] : [k, n])], 'b');
        const found = await differenceFromPlain([a, b, normal([n], 'bias')], (x, y, bias) => [
          ...kernel('BatchMatMul', { a: x, b: y }, { transposeA: ta, transposeB: tb }),
          ...kernel('_FusedMatMul', { a: x, b: y, bias }, { transposeA: ta, transposeB: tb, activation: 'relu' }),
        ]);
        expect(found).toBeLessThan(3e-6);
      }),
      { numRuns: 60, seed: 5 },
    ); // prettier-ignore
  });

  it('equal plain JavaScript for the long sums of a gradient', async () => {
    const found = await differenceFromPlain([normal([5000, 12], 'a'), normal([5000, 20], 'b')], (a, b) =>
      kernel('BatchMatMul', { a: tf.reshape(a, [1, 5000, 12]), b: tf.reshape(b, [1, 5000, 20]) }, { transposeA: true }),
    );
    expect(found).toBeLessThan(2e-5);
  });
});
