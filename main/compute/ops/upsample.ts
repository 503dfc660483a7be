import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '../tensors.ts';
import { bindAxes } from './axes.ts';
import { differentiable } from './differentiable.ts';
import { fusedOrComposed } from './fused.ts';

/**
 * Every pixel becomes 2×2 of itself.
 * @param x `[batch, rows, columns, channels]`
 * @returns `[batch, 2·rows, 2·columns, channels]`
 * @throws IsochromatError `tensor-shape`
 */
export function upsampleNearest2(x: Tensor): Tensor4D {
  bindAxes('upsampleNearest2', { x: [x, 'batch rows columns channels'] });
  return upsampleOperation([x], {}) as Tensor4D;
}

/**
 * The same from stock operations and their own gradients: columns doubled, then rows. (The gradient of TensorFlow.js' own
 * `resizeNearestNeighbor` is wrong on its plain JavaScript backend.)
 */
export function upsampleNearest2Reference(x: Tensor): Tensor4D {
  bindAxes('upsampleNearest2', { x: [x, 'batch rows columns channels'] });
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const wide = tf.tile(tf.reshape(x, [batch * rows * columns, 1, channels]), [1, 2, 1]);
  const tall = tf.tile(tf.reshape(wide, [batch * rows, 1, 2 * columns * channels]), [1, 2, 1]);
  return tf.reshape(tall, [batch, 2 * rows, 2 * columns, channels]);
}

const upsampleOperation = differentiable<object>({
  forward: ([x]) => fusedOrComposed('UpsampleNearest2', { x: x! }, {}, ({ x }) => [resize(x)]),
  // A pixel's gradient is the sum over its four copies; only the shape of x would be needed.
  gradient: (dy) => [() => fusedOrComposed('UpsampleNearest2Grad', { dy }, {}, ({ dy }) => [sumOfFour(dy)])[0]!],
});

function resize(x: Tensor): Tensor {
  const [, rows, columns] = x.shape as [number, number, number, number];
  return tf.image.resizeNearestNeighbor(x as Tensor4D, [2 * rows, 2 * columns]);
}

function sumOfFour(dy: Tensor): Tensor {
  return tf.mul(tf.avgPool(dy as Tensor4D, 2, 2, 'valid'), 4);
}
