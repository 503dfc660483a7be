import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';

/** Matrix products, convolution, pooling, resizing. */
export const products: Gradient[] = [
  {
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const { transposeA, transposeB } = attributes as unknown as tf.BatchMatMulAttrs;
      return {
        a: () => (transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB)),
        b: () => (transposeB ? product(dy, a, true, transposeA) : product(a, dy, !transposeA, false)),
      };
    },
  },
  {
    kernelName: 'Conv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) => {
      const [x, filter] = saved as [tf.Tensor, tf.Tensor];
      const { strides, pad, dataFormat, dimRoundingMode } = attributes as unknown as tf.Conv2DAttrs;
      const shared = { strides, pad, dataFormat, dimRoundingMode };
      return {
        x: () => run('Conv2DBackpropInput', { dy, filter }, { ...shared, inputShape: x.shape }),
        filter: () => run('Conv2DBackpropFilter', { x, dy }, { ...shared, filterShape: filter.shape }),
      };
    },
  },
  {
    kernelName: 'AvgPool',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({ x: () => run('AvgPoolGrad', { dy, input: x! }, attributes) }),
  },
  {
    kernelName: 'MaxPool',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attributes) => ({
      x: () => run('MaxPoolGrad', { dy, input: x!, output: y! }, attributes),
    }),
  },
  {
    kernelName: 'ResizeNearestNeighbor',
    inputsToSave: ['images'],
    gradFunc: (dy, [images], attributes) => ({
      images: () => run('ResizeNearestNeighborGrad', { images: images!, dy }, attributes),
    }),
  },
  {
    kernelName: 'ResizeBilinear',
    inputsToSave: ['images'],
    gradFunc: (dy, [images], attributes) => ({
      images: () => run('ResizeBilinearGrad', { images: images!, dy }, attributes),
    }),
  },
];

/** A product of untransposed operands: WebAssembly has a slow path only for transposed ones, and a transposition is cheap beside a product. */
function product(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  const swap = (x: tf.Tensor): tf.Tensor => {
    const axes = x.shape.map((_, i) => i);
    return tf.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
  };
  return tf.matMul(transposeA ? swap(a) : a, transposeB ? swap(b) : b);
}

function run(name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;
}
