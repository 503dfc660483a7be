import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';
import { sumToShape } from './gradient.ts';

type Derivative = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/** dx = dy·f′, with f′ from the input. */
function ofInput(kernelName: string, derivative: Derivative): Gradient {
  return { kernelName, inputsToSave: ['x'], gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy, derivative(x!, x!)) }) };
}

/** dx = dy·f′, with f′ from the output, where that is cheaper. */
function ofOutput(kernelName: string, derivative: (y: tf.Tensor) => tf.Tensor): Gradient {
  return { kernelName, outputsToSave: [true], gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy, derivative(y!)) }) };
}

/** z = f(a, b) with broadcasting; each gradient is summed back to its operand's shape. */
function binary(
  kernelName: string,
  derivatives: Record<'a' | 'b', (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor>,
): Gradient {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      return {
        a: () => sumToShape(derivatives.a(dy, a, b), a.shape),
        b: () => sumToShape(derivatives.b(dy, a, b), b.shape),
      };
    },
  };
}

const whereTrue = (dy: tf.Tensor, condition: tf.Tensor): tf.Tensor => tf.mul(dy, tf.cast(condition, 'float32'));

/** Operations that treat every number alike. At a kink the derivative is zero (|x|, relu) or goes to the first operand (maximum). */
export const elementwise: Gradient[] = [
  binary('Add', { a: (dy) => dy, b: (dy) => dy }),
  binary('Sub', { a: (dy) => dy, b: (dy) => tf.neg(dy) }),
  binary('Multiply', { a: (dy, _, b) => tf.mul(dy, b), b: (dy, a) => tf.mul(dy, a) }),
  binary('RealDiv', {
    a: (dy, _, b) => tf.div(dy, b),
    b: (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  }),
  binary('SquaredDifference', {
    a: (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    b: (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2)),
  }),
  binary('Maximum', {
    a: (dy, a, b) => whereTrue(dy, tf.greaterEqual(a, b)),
    b: (dy, a, b) => whereTrue(dy, tf.less(a, b)),
  }),
  binary('Minimum', {
    a: (dy, a, b) => whereTrue(dy, tf.lessEqual(a, b)),
    b: (dy, a, b) => whereTrue(dy, tf.greater(a, b)),
  }),
  { kernelName: 'Neg', gradFunc: (dy) => ({ x: () => tf.neg(dy) }) },
  { kernelName: 'Identity', gradFunc: (dy) => ({ x: () => tf.cast(dy, 'float32') }) },
  { kernelName: 'Cast', gradFunc: (dy) => ({ x: () => tf.clone(dy) }) },
  ofInput('Square', (x) => tf.mul(x, 2)),
  ofInput('Abs', (x) => tf.sign(x)),
  ofInput('Relu', (x) => tf.step(x)),
  ofInput('Log', (x) => tf.reciprocal(x)),
  ofInput('Log1p', (x) => tf.reciprocal(tf.add(x, 1))),
  ofInput('Reciprocal', (x) => tf.neg(tf.reciprocal(tf.square(x)))),
  ofInput('Softplus', (x) => tf.sigmoid(x)),
  ofInput('Sin', (x) => tf.cos(x)),
  ofInput('Cos', (x) => tf.neg(tf.sin(x))),
  ofOutput('Exp', (y) => y),
  ofOutput('Sqrt', (y) => tf.div(0.5, y)),
  ofOutput('Rsqrt', (y) => tf.mul(tf.mul(tf.square(y), y), -0.5)),
  ofOutput('Sigmoid', (y) => tf.mul(y, tf.sub(1, y))),
  ofOutput('Tanh', (y) => tf.sub(1, tf.square(y))),
  {
    kernelName: 'ClipByValue',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { clipValueMin, clipValueMax } = attributes as unknown as tf.ClipByValueAttrs;
      const inside = (x: tf.Tensor): tf.Tensor =>
        tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax));
      return { x: () => whereTrue(dy, inside(x!)) };
    },
  },
  {
    kernelName: 'Select',
    inputsToSave: ['condition'],
    gradFunc: (dy, [condition]) => ({
      condition: () => tf.cast(tf.zerosLike(condition!), 'float32'),
      t: () => whereTrue(dy, condition!),
      e: () => whereTrue(dy, tf.logicalNot(condition!)),
    }),
  },
];
