/**
 * The door to TensorFlow.js: the types that models speak in, and the two crossings between a tensor and an array.
 * Images are NHWC float32, `[batch, rows, columns, channels]`; complex images carry re, im as two channels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../domain/errors.ts';
import './library.ts';

export type Tensor = tf.Tensor;
export type Scalar = tf.Scalar;
export type Tensor1D = tf.Tensor1D;
export type Tensor2D = tf.Tensor2D;
export type Tensor3D = tf.Tensor3D;
export type Tensor4D = tf.Tensor4D;
export type Variable = tf.Variable;

/**
 * A float32 tensor with a copy of `data`, row-major.
 * @throws IsochromatError `tensor-shape` when the length does not fit the shape.
 */
export function tensorFrom(data: Float32Array, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  if (!shape.every((length) => Number.isInteger(length) && length >= 0) || size !== data.length) {
    throw new IsochromatError({
      code: 'tensor-shape',
      sentence: 'These numbers do not fill that tensor.',
      expected: `${size} numbers for the shape [${shape.join(', ')}]`,
      found: `${data.length} numbers`,
    });
  }
  return tf.tensor(data.slice(), [...shape], 'float32');
}

/** The tensor's values, row-major; waits for the device. The array is the caller's own. */
export async function readTensor(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

/** `read` one number from a scalar. */
export async function readScalar(scalar: Tensor): Promise<number> {
  return (await scalar.data())[0]!;
}
