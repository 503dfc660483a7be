import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../tensors.ts';
import { differentiable } from './differentiable.ts';
import { fusedOrComposed } from './fused.ts';

/** silu(x) = x·σ(x) (Hendrycks & Gimpel 2016), of any shape. */
export function silu<T extends Tensor>(x: T): T {
  return siluOperation([x], {}) as T;
}

/** The same from stock operations and their own gradients. */
export function siluReference<T extends Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(x));
}

/** silu′(x) = σ·(1 + x·(1 − σ)), times the output's gradient. */
export function siluGradient(dy: Tensor, x: Tensor): Tensor {
  return tf.tidy(() => {
    const s = tf.sigmoid(x);
    return tf.mul(dy, tf.mul(s, tf.add(tf.mul(x, tf.sub(1, s)), 1)));
  });
}

const siluOperation = differentiable<object>({
  forward: ([x]) => fusedOrComposed('Silu', { x: x! }, {}, ({ x }) => [siluReference(x)]),
  gradient: (dy, [x]) => [
    () => fusedOrComposed('SiluGrad', { dy, x: x! }, {}, ({ dy, x }) => [siluGradient(dy, x)])[0]!,
  ],
});
