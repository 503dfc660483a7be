import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '../tensors.ts';
import { bindAxes, misfit } from './axes.ts';
import { differentiable } from './differentiable.ts';

export interface Conv2dOptions {
  /** 1, or 2 to halve rows and columns. */
  stride?: 1 | 2;
}

/**
 * Two-dimensional convolution (cross-correlation, as every deep-learning library has it) with a 3×3 or 1×1 kernel. A 3×3 kernel sees one
 * pixel of zeros on every side, at stride 2 too: PyTorch's `padding=1`, unlike TensorFlow's `same`, which pads only right and below there.
 * @param x `[batch, rows, columns, channels]`
 * @param kernel `[3, 3, channels, filters]` or `[1, 1, channels, filters]`
 * @param bias `[filters]`, or null for none
 * @returns `[batch, ⌈rows/stride⌉, ⌈columns/stride⌉, filters]`
 * @throws IsochromatError `tensor-shape`
 */
export function conv2d(x: Tensor, kernel: Tensor, bias: Tensor | null = null, options: Conv2dOptions = {}): Tensor4D {
  const attributes = validated(x, kernel, bias, options);
  return convolve(bias === null ? [x, kernel] : [x, kernel, bias], attributes) as Tensor4D;
}

/** The same from stock operations and their own gradients. */
export function conv2dReference(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | null = null,
  options: Conv2dOptions = {},
): Tensor4D {
  const { stride, pad } = validated(x, kernel, bias, options);
  const edge: [number, number] = [pad, pad];
  const padded = tf.pad(x as Tensor4D, [[0, 0], edge, edge, [0, 0]]); // prettier-ignore
  const y = tf.conv2d(padded, kernel as Tensor4D, stride, 'valid');
  return bias === null ? y : tf.add(y, bias);
}

interface ConvolutionAttributes {
  stride: number;
  pad: number;
}

function validated(x: Tensor, kernel: Tensor, bias: Tensor | null, options: Conv2dOptions): ConvolutionAttributes {
  const { kernelRows, kernelColumns } = bindAxes('conv2d', {
    x: [x, 'batch rows columns channels'],
    kernel: [kernel, 'kernelRows kernelColumns channels filters'],
    ...(bias === null ? {} : { bias: [bias, 'filters'] as const }),
  });
  if (kernelRows !== kernelColumns || (kernelRows !== 1 && kernelRows !== 3)) {
    throw misfit('conv2d', 'a kernel of 3×3 or 1×1', `${kernelRows}×${kernelColumns}`);
  }
  return { stride: options.stride ?? 1, pad: kernelRows === 3 ? 1 : 0 };
}

const convolve = differentiable<ConvolutionAttributes>({
  forward: ([x, kernel, bias], { stride, pad }) => {
    const attributes = { strides: stride, pad, dataFormat: 'NHWC', dilations: [1, 1] };
    if (bias === undefined) return [run('Conv2D', { x: x!, filter: kernel! }, attributes)];
    return [
      run('FusedConv2D', { x: x!, filter: kernel!, bias }, { ...attributes, activation: 'linear', leakyreluAlpha: 0 }),
    ];
  },
  gradient: (dy, [x, kernel, bias], _outputs, { stride, pad }) => {
    const attributes = { strides: stride, pad, dataFormat: 'NHWC' };
    const gradients = [
      () => run('Conv2DBackpropInput', { dy, filter: kernel! }, { ...attributes, inputShape: x!.shape }),
      () => run('Conv2DBackpropFilter', { x: x!, dy }, { ...attributes, filterShape: kernel!.shape }),
    ];
    return bias === undefined ? gradients : [...gradients, () => tf.sum(dy, [0, 1, 2])];
  },
});

function run(name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;
}
