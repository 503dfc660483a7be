import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../domain/random.ts';
import {
  binaryCrossEntropyMean,
  klDivergenceMean,
  meanAbsolutePlusGradientLoss,
  meanSquaredError,
  softmaxCrossEntropyMean,
} from './losses/index.ts';
import {
  attention,
  conv2d,
  embedding,
  groupNormSilu,
  linear,
  silu,
  squeezeExcitation,
  upsampleNearest2,
} from './ops/index.ts';
import { AdamW, ParameterSet, ones, scaledNormal, zeros } from './optimise/index.ts';
import type { Scalar, Tensor, Tensor4D } from './tensors.ts';
import { tensorFrom } from './tensors.ts';

/**
 * One training step of a small network that contains every operation and every loss: shows whether a backend has all that training needs.
 * @returns the loss
 */
export async function exerciseOperations(): Promise<number> {
  const parameters = new ParameterSet('exercise');
  const random = new Random('exercise');
  const x = tensorFrom(random.normals(2 * 8 * 8 * 2), [2, 8, 8, 2]);
  const targets = tensorFrom(Float32Array.of(0, 1, 1, 0), [2, 2]);
  const loss = (): Scalar => tf.tidy(() => everyLoss(network(parameters, x), x, targets));
  tf.dispose(loss());
  const optimiser = new AdamW(parameters.seal(), { emaDecay: 0.999 });
  const report = await optimiser.minimise(loss, 1e-3);
  optimiser.dispose();
  parameters.dispose();
  tf.dispose([x, targets]);
  return report.applied ? report.loss : Number.NaN;
}

function network(parameters: ParameterSet, x: Tensor): { image: Tensor; logits: Tensor } {
  const weight = (name: string, ...shape: number[]): Tensor => parameters.get(name, shape, scaledNormal(1));
  const bias = (name: string, length: number): Tensor => parameters.get(name, [length], zeros);
  const gain = (name: string, length: number): Tensor => parameters.get(name, [length], ones);

  const condition = silu(embedding(weight('table', 3, 4), [0, 2]));
  const [scale, shift] = tf.split(linear(condition, weight('film', 4, 16), bias('filmBias', 16)), 2, 1);
  let h: Tensor = conv2d(x, weight('first', 3, 3, 2, 8), bias('firstBias', 8));
  h = groupNormSilu(h, gain('gamma', 8), bias('beta', 8), { groups: 4, film: { scale: scale!, shift: shift! } });
  h = conv2d(h, weight('down', 3, 3, 8, 8), bias('downBias', 8), { stride: 2 });
  const tokens = tf.reshape(h, [2, 16, 8]);
  h = tf.add(h, tf.reshape(attention(tokens, tokens, tokens, 2), [2, 4, 4, 8]));
  h = squeezeExcitation(h, {
    reduce: weight('reduce', 8, 2),
    reduceBias: bias('reduceBias', 2),
    expand: weight('expand', 2, 8),
    expandBias: bias('expandBias', 8),
  });
  const pooled = tf.mean(h, [1, 2]);
  const logits = linear(pooled, weight('logits', 8, 2), bias('logitsBias', 2));
  const image = conv2d(tf.concat([upsampleNearest2(h), x], 3), weight('last', 1, 1, 10, 2), bias('lastBias', 2));
  return { image, logits };
}

function everyLoss({ image, logits }: { image: Tensor; logits: Tensor }, x: Tensor, targets: Tensor): Scalar {
  const losses = [
    meanAbsolutePlusGradientLoss(image, x as Tensor4D, 0.5),
    meanSquaredError(image, x),
    klDivergenceMean(image, tf.clipByValue(image, -2, 2)),
    binaryCrossEntropyMean(logits, targets),
    softmaxCrossEntropyMean(logits, targets),
  ];
  return losses.reduce((sum, loss) => tf.add(sum, loss));
}
