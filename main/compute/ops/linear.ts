import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../tensors.ts';
import { bindAxes, misfit } from './axes.ts';
import { differentiable } from './differentiable.ts';

/**
 * y = x·W + b over the last axis.
 * @param x `[…, inputs]`
 * @param weight `[inputs, outputs]`
 * @param bias `[outputs]`, or null for none
 * @returns `[…, outputs]`
 * @throws IsochromatError `tensor-shape`
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return flattened(x, weight, bias, (rows) => affine(bias === null ? [rows, weight] : [rows, weight, bias], {}));
}

/** The same from stock operations and their own gradients. */
export function linearReference(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return flattened(x, weight, bias, (rows) => {
    const y = tf.matMul(rows, weight);
    return bias === null ? y : tf.add(y, bias);
  });
}

function flattened(x: Tensor, weight: Tensor, bias: Tensor | null, apply: (rows: Tensor) => Tensor): Tensor {
  const inputs = x.shape.at(-1);
  const { outputs } = bindAxes('linear', {
    weight: [weight, 'inputs outputs'],
    ...(bias === null ? {} : { bias: [bias, 'outputs'] as const }),
  });
  if (inputs !== weight.shape[0] || x.dtype !== 'float32') {
    throw misfit(
      'linear',
      `float32 x with a last axis of ${weight.shape[0]}, as weight`,
      `x = [${x.shape.join(', ')}]`,
    );
  }
  if (x.rank === 2) return apply(x);
  return tf.reshape(apply(tf.reshape(x, [-1, inputs])), [...x.shape.slice(0, -1), outputs!]);
}

/**
 * The stock gradient multiplies by transposed operands, for which WebAssembly's matrix product has only a slow path; transposing first
 * costs a pass over a small matrix.
 */
const affine = differentiable<object>({
  forward: ([x, weight, bias]) => {
    const y = tf.matMul(x!, weight!);
    return [bias === undefined ? y : tf.add(y, bias)];
  },
  gradient: (dy, [x, weight, bias]) => {
    const gradients = [() => tf.matMul(dy, tf.transpose(weight!)), () => tf.matMul(tf.transpose(x!), dy)];
    return bias === undefined ? gradients : [...gradients, () => tf.sum(dy, 0)];
  },
});
