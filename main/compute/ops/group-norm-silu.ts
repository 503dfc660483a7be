import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '../tensors.ts';
import { assertDivisible, bindAxes, misfit } from './axes.ts';
import { differentiable } from './differentiable.ts';
import { type FusedAttributes, fusedOrComposed } from './fused.ts';
import { normalise, normaliseGradient } from './group-norm-composed.ts';

export interface GroupNormOptions {
  groups: number;
  /** Added to the variance. */
  epsilon?: number;
  /** FiLM (Perez 2018): one scale and one shift for every sample and channel, `[batch, channels]`. */
  film?: { scale: Tensor; shift: Tensor };
  /** Whether SiLU follows; true unless said otherwise. */
  silu?: boolean;
}

/**
 * silu( GN(x)·(1 + scale) + shift ), GN(x) = γ·(x − mean)/√(variance + ε) + β with mean and variance over the pixels and channels of a
 * group (Wu & He 2018), in as few passes over memory as the backend allows.
 * @param x `[batch, rows, columns, channels]`
 * @param gamma `[channels]`
 * @param beta `[channels]`
 * @returns the shape of x
 * @throws IsochromatError `tensor-shape`, also when the channels do not split into the groups
 */
export function groupNormSilu(x: Tensor, gamma: Tensor, beta: Tensor, options: GroupNormOptions): Tensor4D {
  const attributes = validated(x, gamma, beta, options);
  const { film } = options;
  const inputs = film === undefined ? [x, gamma, beta] : [x, gamma, beta, film.scale, film.shift];
  return groupNormOperation(inputs, attributes) as Tensor4D;
}

/** The same from stock operations and their own gradients. */
export function groupNormSiluReference(x: Tensor, gamma: Tensor, beta: Tensor, options: GroupNormOptions): Tensor4D {
  const { groups, epsilon, activation } = validated(x, gamma, beta, options);
  const [batch, rows, columns, channels] = x.shape as Tensor4D['shape'];
  const grouped = tf.reshape(x, [batch, rows * columns, groups, channels / groups]);
  const { mean, variance } = tf.moments(grouped, [1, 3], true);
  const standardised = tf.reshape(tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon))), x.shape);
  let y = tf.add(tf.mul(standardised, gamma), beta);
  if (options.film !== undefined) {
    const perChannel = [batch, 1, 1, channels];
    const scale = tf.reshape(options.film.scale, perChannel);
    y = tf.add(tf.mul(y, tf.add(scale, 1)), tf.reshape(options.film.shift, perChannel));
  }
  return (activation === 'silu' ? tf.mul(y, tf.sigmoid(y)) : y) as Tensor4D;
}

type GroupNormAttributes = FusedAttributes<'GroupNormFilmSilu'>;

function validated(x: Tensor, gamma: Tensor, beta: Tensor, options: GroupNormOptions): GroupNormAttributes {
  const { groups, epsilon = 1e-5, film, silu = true } = options;
  const { channels } = bindAxes('groupNormSilu', {
    x: [x, 'batch rows columns channels'],
    gamma: [gamma, 'channels'],
    beta: [beta, 'channels'],
    ...(film === undefined
      ? {}
      : { scale: [film.scale, 'batch channels'] as const, shift: [film.shift, 'batch channels'] as const }),
  });
  assertDivisible('groupNormSilu', 'channels', channels!, groups, 'groups');
  if (!(epsilon > 0)) throw misfit('groupNormSilu', 'epsilon above zero', String(epsilon));
  return { groups, epsilon, activation: silu ? 'silu' : 'none' };
}

const groupNormOperation = differentiable<GroupNormAttributes>({
  forward: (inputs, attributes) => fusedOrComposed('GroupNormFilmSilu', named(inputs), attributes, normalise),
  gradient: (dy, inputs, [statistics], attributes) => {
    const operands = { dy, ...named(inputs), statistics: statistics! };
    const gradients = fusedOrComposed('GroupNormFilmSiluGrad', operands, attributes, normaliseGradient);
    return gradients.map((gradient) => () => gradient);
  },
});

function named(inputs: readonly Tensor[]) {
  const [x, gamma, beta, scale, shift] = inputs as [Tensor, Tensor, Tensor, Tensor?, Tensor?];
  return { x, gamma, beta, ...(scale && shift ? { scale, shift } : {}) };
}
