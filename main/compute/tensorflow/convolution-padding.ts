import * as tf from '@tensorflow/tfjs-core';

/**
 * Teaches tfjs-node's convolutions, which know only `same` and `valid`, to pad by a number. At stride 1 one pixel around a 3×3 kernel is `same`;
 * otherwise the image is padded first, and its gradient cut.
 */
export function registerNumericPadding(): void {
  for (const kernelName of ['Conv2D', 'FusedConv2D']) {
    wrap(kernelName, (run, { inputs, attrs }) => {
      const { x, filter } = inputs as { x: tf.Tensor4D; filter: tf.Tensor4D };
      if (isSame(filter.shape, attrs)) return run({ inputs, attrs: { ...attrs, pad: 'same' } });
      return tf.tidy(
        () => run({ inputs: { ...inputs, x: padded(x, attrs) }, attrs: { ...attrs, pad: 'valid' } }) as tf.Tensor,
      );
    });
  }
  wrap('Conv2DBackpropFilter', (run, { inputs, attrs }) => {
    const { x } = inputs as { x: tf.Tensor4D };
    if (isSame(attrs['filterShape'] as number[], attrs)) return run({ inputs, attrs: { ...attrs, pad: 'same' } });
    return tf.tidy(
      () => run({ inputs: { ...inputs, x: padded(x, attrs) }, attrs: { ...attrs, pad: 'valid' } }) as tf.Tensor,
    );
  });
  wrap('Conv2DBackpropInput', (run, { inputs, attrs }) => {
    const { filter } = inputs as { filter: tf.Tensor4D };
    if (isSame(filter.shape, attrs)) return run({ inputs, attrs: { ...attrs, pad: 'same' } });
    const inputShape = attrs['inputShape'] as [number, number, number, number];
    const [batch, rows, columns, channels] = inputShape;
    const pad = attrs['pad'] as number;
    const paddedShape = [batch, rows + 2 * pad, columns + 2 * pad, channels];
    return tf.tidy(() => {
      const whole = run({ inputs, attrs: { ...attrs, inputShape: paddedShape, pad: 'valid' } }) as tf.Tensor4D;
      return tf.slice(whole, [0, pad, pad, 0], inputShape);
    });
  });
}

interface Call {
  inputs: tf.NamedTensorInfoMap;
  attrs: tf.NamedAttrMap;
}
type Run = (call: Call) => tf.TensorInfo | tf.TensorInfo[];

/** Puts `adapt` before a kernel for calls with a number as padding; zero is `valid` already. */
function wrap(kernelName: string, adapt: (run: Run, call: Call) => tf.TensorInfo | tf.TensorInfo[]): void {
  const original = tf.getKernel(kernelName, 'tensorflow').kernelFunc;
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs = {}, backend }) => {
      const run: Run = (call) => original({ ...call, backend });
      const pad = attrs['pad'];
      return typeof pad === 'number' && pad > 0 ? adapt(run, { inputs, attrs }) : run({ inputs, attrs });
    },
  });
}

function isSame(filterShape: readonly number[], { strides, pad }: tf.NamedAttrMap): boolean {
  const unit = Array.isArray(strides) ? (strides as number[]).every((stride) => stride === 1) : strides === 1;
  return unit && filterShape[0] === 2 * (pad as number) + 1 && filterShape[1] === filterShape[0];
}

function padded(x: tf.Tensor4D, { pad }: tf.NamedAttrMap): tf.Tensor4D {
  const edge: [number, number] = [pad as number, pad as number];
  return tf.pad(x, [[0, 0], edge, edge, [0, 0]]); // prettier-ignore
}
