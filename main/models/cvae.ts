import * as tf from '@tensorflow/tfjs-core';
import { normal } from '../compute/optimise/index.ts';
import type { Tensor4D } from '../compute/tensors.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import {
  convolution,
  convolutionParameters,
  lookUp,
  normalisationParameters,
  normalisedSilu,
  residualBlock,
  residualBlockParameters,
  upsampledConvolution,
} from './layers.ts';
import { under, within } from './parameters.ts';
import type { NamedTensors, ParameterSpec } from './parameters.ts';

/** Sizes of the sequence-conditioned variational autoencoder (Kingma & Welling 2014; FiLM: Perez et al. 2018). */
export interface CvaeArchitecture {
  /** Real and imaginary part: 2. */
  readonly patchChannels: number;
  readonly latentChannels: number;
  /** Channels at each resolution, finest first; one stride-2 downsampling between neighbours. */
  readonly channels: readonly number[];
  /** Residual blocks at each resolution. */
  readonly encoderBlocks: readonly number[];
  readonly decoderBlocks: readonly number[];
  /** Length of the learned sequence embedding. */
  readonly embedding: number;
}

/** Bounds of log σ²; outside them a float32 variance is of no use. */
const LOG_VARIANCE_RANGE = [-20, 10] as const;

/** Mean and log-variance of the latents' normal distribution, `[batch, rows/2, columns/2, latentChannels]`. */
export interface LatentDistribution {
  mean: Tensor4D;
  logVariance: Tensor4D;
}

/** All that a CVAE learns. */
export function cvaeParameters(architecture: CvaeArchitecture): ParameterSpec[] {
  const { patchChannels, latentChannels, channels, encoderBlocks, decoderBlocks, embedding } = architecture;
  const coarsest = channels.length - 1;
  const blocks = (level: number, count: number): ParameterSpec[] =>
    range(count).flatMap((b) =>
      under(`block${level}.${b}`, residualBlockParameters(channels[level]!, channels[level]!, embedding)),
    );
  const encoder = [
    ...under('in', convolutionParameters(patchChannels, channels[0]!)),
    ...channels.flatMap((width, level) => [
      ...(level === 0 ? [] : under(`down${level}`, convolutionParameters(channels[level - 1]!, width))),
      ...blocks(level, encoderBlocks[level]!),
    ]),
    ...under('norm', normalisationParameters(channels[coarsest]!)),
    ...under('out', convolutionParameters(channels[coarsest]!, 2 * latentChannels)),
  ];
  const decoder = [
    ...under('in', convolutionParameters(latentChannels, channels[coarsest]!)),
    ...channels.flatMap((width, level) => [
      ...(level === coarsest ? [] : under(`up${level}`, convolutionParameters(channels[level + 1]!, width))),
      ...blocks(level, decoderBlocks[level]!),
    ]),
    ...under('norm', normalisationParameters(channels[0]!)),
    ...under('out', convolutionParameters(channels[0]!, patchChannels)),
  ];
  return [
    { name: 'sequence', shape: [SEQUENCES.length, embedding], initialise: normal(1) },
    ...under('encoder', encoder),
    ...under('decoder', decoder),
  ];
}

/**
 * Distribution of the latents of patches.
 * @param patches `[batch, rows, columns, 2]`, rows and columns even
 * @param sequence index of each patch into SEQUENCES
 */
export function encode(
  architecture: CvaeArchitecture,
  parameters: NamedTensors,
  patches: Tensor4D,
  sequence: readonly number[],
): LatentDistribution {
  const p = within(parameters, 'encoder');
  const condition = lookUp(parameters, 'sequence', sequence);
  let h = convolution(within(p, 'in'), patches);
  architecture.encoderBlocks.forEach((count, level) => {
    if (level > 0) h = convolution(within(p, `down${level}`), h, 2);
    for (let b = 0; b < count; b++) h = residualBlock(within(p, `block${level}.${b}`), h, condition);
  });
  h = convolution(within(p, 'out'), normalisedSilu(within(p, 'norm'), h));
  const [mean, logVariance] = tf.split(h, 2, 3) as [Tensor4D, Tensor4D];
  return { mean, logVariance: tf.clipByValue(logVariance, ...LOG_VARIANCE_RANGE) };
}

/** z = μ + σ·ε with ε standard normal of the shape of μ. */
export function reparameterise({ mean, logVariance }: LatentDistribution, noise: Tensor4D): Tensor4D {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
}

/**
 * Patches of latents.
 * @param latents `[batch, rows, columns, latentChannels]`, not standardised
 * @returns `[batch, 2·rows, 2·columns, 2]`
 */
export function decode(
  architecture: CvaeArchitecture,
  parameters: NamedTensors,
  latents: Tensor4D,
  sequence: readonly number[],
): Tensor4D {
  const p = within(parameters, 'decoder');
  const condition = lookUp(parameters, 'sequence', sequence);
  let h = convolution(within(p, 'in'), latents);
  for (let level = architecture.channels.length - 1; level >= 0; level--) {
    if (level < architecture.channels.length - 1) h = upsampledConvolution(within(p, `up${level}`), h);
    for (let b = 0; b < architecture.decoderBlocks[level]!; b++) {
      h = residualBlock(within(p, `block${level}.${b}`), h, condition);
    }
  }
  return convolution(within(p, 'out'), normalisedSilu(within(p, 'norm'), h));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
