import * as tf from '@tensorflow/tfjs-core';
import { readTensor } from '../../../main/compute/tensors.ts';
import { startBackend } from './backend.ts';
import { readInputs } from './inputs.ts';
import { floats } from './task.ts';
import type { PrepareTask } from './task.ts';

const attributes = { strides: 1, pad: 1, dataFormat: 'NHWC', dilations: [1, 1] };

/** One 3×3 convolution, or both its gradients, by the kernels of a backend: what the ops of the models call. */
export const convolution: PrepareTask = async (input, settings) => {
  const started = await startBackend(settings);
  const { batch, size, channels, gradients } = settings as unknown as ConvolutionSettings;
  const inputs = await readInputs(input);
  const image: [number, number, number, number] = [batch, size, size, channels];
  const x = tf.tensor4d(inputs.floats('x'), image);
  const dy = tf.tensor4d(inputs.floats('dy'), image);
  const filter = tf.tensor4d(inputs.floats('kernel'), [3, 3, channels, channels]);
  const kernel = (name: string, tensors: tf.NamedTensorMap, more: object = {}): tf.Tensor =>
    tf.engine().runKernel(name, tensors, { ...attributes, ...more } as unknown as tf.NamedAttrMap) as tf.Tensor;
  const compute = (): Record<string, tf.Tensor> =>
    gradients
      ? {
          dx: kernel('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }),
          dW: kernel('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
        }
      : { y: kernel('Conv2D', { x, filter }) };
  return {
    ...started,
    answer: async () => {
      const results = Object.entries(compute());
      return Object.fromEntries(
        await Promise.all(results.map(async ([name, t]) => [name, floats(await readTensor(t))] as const)),
      );
    },
    run: async () => tf.dispose(compute()),
  };
};

export interface ConvolutionSettings {
  batch: number;
  size: number;
  channels: number;
  gradients: boolean;
}
