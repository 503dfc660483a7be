import * as tf from '@tensorflow/tfjs-core';
import { silu } from '../compute/ops/index.ts';
import { normal, zeros } from '../compute/optimise/index.ts';
import type { Tensor, Tensor4D } from '../compute/tensors.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import { CONDITION_CLASSES } from '../domain/tissue.ts';
import {
  attentionBlock,
  attentionBlockParameters,
  convolution,
  convolutionParameters,
  linear,
  linearParameters,
  lookUp,
  normalisationParameters,
  normalisedSilu,
  residualBlock,
  residualBlockParameters,
  upsampledConvolution,
} from './layers.ts';
import { under, within } from './parameters.ts';
import type { NamedTensors, ParameterSpec } from './parameters.ts';

/** Sizes of the velocity network: a U-Net as Dhariwal & Nichol (2021) build it, with single-resolution up and down paths. */
export interface FlowArchitecture {
  readonly latentSize: number;
  readonly latentChannels: number;
  /** Channels at each resolution, finest first; each is half the one before in size. */
  readonly channels: readonly number[];
  /** Residual blocks at each resolution on the way down; one more on the way up. */
  readonly blocks: readonly number[];
  /** Resolutions (pixels a side) with self-attention. */
  readonly attention: readonly number[];
  /** Channels of each attention head. */
  readonly headChannels: number;
  /** Length of the embedding of time and condition. */
  readonly embedding: number;
  /**
   * `none`: the network is the velocity. `gaussian`: the network is what the velocity differs by from that of white Gaussian
   * data, which is known in closed form; a short training need not spend itself on learning that.
   */
  readonly preconditioning: 'none' | 'gaussian';
}

/** The only parameter that stage 2 adds. */
export const CLASS_TABLE = 'class';

/** What a velocity depends on beside x, for each sample; without `tissue` the class table is not read. */
export interface FlowCondition {
  /** t in [0, 1]. */
  time: readonly number[];
  /** Index into SEQUENCES or UNKNOWN_SEQUENCE. */
  sequence: readonly number[];
  /** Index into CONDITION_CLASSES; stage 2 only. */
  tissue?: readonly number[];
}

/** One residual block of the U-Net: its name, its channels, and whether attention follows. */
interface BlockPlan {
  name: string;
  input: number;
  output: number;
  attention: boolean;
}

interface UnetPlan {
  /** Per resolution, finest first. */
  down: BlockPlan[][];
  middle: [BlockPlan, BlockPlan];
  /** Per resolution, finest first; run from the last. */
  up: BlockPlan[][];
}

/** The network as a list of blocks: the one place where channels and skips are counted. */
function plan({ latentSize, channels, blocks, attention }: FlowArchitecture): UnetPlan {
  const attends = (level: number): boolean => attention.includes(latentSize / 2 ** level);
  const skips = [channels[0]!];
  let width = channels[0]!;
  const down = channels.map((output, level) => {
    const row = Array.from({ length: blocks[level]! }, (_, b): BlockPlan => {
      const block = { name: `down${level}.${b}`, input: width, output, attention: attends(level) };
      width = output;
      skips.push(width);
      return block;
    });
    if (level < channels.length - 1) skips.push(width);
    return row;
  });
  const middle: UnetPlan['middle'] = [
    { name: 'middle.0', input: width, output: width, attention: true },
    { name: 'middle.1', input: width, output: width, attention: false },
  ];
  const up: BlockPlan[][] = [];
  for (let level = channels.length - 1; level >= 0; level--) {
    up[level] = Array.from({ length: blocks[level]! + 1 }, (_, b): BlockPlan => {
      const block = {
        name: `up${level}.${b}`,
        input: width + skips.pop()!,
        output: channels[level]!,
        attention: attends(level),
      };
      width = channels[level]!;
      return block;
    });
    width = channels[Math.max(0, level - 1)]!;
  }
  return { down, middle, up };
}

/** All that stage 1 learns. */
export function flowParameters(architecture: FlowArchitecture): ParameterSpec[] {
  const { latentChannels, channels, embedding } = architecture;
  const { down, middle, up } = plan(architecture);
  const block = ({ name, input, output, attention }: BlockPlan): ParameterSpec[] => [
    ...under(name, residualBlockParameters(input, output, embedding)),
    ...(attention ? under(`${name}.attention`, attentionBlockParameters(output)) : []),
  ];
  return [
    ...under('time1', linearParameters(timeFeatures(architecture), embedding)),
    ...under('time2', linearParameters(embedding, embedding)),
    { name: 'sequence', shape: [SEQUENCES.length + 1, embedding], initialise: normal(1) },
    ...under('in', convolutionParameters(latentChannels, channels[0]!)),
    ...down.flatMap((row) => row.flatMap(block)),
    ...channels.slice(1).flatMap((_, i) => under(`downsample${i}`, convolutionParameters(channels[i]!, channels[i]!))),
    ...middle.flatMap(block),
    ...up.flatMap((row) => row.flatMap(block)),
    ...channels.slice(1).flatMap((width, i) => under(`upsample${i}`, convolutionParameters(width, channels[i]!))),
    ...under('norm', normalisationParameters(channels[0]!)),
    ...under('out', convolutionParameters(channels[0]!, latentChannels, { initialise: zeros })),
  ];
}

/** What stage 2 adds: the class table, at zero, so that fine-tuning starts exactly from stage 1. */
export function classTableParameters({ embedding }: FlowArchitecture): ParameterSpec[] {
  return [{ name: CLASS_TABLE, shape: [CONDITION_CLASSES.length, embedding], initialise: zeros }];
}

/**
 * Velocity v(x, t | sequence, class) of the probability flow from noise to latents.
 * @param x `[batch, latentSize, latentSize, latentChannels]`, standardised latents at time t
 * @returns the same shape
 */
export function velocity(
  architecture: FlowArchitecture,
  parameters: NamedTensors,
  x: Tensor4D,
  condition: FlowCondition,
): Tensor4D {
  const { down, middle, up } = plan(architecture);
  const embedding = conditionEmbedding(architecture, parameters, condition);
  const run = ({ name, attention }: BlockPlan, input: Tensor4D): Tensor4D => {
    const output = residualBlock(within(parameters, name), input, embedding);
    return attention
      ? attentionBlock(within(parameters, `${name}.attention`), output, architecture.headChannels)
      : output;
  };

  const scales = preconditioning(architecture, condition.time);
  let h = convolution(within(parameters, 'in'), scales === undefined ? x : tf.mul(x, scales.input));
  const skips = [h];
  down.forEach((row, level) => {
    for (const block of row) skips.push((h = run(block, h)));
    if (level < down.length - 1) skips.push((h = convolution(within(parameters, `downsample${level}`), h, 2)));
  });
  for (const block of middle) h = run(block, h);
  for (let level = up.length - 1; level >= 0; level--) {
    for (const block of up[level]!) h = run(block, tf.concat([h, skips.pop()!], 3));
    if (level > 0) h = upsampledConvolution(within(parameters, `upsample${level - 1}`), h);
  }
  const output = convolution(within(parameters, 'out'), normalisedSilu(within(parameters, 'norm'), h));
  return scales === undefined ? output : tf.add(tf.mul(x, scales.skip), tf.mul(output, scales.output));
}

/**
 * With z and ε standard normal, x = (1−t)ε + t·z has variance s² = (1−t)² + t², and v = z − ε the conditional mean (2t−1)/s²·x and the
 * conditional variance 1/s²: factors of x before the network, of x beside it, and of its output (the reasoning of Karras et al.
 * 2022, §5, for the straight path).
 */
function preconditioning(
  { preconditioning }: FlowArchitecture,
  time: readonly number[],
): { input: Tensor4D; skip: Tensor4D; output: Tensor4D } | undefined {
  if (preconditioning === 'none') return undefined;
  const perSample = (factor: (t: number, variance: number) => number): Tensor4D =>
    tf.tensor4d(
      time.map((t) => factor(t, (1 - t) ** 2 + t ** 2)),
      [time.length, 1, 1, 1],
    );
  return {
    input: perSample((_, variance) => 1 / Math.sqrt(variance)),
    skip: perSample((t, variance) => (2 * t - 1) / variance),
    output: perSample((_, variance) => 1 / Math.sqrt(variance)),
  };
}

/** SiLU(MLP(sinusoids of t) + sequence embedding (+ class embedding)), the input of every block's FiLM. */
function conditionEmbedding(
  architecture: FlowArchitecture,
  parameters: NamedTensors,
  { time, sequence, tissue }: FlowCondition,
): Tensor {
  const features = sinusoids(time, timeFeatures(architecture));
  const hidden = silu(linear(within(parameters, 'time1'), features));
  const told = [lookUp(parameters, 'sequence', sequence)];
  if (tissue !== undefined) told.push(lookUp(parameters, CLASS_TABLE, tissue));
  return silu(tf.addN([linear(within(parameters, 'time2'), hidden), ...told]));
}

function timeFeatures({ channels }: FlowArchitecture): number {
  return Math.max(32, channels[0]!);
}

/** Time runs to 1 here; the usual frequencies are made for steps up to 1000. */
const TIME_SCALE = 1000;
const LARGEST_PERIOD = 10_000;

/** cos and sin of 1000·t at geometric frequencies from 1 to 1/10,000 (Vaswani et al. 2017, §3.5), `[batch, features]`. */
function sinusoids(time: readonly number[], features: number): Tensor {
  const half = features / 2;
  const values = new Float32Array(time.length * features);
  time.forEach((t, sample) => {
    for (let i = 0; i < half; i++) {
      const angle = TIME_SCALE * t * LARGEST_PERIOD ** (-i / half);
      values[sample * features + i] = Math.cos(angle);
      values[sample * features + half + i] = Math.sin(angle);
    }
  });
  return tf.tensor2d(values, [time.length, features]);
}
