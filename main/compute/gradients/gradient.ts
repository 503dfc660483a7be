import * as tf from '@tensorflow/tfjs-core';

/** The gradient of a stock kernel: what to keep of its inputs and outputs, and a function for each input. */
export interface Gradient {
  kernelName: string;
  inputsToSave?: string[];
  outputsToSave?: boolean[];
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[], attributes: tf.NamedAttrMap) => Record<string, () => tf.Tensor>;
}

/** Undoes broadcasting: sums a gradient over the axes along which an operand of that shape was repeated. */
export function sumToShape(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  // Always another tensor than dy: the tape disposes what it accumulates.
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}
