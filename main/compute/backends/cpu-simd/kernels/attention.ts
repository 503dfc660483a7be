import type { TensorInfo } from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../../../domain/errors.ts';
import type { CpuSimdBackend } from '../backend.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, sizeOf } from './kernel.ts';

const rounded = (n: number): number => Math.ceil(n / 16) * 16;

/** How many there are of what, and where it lies: heads beside each other in a token, tokens `strides` floats apart. */
export interface AttentionLayout {
  images: number;
  heads: number;
  tokens: number;
  keys: number;
  /** Of each head. */
  features: number;
  /** Features of v and y, of each head. */
  values: number;
  factor: number;
  strides: { q: number; k: number; v: number; y: number };
}

/** Byte addresses. */
interface Operands {
  q: number;
  k: number;
  v: number;
}

const rowBytes = ({ strides: { q, k, v, y } }: AttentionLayout): number[] => [q, k, v, y].map((stride) => 4 * stride);

/** y = softmax(factor·q kᵀ) v; the probabilities are kept at their address, or nowhere where it is 0. */
export function attend(
  backend: CpuSimdBackend,
  layout: AttentionLayout,
  { q, k, v }: Operands,
  y: number,
  probabilities: number,
): void {
  const { images, heads, tokens, keys, features, values, factor } = layout;
  const widest = Math.max(keys, values) + 8;
  const panels = Math.max(features * (keys + 8), keys * (values + 8));
  const own = probabilities === 0 ? rounded(tokens * keys) : 0;
  const perThread = 4 * (64 + rounded(widest) + rounded(2 * (tokens + 6)) + rounded(panels) + own + 64);
  const items = images * heads;
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const words = [q, k, v, y, probabilities, items, tokens, keys, features, values, 0, scratch, perThread, heads];
    const work = items * tokens * keys * (features + values);
    backend.run('attention', [...words, ...rowBytes(layout)], { 10: factor }, work);
  });
}

/** dq, dk and dv, laid out as q, k and v. */
export function attendBackwards(
  backend: CpuSimdBackend,
  layout: AttentionLayout,
  dy: number,
  { q, k, v }: Operands,
  probabilities: number,
  gradients: Operands,
): void {
  const { images, heads, tokens, keys, features, values, factor } = layout;
  const widest = Math.max(keys, values, features) + 8;
  const panels = (Math.max(values, keys) + 8) * (Math.max(features, keys) + 8);
  const perThread =
    4 * (64 + rounded(widest) + rounded(2 * (tokens + 6)) + rounded(panels) + rounded(tokens * keys) + 96);
  const items = images * heads;
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const addresses = [dy, q, k, v, probabilities, gradients.q, gradients.k, gradients.v];
    const words = [...addresses, items, tokens, keys, features, values, 0, scratch, perThread, heads];
    const work = 2 * items * tokens * keys * (features + values);
    backend.run('attentionGradient', [...words, ...rowBytes(layout)], { 13: factor }, work);
  });
}

/** Of dense tensors whose leading axes are all batches. */
function layoutOf(call: Call): AttentionLayout {
  const [q, k, v] = [input(call, 'q').shape, input(call, 'k').shape, input(call, 'v').shape];
  const [tokens, features] = q.slice(-2) as [number, number];
  const [keys, values] = v.slice(-2) as [number, number];
  const images = sizeOf(q.slice(0, -2));
  const fits =
    k.at(-2) === keys &&
    k.at(-1) === features &&
    sizeOf(k.slice(0, -2)) === images &&
    sizeOf(v.slice(0, -2)) === images;
  if (!fits) {
    throw new IsochromatError({
      code: 'attention-shape',
      sentence: 'The queries, keys and values of an attention do not fit together.',
      expected: 'q [.., tokens, d], k [.., keys, d], v [.., keys, e]',
      found: [q, k, v].map((shape) => `[${shape.join(', ')}]`).join(', '),
    });
  }
  const factor = attribute<number | undefined>(call, 'factor') ?? 1 / Math.sqrt(features);
  const strides = { q: features, k: features, v: values, y: values };
  return { images, heads: 1, tokens, keys, features, values, factor, strides };
}

function operandsOf(call: Call): Operands {
  const at = (name: string): number => call.backend.address(input(call, name));
  return { q: at('q'), k: at('k'), v: at('v') };
}

function attention(call: Call): TensorInfo[] {
  const { backend } = call;
  const layout = layoutOf(call);
  const leading = input(call, 'q').shape.slice(0, -1);
  const [y, probabilities] = [backend.output([...leading, layout.values]), backend.output([...leading, layout.keys])];
  attend(backend, layout, operandsOf(call), backend.address(y), backend.address(probabilities));
  return [y, probabilities];
}

function attentionGradient(call: Call): TensorInfo[] {
  const { backend } = call;
  const [dq, dk, dv] = ['q', 'k', 'v'].map((name) => backend.output(input(call, name).shape)) as [
    TensorInfo,
    TensorInfo,
    TensorInfo,
  ];
  const [dy, probabilities] = [backend.address(input(call, 'dy')), backend.address(input(call, 'probabilities'))];
  const gradients = { q: backend.address(dq), k: backend.address(dk), v: backend.address(dv) };
  attendBackwards(backend, layoutOf(call), dy, operandsOf(call), probabilities, gradients);
  return [dq, dk, dv];
}

export const attentionKernels: KernelDefinition[] = [
  { name: 'Attention', compute: attention },
  { name: 'AttentionGrad', compute: attentionGradient },
];
