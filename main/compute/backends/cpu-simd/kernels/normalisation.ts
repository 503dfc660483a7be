import type { TensorInfo } from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../../../domain/errors.ts';
import type { CpuSimdBackend } from '../backend.ts';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, sizeOf } from './kernel.ts';

const rounded = (n: number): number => Math.ceil(n / 16) * 16;

/** What a group normalisation learns, and FiLM's scale and shift `[n, channels]` where there is one. */
export interface NormalisationInputs {
  gamma: TensorInfo;
  beta: TensorInfo;
  scale?: TensorInfo | undefined;
  shift?: TensorInfo | undefined;
}

export interface NormalisationSettings {
  groups: number;
  epsilon: number;
  silu: boolean;
}

const addressOf = (backend: CpuSimdBackend, tensor: TensorInfo | undefined): number =>
  tensor === undefined ? 0 : backend.address(tensor);

function sizesOf(x: TensorInfo, { groups }: NormalisationSettings): [n: number, pixels: number, channels: number] {
  const { shape } = x;
  const channels = shape.at(-1) ?? 0;
  if (shape.length < 3 || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new IsochromatError({
      code: 'group-norm-shape',
      sentence: 'Group normalisation needs channels that its groups divide.',
      expected: '[n, .., channels] with channels a multiple of the groups',
      found: `[${shape.join(', ')}] and ${groups} groups`,
    });
  }
  return [shape[0] as number, sizeOf(shape.slice(1, -1)), channels];
}

/** y and statistics of `GroupNormFilmSilu` (fused-kernels.ts). */
export function normalise(
  backend: CpuSimdBackend,
  x: TensorInfo,
  { gamma, beta, scale, shift }: NormalisationInputs,
  settings: NormalisationSettings,
): [y: TensorInfo, statistics: TensorInfo] {
  const { groups, epsilon, silu } = settings;
  const [n, pixels, channels] = sizesOf(x, settings);
  const y = backend.output(x.shape);
  const statistics = backend.output([n, groups, 2]);
  const perThread = 4 * 4 * rounded(channels);
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const words = [
      ...[x, gamma, beta, scale, shift, y, statistics].map((tensor) => addressOf(backend, tensor)),
      ...[n, pixels, channels, groups, 0, silu ? 1 : 0, scratch, perThread],
    ];
    backend.run('groupNorm', words, { 11: epsilon }, 8 * n * pixels * channels);
  });
  return [y, statistics];
}

/** Gradients of a group normalisation; of scale and shift where they were given. */
export interface NormalisationGradients {
  dx: TensorInfo;
  dGamma: TensorInfo;
  dBeta: TensorInfo;
  dScale?: TensorInfo;
  dShift?: TensorInfo;
}

/** What belongs to `GroupNormFilmSiluGrad`. */
export function normaliseBackwards(
  backend: CpuSimdBackend,
  dy: TensorInfo,
  x: TensorInfo,
  { gamma, beta, scale, shift }: NormalisationInputs,
  statistics: TensorInfo,
  settings: NormalisationSettings,
): NormalisationGradients {
  const { groups, silu } = settings;
  const [n, pixels, channels] = sizesOf(x, settings);
  const dx = backend.output(x.shape);
  const [dGamma, dBeta] = [backend.output([channels]), backend.output([channels])];
  // Σ dz per image and channel is already the gradient of the shift.
  const [sum, sumX] = [backend.output([n, channels]), backend.output([n, channels])];
  const dScale = scale === undefined ? undefined : backend.output([n, channels]);
  const perThread = 4 * 4 * rounded(channels);
  const addresses = (...tensors: (TensorInfo | undefined)[]): number[] => tensors.map((t) => addressOf(backend, t));
  backend.withScratch(perThread * backend.pool.threads, (scratch) => {
    const words = [
      ...addresses(dy, x, gamma, beta, scale, shift, statistics, dx, sum, sumX),
      ...[n, pixels, channels, groups, silu ? 1 : 0, scratch, perThread],
    ];
    backend.run('groupNormGradient', words, null, 12 * n * pixels * channels);
  });
  const words = [...addresses(sum, sumX, gamma, beta, scale, dGamma, dBeta, dScale), n, channels];
  backend.run('groupNormParameterGradients', words, null, 0);
  backend.free(sumX);
  if (dScale !== undefined) return { dx, dGamma, dBeta, dScale, dShift: sum };
  backend.free(sum);
  return { dx, dGamma, dBeta };
}

function inputsOf(call: Call): NormalisationInputs {
  const { scale, shift } = call.inputs;
  return {
    gamma: input(call, 'gamma'),
    beta: input(call, 'beta'),
    scale: scale ?? undefined,
    shift: shift ?? undefined,
  };
}

const settingsOf = (call: Call): NormalisationSettings => ({
  groups: attribute<number>(call, 'groups'),
  epsilon: attribute<number>(call, 'epsilon'),
  silu: attribute<string>(call, 'activation') === 'silu',
});

export const normalisationKernels: KernelDefinition[] = [
  {
    name: 'GroupNormFilmSilu',
    compute: (call) => normalise(call.backend, input(call, 'x'), inputsOf(call), settingsOf(call)),
  },
  {
    name: 'GroupNormFilmSiluGrad',
    compute: (call) => {
      const [dy, x, statistics] = [input(call, 'dy'), input(call, 'x'), input(call, 'statistics')];
      const gradients = normaliseBackwards(call.backend, dy, x, inputsOf(call), statistics, settingsOf(call));
      const { dx, dGamma, dBeta, dScale, dShift } = gradients;
      return dScale === undefined ? [dx, dGamma, dBeta] : [dx, dGamma, dBeta, dScale, dShift!];
    },
  },
];
