import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';

/** dy of a reduction with its reduced axes put back as ones, ready to be broadcast over x. */
function withAxes(dy: tf.Tensor, shape: number[], axis: number | number[] | undefined): tf.Tensor {
  return tf.reshape(dy, tf.backend_util.expandShapeToKeepDim(dy.shape, reducedAxes(shape, axis)));
}

function reducedAxes(shape: number[], axis: number | number[] | undefined): number[] {
  return tf.util.parseAxisParam(axis as number[], shape);
}

/** Operations that make many numbers one, and those built around one. */
export const reductions: Gradient[] = [
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { axis } = attributes as unknown as tf.SumAttrs;
      return { x: () => tf.broadcastTo(withoutKept(dy, x!.shape, axis), x!.shape) };
    },
  },
  {
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { axis } = attributes as unknown as tf.MeanAttrs;
      const count = reducedAxes(x!.shape, axis).reduce((product, i) => product * x!.shape[i]!, 1);
      return { x: () => tf.broadcastTo(tf.div(withoutKept(dy, x!.shape, axis), count), x!.shape) };
    },
  },
  {
    // Equal maxima share the gradient as TensorFlow shares it: each receives all of it.
    kernelName: 'Max',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attributes) => {
      const { reductionIndices } = attributes as unknown as tf.MaxAttrs;
      const spread = (values: tf.Tensor): tf.Tensor => withoutKept(values, x!.shape, reductionIndices);
      return { x: () => tf.mul(spread(dy), tf.cast(tf.equal(x!, spread(y!)), 'float32')) };
    },
  },
  {
    // ds = p∘(dy − Σ dy∘p)
    kernelName: 'Softmax',
    outputsToSave: [true],
    gradFunc: (dy, [p], attributes) => {
      const { dim } = attributes as unknown as tf.SoftmaxAttrs;
      return { logits: () => tf.mul(p!, tf.sub(dy, tf.sum(tf.mul(dy, p!), dim, true))) };
    },
  },
];

/** The same whether or not the reduction kept its axes. */
function withoutKept(dy: tf.Tensor, shape: number[], axis: number | number[] | undefined): tf.Tensor {
  return dy.rank === shape.length ? dy : withAxes(dy, shape, axis);
}
