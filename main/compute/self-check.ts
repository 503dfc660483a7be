import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../domain/errors.ts';
import { conv2d } from './ops/conv2d.ts';
import type { Tensor } from './tensors.ts';
import { readTensor } from './tensors.ts';

/**
 * Runs a real convolution and its gradients on the active backend and compares every number with loops written out below. A driver that computes
 * nonsense is worse than none. The values are small whole numbers, so that reduced precision (TF32) is exact too.
 * @throws IsochromatError `backend-wrong-numbers`
 */
export async function checkConvolution(): Promise<void> {
  for (const stride of [1, 2] as const) {
    const x = wholeNumbers([2, 6, 6, 3], 1);
    const kernel = wholeNumbers([3, 3, 3, 5], 2);
    const bias = wholeNumbers([5], 3);
    const weights = wholeNumbers([2, 6 / stride, 6 / stride, 5], 4);
    const expected = convolutionByHand(x, kernel, bias, weights, stride);

    const inputs = [x, kernel, bias].map(({ values, shape }) => tf.tensor(values, shape, 'float32'));
    const upstream = tf.tensor(weights.values, weights.shape, 'float32');
    const operation = (...[x, kernel, bias]: Tensor[]): Tensor => conv2d(x!, kernel!, bias!, { stride });
    const output = operation(...inputs);
    const gradients = tf.grads(operation)(inputs, upstream);
    const found = await Promise.all([output, ...gradients].map(readTensor));
    tf.dispose([inputs, upstream, output, gradients]);
    found.forEach((values, i) => compare(values, expected[i]!, ['output', 'input', 'kernel', 'bias'][i]!, stride));
  }
}

interface Numbers {
  shape: number[];
  values: Float32Array;
}

/** Whole numbers from −3 to 3 without an obvious pattern. */
function wholeNumbers(shape: number[], seed: number): Numbers {
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    shape,
    values: Float32Array.from({ length: size }, (_, i) => ((i * 37 + seed * 101 + ((i * i) % 11)) % 7) - 3),
  };
}

/** Output, and the gradients of Σ weights·output with respect to x, kernel and bias. */
function convolutionByHand(
  x: Numbers,
  kernel: Numbers,
  bias: Numbers,
  weights: Numbers,
  stride: number,
): Float32Array[] {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const filters = bias.shape[0]!;
  const [, outRows, outColumns] = weights.shape as [number, number, number];
  const output = new Float32Array(weights.values.length);
  const [dx, dKernel, dBias] = [x, kernel, bias].map(({ values }) => new Float32Array(values.length)) as Float32Array[];
  for (let o = 0; o < output.length; o++) {
    const f = o % filters;
    const column = Math.floor(o / filters) % outColumns;
    const row = Math.floor(o / (filters * outColumns)) % outRows;
    const n = Math.floor(o / (filters * outColumns * outRows));
    const weight = weights.values[o]!;
    output[o] = bias.values[f]!;
    dBias![f]! += weight;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const r = row * stride + i - 1;
        const c = column * stride + j - 1;
        if (n >= batch || r < 0 || r >= rows || c < 0 || c >= columns) continue;
        for (let channel = 0; channel < channels; channel++) {
          const at = ((n * rows + r) * columns + c) * channels + channel;
          const k = ((i * 3 + j) * channels + channel) * filters + f;
          output[o]! += x.values[at]! * kernel.values[k]!;
          dx![at]! += weight * kernel.values[k]!;
          dKernel![k]! += weight * x.values[at]!;
        }
      }
    }
  }
  return [output, dx!, dKernel!, dBias!];
}

function compare(found: Float32Array, expected: Float32Array, what: string, stride: number): void {
  const wrong = expected.findIndex((value, i) => !(Math.abs(found[i]! - value) <= 1e-3));
  if (found.length === expected.length && wrong < 0) return;
  throw new IsochromatError({
    code: 'backend-wrong-numbers',
    sentence: `A convolution at stride ${stride} gave wrong numbers (${what === 'output' ? 'its output' : `the gradient of its ${what}`}).`,
    expected: `${expected[wrong]} at position ${wrong}`,
    found: String(found[wrong]),
    remedy: 'A newer graphics driver may help; another backend can be chosen with --backend.',
  });
}
