// Whole blocks of the networks as one kernel each, forward and backward. The kernels below are the same as those of the single operations; what is
// saved is TensorFlow.js: forty tensors, scopes and entries of its tape a block, which took longer than computing in small networks. What nobody
// will look at again is freed at once, and found again in the processor's cache by the next kernel.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { CpuSimdBackend } from '../backend.ts';
import { attend, attendBackwards } from './attention.ts';
import type { AttentionLayout } from './attention.ts';
import type { ConvolutionShape } from './convolution.ts';
import { convolveForward, filterGradient, inputGradient } from './convolution.ts';
import { addInto } from './elementwise.ts';
import { multiplyRows, outerRows } from './implicit-product.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, sizeOf } from './kernel.ts';
import { joinColumns, splitColumns } from './copies.ts';
import { normalise, normaliseBackwards } from './normalisation.ts';
import type { NormalisationSettings } from './normalisation.ts';
import { reduce } from './reduction.ts';

type Shape4D = [number, number, number, number];

/** A convolution of stride 1 that keeps rows and columns. */
function sameSize(x: TensorInfo, kernel: TensorInfo): ConvolutionShape {
  const pad = ((kernel.shape[0] as number) - 1) / 2;
  return backend_util.computeConv2DInfo(x.shape as Shape4D, kernel.shape as Shape4D, 1, 1, pad);
}

/** conv(x) + bias + residual. */
function convolution(
  backend: CpuSimdBackend,
  x: TensorInfo,
  kernel: TensorInfo,
  bias: TensorInfo,
  residual?: TensorInfo,
): TensorInfo {
  return convolveForward(backend, x, kernel, bias, sameSize(x, kernel), residual);
}

/** x·W + b over the last axis. */
function linear(backend: CpuSimdBackend, x: TensorInfo, weight: TensorInfo, bias: TensorInfo): TensorInfo {
  const [channels, n] = weight.shape as [number, number];
  const y = backend.output([...x.shape.slice(0, -1), n]);
  const [base, offset] = [backend.address(weight), backend.address(bias)];
  const filter = { base, channels, n, strides: [0, 0, 4 * n, 4] as [number, number, number, number], bias: offset };
  multiplyRows(backend, backend.address(x), sizeOf(x.shape) / channels, filter, backend.address(y));
  return y;
}

/** dx = dy·Wᵀ. */
function linearInputGradient(backend: CpuSimdBackend, dy: TensorInfo, weight: TensorInfo): TensorInfo {
  const [inputs, outputs] = weight.shape as [number, number];
  const dx = backend.output([...dy.shape.slice(0, -1), inputs]);
  const strides: [number, number, number, number] = [0, 0, 4, 4 * outputs];
  const filter = { base: backend.address(weight), channels: outputs, n: inputs, strides, bias: 0 };
  multiplyRows(backend, backend.address(dy), sizeOf(dy.shape) / outputs, filter, backend.address(dx));
  return dx;
}

/** dW = xᵀ·dy. */
function linearWeightGradient(backend: CpuSimdBackend, x: TensorInfo, dy: TensorInfo): TensorInfo {
  const [inputs, outputs] = [x.shape.at(-1)!, dy.shape.at(-1)!];
  const dW = backend.output([inputs, outputs]);
  const rows = sizeOf(x.shape) / inputs;
  outerRows(backend, backend.address(x), rows, inputs, backend.address(dy), outputs, backend.address(dW));
  return dW;
}

/** Sum over all axes but the last: the gradient of a bias. */
const biasGradient = (backend: CpuSimdBackend, dy: TensorInfo): TensorInfo =>
  reduce(backend, 'Sum', dy, [...dy.shape.keys()].slice(0, -1), false);

const normalisation = (call: Call, groups: string, silu: boolean): NormalisationSettings => ({
  groups: attribute<number>(call, groups),
  epsilon: attribute<number>(call, 'epsilon'),
  silu,
});

function freeAll(backend: CpuSimdBackend, ...tensors: (TensorInfo | undefined)[]): void {
  for (const tensor of tensors) if (tensor !== undefined) backend.free(tensor);
}

function residualBlock(call: Call): TensorInfo[] {
  const { backend, inputs } = call;
  const at = (name: string): TensorInfo => input(call, name);
  const x = at('x');
  const first = normalisation(call, 'groups1', true);
  const [normalised, statistics1] = normalise(backend, x, { gamma: at('gamma1'), beta: at('beta1') }, first);
  const inner = convolution(backend, normalised, at('kernel1'), at('bias1'));
  const film = linear(backend, at('embedding'), at('filmWeight'), at('filmBias'));
  const [scale, shift] = splitColumns(backend, film);
  const affine = { gamma: at('gamma2'), beta: at('beta2'), scale, shift };
  const [modulated, statistics2] = normalise(backend, inner, affine, normalisation(call, 'groups2', true));
  const skip = inputs['skipKernel'] == null ? undefined : convolution(backend, x, at('skipKernel'), at('skipBias'));
  const y = convolution(backend, modulated, at('kernel2'), at('bias2'), skip ?? x);
  freeAll(backend, film, skip);
  const kept = [normalised, statistics1, inner, scale, shift, modulated, statistics2];
  if (attribute<boolean>(call, 'keep')) return [y, ...kept];
  freeAll(backend, ...kept);
  return [y];
}

function residualBlockGradient(call: Call): TensorInfo[] {
  const { backend, inputs } = call;
  const at = (name: string): TensorInfo => input(call, name);
  const [dy, x, embedding, normalised, inner] = [at('dy'), at('x'), at('embedding'), at('normalised'), at('inner')];
  const frozen = attribute<boolean>(call, 'frozen');
  /** Gradients of parameters, where any is wanted. */
  const learned: TensorInfo[] = [];
  const learn = (...gradients: (() => TensorInfo)[]): void => {
    if (!frozen) learned.push(...gradients.map((gradient) => gradient()));
  };

  const shape2 = sameSize(inner, at('kernel2'));
  const dModulated = inputGradient(backend, dy, at('kernel2'), shape2);
  const affine = { gamma: at('gamma2'), beta: at('beta2'), scale: at('scale'), shift: at('shift') };
  const [statistics1, statistics2] = [at('statistics1'), at('statistics2')];
  const second = normaliseBackwards(
    backend,
    dModulated,
    inner,
    affine,
    statistics2,
    normalisation(call, 'groups2', true),
  );
  const dFilm = joinColumns(backend, second.dScale!, second.dShift!);
  freeAll(backend, dModulated, second.dScale, second.dShift);
  const dEmbedding = linearInputGradient(backend, dFilm, at('filmWeight'));

  const shape1 = sameSize(x, at('kernel1'));
  const dNormalised = inputGradient(backend, second.dx, at('kernel1'), shape1);
  const plain = { gamma: at('gamma1'), beta: at('beta1') };
  const first = normaliseBackwards(backend, dNormalised, x, plain, statistics1, normalisation(call, 'groups1', true));
  backend.free(dNormalised);
  learn(
    () => first.dGamma,
    () => first.dBeta,
    () => filterGradient(backend, normalised, second.dx, shape1),
    () => biasGradient(backend, second.dx),
    () => linearWeightGradient(backend, embedding, dFilm),
    () => biasGradient(backend, dFilm),
    () => second.dGamma,
    () => second.dBeta,
    () => filterGradient(backend, at('modulated'), dy, shape2),
    () => biasGradient(backend, dy),
  );
  freeAll(backend, second.dx, dFilm);
  if (frozen) freeAll(backend, first.dGamma, first.dBeta, second.dGamma, second.dBeta);

  if (inputs['skipKernel'] == null) {
    addInto(backend, first.dx, dy);
  } else {
    const shape = sameSize(x, at('skipKernel'));
    const throughSkip = inputGradient(backend, dy, at('skipKernel'), shape);
    addInto(backend, first.dx, throughSkip);
    backend.free(throughSkip);
    learn(
      () => filterGradient(backend, x, dy, shape),
      () => biasGradient(backend, dy),
    );
  }
  return [first.dx, dEmbedding, ...learned];
}

/** q, k and v beside each other in every token. */
function attentionLayout(call: Call): AttentionLayout {
  const [images, rows, columns, channels] = input(call, 'x').shape as Shape4D;
  const heads = attribute<number>(call, 'heads');
  const features = channels / heads;
  const [tokens, factor] = [rows * columns, 1 / Math.sqrt(features)];
  const strides = { q: 3 * channels, k: 3 * channels, v: 3 * channels, y: channels };
  return { images, heads, tokens, keys: tokens, features, values: features, factor, strides };
}

function thirds(address: number, channels: number): { q: number; k: number; v: number } {
  return { q: address, k: address + 4 * channels, v: address + 8 * channels };
}

function attentionBlock(call: Call): TensorInfo[] {
  const { backend } = call;
  const at = (name: string): TensorInfo => input(call, name);
  const x = at('x');
  const channels = x.shape.at(-1)!;
  const keep = attribute<boolean>(call, 'keep');
  const affine = { gamma: at('gamma'), beta: at('beta') };
  const [normalised, statistics] = normalise(backend, x, affine, normalisation(call, 'groups', false));
  const qkv = linear(backend, normalised, at('qkvWeight'), at('qkvBias'));
  const layout = attentionLayout(call);
  const { images, heads, tokens } = layout;
  const attended = backend.output(x.shape);
  const probabilities = keep ? backend.output([images, heads, tokens, tokens]) : undefined;
  const kept = probabilities === undefined ? 0 : backend.address(probabilities);
  attend(backend, layout, thirds(backend.address(qkv), channels), backend.address(attended), kept);
  const y = linear(backend, attended, at('projectionWeight'), at('projectionBias'));
  addInto(backend, y, x);
  if (probabilities !== undefined) return [y, normalised, statistics, qkv, probabilities, attended];
  freeAll(backend, normalised, statistics, qkv, attended);
  return [y];
}

function attentionBlockGradient(call: Call): TensorInfo[] {
  const { backend } = call;
  const at = (name: string): TensorInfo => input(call, name);
  const [dy, x, qkv, normalised] = [at('dy'), at('x'), at('qkv'), at('normalised')];
  const frozen = attribute<boolean>(call, 'frozen');
  const channels = x.shape.at(-1)!;
  const dAttended = linearInputGradient(backend, dy, at('projectionWeight'));
  const dQkv = backend.output(qkv.shape);
  const operands = thirds(backend.address(qkv), channels);
  const gradients = thirds(backend.address(dQkv), channels);
  const probabilities = backend.address(at('probabilities'));
  attendBackwards(backend, attentionLayout(call), backend.address(dAttended), operands, probabilities, gradients);
  backend.free(dAttended);
  const dNormalised = linearInputGradient(backend, dQkv, at('qkvWeight'));
  const affine = { gamma: at('gamma'), beta: at('beta') };
  const settings = normalisation(call, 'groups', false);
  const { dx, dGamma, dBeta } = normaliseBackwards(backend, dNormalised, x, affine, at('statistics'), settings);
  addInto(backend, dx, dy);
  const learned = frozen
    ? []
    : [
        ...[linearWeightGradient(backend, normalised, dQkv), biasGradient(backend, dQkv)],
        ...[linearWeightGradient(backend, at('attended'), dy), biasGradient(backend, dy)],
      ];
  freeAll(backend, dNormalised, dQkv);
  if (!frozen) return [dx, dGamma, dBeta, ...learned];
  freeAll(backend, dGamma, dBeta);
  return [dx];
}

export const blockKernels: KernelDefinition[] = [
  { name: 'ResidualBlock', compute: residualBlock },
  { name: 'ResidualBlockGrad', compute: residualBlockGradient },
  { name: 'AttentionBlock', compute: attentionBlock },
  { name: 'AttentionBlockGrad', compute: attentionBlockGradient },
];
