import * as tf from '@tensorflow/tfjs-core';

/** Operations of a list of tensors; their gradients are named by position. */
export const listed: tf.GradConfig[] = [
  {
    kernelName: 'Concat',
    saveAllInputs: true,
    gradFunc: (dy, inputs, attributes) => {
      const { axis } = attributes as unknown as tf.ConcatAttrs;
      const along = tf.util.parseAxisParam(axis, inputs[0]!.shape)[0]!;
      let start = 0;
      const parts = inputs.map((input) => {
        const begin = input.shape.map((_, i) => (i === along ? start : 0));
        start += input.shape[along]!;
        return () => tf.slice(dy as tf.Tensor, begin, input.shape);
      });
      return Object.fromEntries(parts.entries());
    },
  },
  {
    kernelName: 'Pack',
    saveAllInputs: true,
    gradFunc: (dy, inputs, attributes) => {
      const { axis } = attributes as unknown as tf.PackAttrs;
      const part = (index: number, shape: number[]): tf.Tensor => {
        const whole = dy as tf.Tensor;
        const begin = whole.shape.map((_, i) => (i === axis ? index : 0));
        return tf.reshape(tf.slice(whole, begin, whole.shape.with(axis, 1)), shape);
      };
      return Object.fromEntries(inputs.map((input, i) => [i, () => part(i, input.shape)]));
    },
  },
  {
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, inputs) => Object.fromEntries(inputs.map((_, i) => [i, () => tf.clone(dy as tf.Tensor)])),
  },
];
