import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../tensors.ts';
import type { FusedAttributes, FusedInputs } from './fused.ts';
import { siluGradient, siluReference } from './silu.ts';

/**
 * Group norm, FiLM and SiLU for backends without a kernel of their own, in few passes over the image. For a sample and a
 * channel, norm and FiLM are one affine map, y = a·x + b, with
 *   a = γ·r·(1 + scale),   b = (β − mean·r·γ)·(1 + scale) + shift,   r = 1/√(variance + ε).
 * Everything but the images is `[batch, channels]`.
 * @returns y and the statistics `[batch, groups, 2]` = mean, r
 */
export function normalise(inputs: FusedInputs<'GroupNormFilmSilu'>, attributes: Attributes): Tensor[] {
  const { x } = inputs;
  const { groups, epsilon, activation } = attributes;
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const pixels = tf.reshape(x, [batch, rows * columns, channels]);

  const mean = groupMean(tf.sum(pixels, 1), x, groups);
  // A second pass: E[x²] − mean² would lose the variance of an image far from zero.
  const centre = tf.reshape(spread(mean, channels), [batch, 1, channels]);
  const variance = groupMean(tf.sum(tf.squaredDifference(pixels, centre), 1), x, groups);
  const statistics = tf.stack([mean, tf.rsqrt(tf.add(variance, epsilon))], 2);

  const { a, b } = affineMap(inputs, statistics);
  const y = tf.add(tf.mul(x, asImage(a)), asImage(b));
  return [activation === 'silu' ? siluReference(y) : y, statistics];
}

/**
 * With dz the gradient before SiLU, A = Σ dz and X = Σ dz·x̂ over the pixels, x̂ = (x − mean)·r, g = γ·(1 + scale):
 *   dγ = Σ_batch (1 + scale)·X,   dβ = Σ_batch (1 + scale)·A,   dscale = γ·X + β·A,   dshift = A,
 *   dx = a·dz − r·mean_group(g·A) − x̂·r·mean_group(g·X).
 * @returns the gradients of x, γ, β and, with FiLM, of scale and shift
 */
export function normaliseGradient(inputs: FusedInputs<'GroupNormFilmSiluGrad'>, attributes: Attributes): Tensor[] {
  const { dy, x, gamma, beta, scale, statistics } = inputs;
  const { groups, activation } = attributes;
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const { a, b, g, r, mean, film } = affineMap(inputs, statistics);

  const dz = activation === 'silu' ? siluGradient(dy, tf.add(tf.mul(x, asImage(a)), asImage(b))) : dy;
  const overPixels = (image: Tensor): Tensor => tf.sum(tf.reshape(image, [batch, rows * columns, channels]), 1);
  const A = overPixels(dz);
  const X = tf.mul(r, tf.sub(overPixels(tf.mul(dz, x)), tf.mul(mean, A)));

  // dx = a·dz + slope·x + offset, the last two constant over a group.
  const slope = tf.neg(tf.mul(tf.square(r), spread(groupMean(tf.mul(g, X), x, groups), channels)));
  const constant = tf.mul(r, spread(groupMean(tf.mul(g, A), x, groups), channels));
  const offset = tf.neg(tf.add(constant, tf.mul(mean, slope)));
  const dx = tf.add(tf.mul(dz, asImage(a)), tf.add(tf.mul(x, asImage(slope)), asImage(offset)));

  const dGamma = tf.sum(film === null ? X : tf.mul(film, X), 0);
  const dBeta = tf.sum(film === null ? A : tf.mul(film, A), 0);
  if (scale === undefined) return [dx, dGamma, dBeta];
  return [dx, dGamma, dBeta, tf.add(tf.mul(gamma, X), tf.mul(beta, A)), A];
}

type Attributes = FusedAttributes<'GroupNormFilmSilu'>;

/** a and b as above; `mean` and `r` for every channel, `film` = 1 + scale, `g` = γ·film. */
function affineMap(inputs: FusedInputs<'GroupNormFilmSilu'>, statistics: Tensor) {
  const { x, gamma, beta, scale, shift } = inputs;
  const [mean, r] = tf.unstack(statistics, 2).map((values) => spread(values, x.shape[3]!)) as [Tensor, Tensor];
  const film = scale === undefined ? null : tf.add(scale, 1);
  const g = film === null ? gamma : tf.mul(film, gamma);
  const a = tf.mul(r, g);
  const constant = film === null ? beta : tf.add(tf.mul(film, beta), shift!);
  return { mean, r, film, g, a, b: tf.sub(constant, tf.mul(mean, a)) };
}

/** Sums per channel `[batch, channels]` → means per group `[batch, groups]` over the pixels and channels of x. */
function groupMean(sums: Tensor, x: Tensor, groups: number): Tensor {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const perGroup = tf.sum(tf.reshape(sums, [batch, groups, channels / groups]), 2);
  return tf.div(perGroup, (rows * columns * channels) / groups);
}

/** `[batch, groups]` → `[batch, channels]`. */
function spread(perGroup: Tensor, channels: number): Tensor {
  const [batch, groups] = perGroup.shape as [number, number];
  return tf.reshape(tf.tile(tf.reshape(perGroup, [batch, groups, 1]), [1, 1, channels / groups]), [batch, channels]);
}

/** `[batch, channels]` → `[batch, 1, 1, channels]`. */
function asImage(perChannel: Tensor): Tensor {
  const [batch, channels] = perChannel.shape as [number, number];
  return tf.reshape(perChannel, [batch, 1, 1, channels]);
}
