import type { TensorInfo } from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../../../domain/errors.ts';
import type { CpuSimdBackend } from '../backend.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, sizeOf } from './kernel.ts';

const rounded = (n: number): number => Math.ceil(n / 16) * 16;

/** Images, pixels, channels, groups of a group normalisation. */
function normalisation(call: Call): { n: number; pixels: number; channels: number; groups: number; silu: number } {
  const { shape } = input(call, 'x');
  const groups = attribute<number>(call, 'groups');
  const channels = shape.at(-1) ?? 0;
  if (shape.length < 3 || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new IsochromatError({
      code: 'group-norm-shape',
      sentence: 'Group normalisation needs channels that its groups divide.',
      expected: '[n, .., channels] with channels a multiple of the groups',
      found: `[${shape.join(', ')}] and ${groups} groups`,
    });
  }
  const n = shape[0] as number;
  const silu = attribute<string>(call, 'activation') === 'silu' ? 1 : 0;
  return { n, pixels: sizeOf(shape.slice(1, -1)), channels, groups, silu };
}

const optional = (backend: CpuSimdBackend, tensor: TensorInfo | undefined | null): number =>
  tensor == null ? 0 : backend.address(tensor);

function groupNorm(call: Call): TensorInfo[] {
  const { backend, inputs } = call;
  const { n, pixels, channels, groups, silu } = normalisation(call);
  const x = input(call, 'x');
  const y = backend.output(x.shape);
  const statistics = backend.output([n, groups, 2]);
  const perThread = 4 * 4 * rounded(channels);
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const words = [
      ...[x, input(call, 'gamma'), input(call, 'beta')].map((tensor) => backend.address(tensor)),
      ...[optional(backend, inputs['scale']), optional(backend, inputs['shift'])],
      ...[backend.address(y), backend.address(statistics), n, pixels, channels, groups, 0, silu, scratch, perThread],
    ];
    backend.run('groupNorm', words, { 11: attribute<number>(call, 'epsilon') }, 8 * n * pixels * channels);
  });
  return [y, statistics];
}

function groupNormGradient(call: Call): TensorInfo[] {
  const { backend, inputs } = call;
  const { n, pixels, channels, groups, silu } = normalisation(call);
  const film = inputs['scale'] != null;
  const dx = backend.output(input(call, 'x').shape);
  const [dGamma, dBeta] = [backend.output([channels]), backend.output([channels])];
  // Σ dz per image and channel is already the gradient of the shift.
  const [sum, sumX] = [backend.output([n, channels]), backend.output([n, channels])];
  const dScale = film ? backend.output([n, channels]) : undefined;
  const perThread = 4 * 4 * rounded(channels);
  const at = (name: string): number => optional(backend, inputs[name]);
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const words = [
      ...[at('dy'), at('x'), at('gamma'), at('beta'), at('scale'), at('shift'), at('statistics'), backend.address(dx)],
      ...[backend.address(sum), backend.address(sumX), n, pixels, channels, groups, silu, scratch, perThread],
    ];
    backend.run('groupNormGradient', words, null, 12 * n * pixels * channels);
  });
  const words = [
    ...[backend.address(sum), backend.address(sumX), at('gamma'), at('beta'), at('scale')],
    ...[backend.address(dGamma), backend.address(dBeta), optional(backend, dScale), n, channels],
  ];
  backend.run('groupNormParameterGradients', words, null, 0);
  backend.free(sumX);
  if (dScale !== undefined) return [dx, dGamma, dBeta, dScale, sum];
  backend.free(sum);
  return [dx, dGamma, dBeta];
}

function adamW(call: Call): TensorInfo[] {
  const { backend, inputs } = call;
  const number = (name: string): number => attribute<number>(call, name);
  const tensors = [input(call, 'value'), input(call, 'gradient'), input(call, 'm'), input(call, 'v')];
  const n = sizeOf(input(call, 'value').shape);
  const addresses = [...tensors.map((tensor) => backend.address(tensor)), optional(backend, inputs['ema'])];
  const [rate, step] = [number('learningRate'), number('step')];
  const reals = {
    ...{ 6: number('beta1'), 7: number('beta2'), 8: number('epsilon'), 9: 1 - rate * number('weightDecay') },
    ...{ 10: rate / (1 - number('beta1') ** step), 11: 1 / Math.sqrt(1 - number('beta2') ** step) },
    ...{ 12: number('gradientScale'), 13: number('emaDecay') },
  };
  backend.run('adamW', [...addresses, n], reals, 8 * n);
  return [];
}

export const fusedKernels: KernelDefinition[] = [
  { name: 'GroupNormFilmSilu', compute: groupNorm },
  { name: 'GroupNormFilmSiluGrad', compute: groupNormGradient },
  { name: 'AdamWEma', compute: adamW },
];
