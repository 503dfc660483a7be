import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '../tensors.ts';
import { assertDivisible, bindAxes } from './axes.ts';
import { differentiable } from './differentiable.ts';
import { type FusedInputs, fusedOrComposed } from './fused.ts';

/**
 * softmax(q·kᵀ/√d)·v, each head on its share d of the channels (Vaswani 2017, Eq. 1).
 * @param q `[batch, tokens, channels]`
 * @param k `[batch, keys, channels]`
 * @param v `[batch, keys, channels]`
 * @param heads divides the channels
 * @returns `[batch, tokens, channels]`
 * @throws IsochromatError `tensor-shape`
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, heads = 1): Tensor3D {
  validate(q, k, v, heads);
  return attentionOperation([q, k, v], { heads }) as Tensor3D;
}

/** The same from stock operations and their own gradients. */
export function attentionReference(q: Tensor, k: Tensor, v: Tensor, heads = 1): Tensor3D {
  validate(q, k, v, heads);
  return merge(tf.matMul(probabilitiesOf(split(q, heads), split(k, heads)), split(v, heads))) as Tensor3D;
}

function validate(q: Tensor, k: Tensor, v: Tensor, heads: number): void {
  const { channels } = bindAxes('attention', {
    q: [q, 'batch tokens channels'],
    k: [k, 'batch keys channels'],
    v: [v, 'batch keys channels'],
  });
  assertDivisible('attention', 'channels', channels!, heads, 'heads');
}

const attentionOperation = differentiable<{ heads: number }>({
  forward: (inputs, { heads }) => {
    const [q, k, v] = inputs.map((input) => split(input, heads)) as [Tensor, Tensor, Tensor];
    const [y, probabilities] = fusedOrComposed('Attention', { q, k, v }, {}, composed);
    return [merge(y!), probabilities!];
  },
  gradient: (dy, inputs, [probabilities], { heads }) => {
    const [q, k, v] = inputs.map((input) => split(input, heads)) as [Tensor, Tensor, Tensor];
    const operands = { dy: split(dy, heads), q, k, v, probabilities: probabilities! };
    return fusedOrComposed('AttentionGrad', operands, {}, composedGradient).map((gradient) => () => merge(gradient));
  },
});

/** Keeps no probabilities: they are `[…, tokens, keys]` and quick to compute again. */
function composed({ q, k, v }: FusedInputs<'Attention'>): Tensor[] {
  return [tf.matMul(probabilitiesOf(q, k), v), tf.zeros([0])];
}

/** dv = Pᵀ·dy, dS = P∘(dP − Σ dP∘P) with dP = dy·vᵀ, dq = dS·k/√d, dk = dSᵀ·q/√d. */
function composedGradient({ dy, q, k, v }: FusedInputs<'AttentionGrad'>): Tensor[] {
  const probabilities = probabilitiesOf(q, k);
  const dProbabilities = tf.matMul(dy, transposed(v));
  const inner = tf.sum(tf.mul(dProbabilities, probabilities), -1, true);
  const dScores = tf.mul(tf.mul(probabilities, tf.sub(dProbabilities, inner)), factor(q));
  return [tf.matMul(dScores, k), tf.matMul(transposed(dScores), q), tf.matMul(transposed(probabilities), dy)];
}

/** softmax(q·kᵀ/√d): `[batch, heads, tokens, keys]`. The smaller operand is scaled. */
function probabilitiesOf(q: Tensor, k: Tensor): Tensor {
  return tf.softmax(tf.matMul(tf.mul(q, factor(q)), transposed(k)));
}

function factor(q: Tensor): number {
  return 1 / Math.sqrt(q.shape.at(-1)!);
}

/** `[batch, tokens, channels]` → `[batch, heads, tokens, channels / heads]`. */
function split(x: Tensor, heads: number): Tensor {
  const [batch, tokens, channels] = x.shape as [number, number, number];
  if (heads === 1) return tf.reshape(x, [batch, 1, tokens, channels]);
  return tf.transpose(tf.reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
}

function merge(x: Tensor): Tensor {
  const [batch, heads, tokens, width] = x.shape as [number, number, number, number];
  const inOrder = heads === 1 ? x : tf.transpose(x, [0, 2, 1, 3]);
  return tf.reshape(inOrder, [batch, tokens, heads * width]);
}

/** Swaps the last two axes. Products of transposed operands are slow in WebAssembly, so the operand itself is. */
function transposed(x: Tensor): Tensor {
  return tf.transpose(x, [0, 1, 3, 2]);
}
