import * as tf from '@tensorflow/tfjs-core';
import { silu, squeezeExcitation, type SqueezeExcitationWeights } from '../compute/ops/index.ts';
import { zeros } from '../compute/optimise/index.ts';
import type { Tensor1D, Tensor2D, Tensor4D } from '../compute/tensors.ts';
import {
  convolution,
  convolutionParameters,
  linear,
  linearParameters,
  normalisationParameters,
  normalisedSilu,
} from './layers.ts';
import { under, within } from './parameters.ts';
import type { NamedTensors, ParameterSpec } from './parameters.ts';

/**
 * Residual network with squeeze-and-excitation (He et al. 2016; Hu et al. 2018). Group normalisation and SiLU before each
 * convolution take the place of batch normalisation: small batches, and training equals inference.
 */
export interface ClassifierArchitecture {
  /** 2 for complex patches, 1 for magnitudes alone, the latent channels for latents. */
  readonly inputChannels: number;
  /** Channels at each resolution; halves in size from one to the next. [64, 128, 256, 512] is SE-ResNet-18. */
  readonly channels: readonly number[];
  /** Residual blocks at each resolution. */
  readonly blocks: number;
  /** The excitation's bottleneck has channels / squeeze features. */
  readonly squeeze: number;
  readonly stemStride: 1 | 2;
  /**
   * How the last feature maps become one vector. `mean`, as in the ResNet's paper; `maximum` where what tells the classes apart takes
   * a few pixels: a mean over a whole patch hides a lesion of three, and small networks then take ten times as many steps to find it.
   */
  readonly pooling: 'mean' | 'maximum';
}

function blockPlan({
  channels,
  blocks,
}: ClassifierArchitecture): { name: string; input: number; output: number; stride: 1 | 2 }[] {
  return channels.flatMap((output, level) =>
    Array.from({ length: blocks }, (_, b) => ({
      name: `block${level}.${b}`,
      input: b === 0 && level > 0 ? channels[level - 1]! : output,
      output,
      stride: (b === 0 && level > 0 ? 2 : 1) as 1 | 2,
    })),
  );
}

export function classifierParameters(architecture: ClassifierArchitecture): ParameterSpec[] {
  const { inputChannels, channels, squeeze } = architecture;
  const last = channels.at(-1)!;
  return [
    ...under('stem', convolutionParameters(inputChannels, channels[0]!)),
    ...blockPlan(architecture).flatMap(({ name, input, output, stride }) =>
      under(name, [
        ...under('norm1', normalisationParameters(input)),
        ...under('conv1', convolutionParameters(input, output)),
        ...under('norm2', normalisationParameters(output)),
        ...under('conv2', convolutionParameters(output, output)),
        ...under('reduce', linearParameters(output, output / squeeze)),
        ...under('expand', linearParameters(output / squeeze, output)),
        ...(input === output && stride === 1 ? [] : under('skip', convolutionParameters(input, output, { size: 1 }))),
      ]),
    ),
    ...under('out', linearParameters(last, 1, zeros)),
  ];
}

/**
 * The log-odds of the positive class (abnormal, or synthetic).
 * @param x `[batch, rows, columns, inputChannels]`
 * @returns `[batch]`
 */
export function classify(architecture: ClassifierArchitecture, parameters: NamedTensors, x: Tensor4D): Tensor1D {
  const features = classifierFeatures(architecture, parameters, x);
  return tf.reshape(linear(within(parameters, 'out'), features), [-1]);
}

/** What the last layer sees, `[batch, channels]`: the feature space of Fréchet distance, precision and recall. */
export function classifierFeatures(
  architecture: ClassifierArchitecture,
  parameters: NamedTensors,
  x: Tensor4D,
): Tensor2D {
  let h = convolution(within(parameters, 'stem'), x, architecture.stemStride);
  for (const { name, input, output, stride } of blockPlan(architecture)) {
    const p = within(parameters, name);
    const normalised = normalisedSilu(within(p, 'norm1'), h);
    const inner = convolution(within(p, 'conv1'), normalised, stride);
    const outer = convolution(within(p, 'conv2'), normalisedSilu(within(p, 'norm2'), inner));
    const skip = input === output && stride === 1 ? h : convolution(within(p, 'skip'), h, stride);
    h = tf.add(skip, squeezeExcitation(outer, excitation(p)));
  }
  // No normalisation here: over one image it would take away the very mean that is pooled.
  return architecture.pooling === 'mean' ? tf.mean(silu(h), [1, 2]) : tf.max(silu(h), [1, 2]);
}

function excitation(p: NamedTensors): SqueezeExcitationWeights {
  return {
    reduce: p.get('reduce.weight'),
    reduceBias: p.get('reduce.bias'),
    expand: p.get('expand.weight'),
    expandBias: p.get('expand.bias'),
  };
}
