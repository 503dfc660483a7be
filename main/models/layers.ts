import * as ops from '../compute/ops/index.ts';
import { normal, ones, zeros } from '../compute/optimise/index.ts';
import type { Initialiser } from '../compute/optimise/index.ts';
import type { Tensor, Tensor2D, Tensor4D } from '../compute/tensors.ts';
import { under } from './parameters.ts';
import type { NamedTensors, ParameterSpec } from './parameters.ts';

/**
 * The parts that all models are built from. Each part is a pair: `…Parameters` lists what it learns, the function beside it
 * applies it. Images are `[batch, rows, columns, channels]`, embeddings `[batch, features]`.
 */

/** Convolution `size` × `size` with bias. Starts with variance 1/fan-in, or at zero where a part must start as nothing. */
export function convolutionParameters(
  input: number,
  output: number,
  { size = 3, initialise }: { size?: 1 | 3; initialise?: Initialiser } = {},
): ParameterSpec[] {
  const fanIn = size * size * input;
  return [
    { name: 'kernel', shape: [size, size, input, output], initialise: initialise ?? normal(Math.sqrt(1 / fanIn)) },
    { name: 'bias', shape: [output], initialise: zeros },
  ];
}

export function convolution(p: NamedTensors, x: Tensor4D, stride: 1 | 2 = 1): Tensor4D {
  return ops.conv2d(x, p.get('kernel'), p.get('bias'), { stride });
}

/** Twice the rows and columns (nearest neighbour), then a convolution: no checkerboards (Odena et al. 2016). */
export function upsampledConvolution(p: NamedTensors, x: Tensor4D): Tensor4D {
  return convolution(p, ops.upsampleNearest2(x));
}

/** x·W + b. */
export function linearParameters(input: number, output: number, initialise?: Initialiser): ParameterSpec[] {
  return [
    { name: 'weight', shape: [input, output], initialise: initialise ?? normal(Math.sqrt(1 / input)) },
    { name: 'bias', shape: [output], initialise: zeros },
  ];
}

export function linear(p: NamedTensors, x: Tensor): Tensor {
  return ops.linear(x, p.get('weight'), p.get('bias'));
}

/** Group normalisation. */
export function normalisationParameters(channels: number): ParameterSpec[] {
  return [
    { name: 'gamma', shape: [channels], initialise: ones },
    { name: 'beta', shape: [channels], initialise: zeros },
  ];
}

/** SiLU(GN(x)). */
export function normalisedSilu(p: NamedTensors, x: Tensor4D): Tensor4D {
  return ops.groupNormSilu(x, p.get('gamma'), p.get('beta'), { groups: groupsOf(x.shape[3]) });
}

const LARGEST_GROUPS = 32;
const CHANNELS_A_GROUP = 4;

/** Four channels a group, at most 32 groups; one group where that does not divide. */
function groupsOf(channels: number): number {
  const groups = Math.min(LARGEST_GROUPS, channels / CHANNELS_A_GROUP);
  return Number.isInteger(groups) && channels % groups === 0 ? groups : 1;
}

/** Scale and shift of feature-wise linear modulation (Perez et al. 2018): y ← y·(1 + scale) + shift. Starts at zero: no modulation. */
function filmParameters(embedding: number, channels: number): ParameterSpec[] {
  return linearParameters(embedding, 2 * channels, zeros);
}

/**
 * Residual block: x + conv(SiLU(FiLM(GN(conv(SiLU(GN(x))))))). The second convolution starts at zero, so that the block
 * starts as the identity; where the number of channels changes, the skip is a 1×1 convolution.
 */
export function residualBlockParameters(input: number, output: number, embedding: number): ParameterSpec[] {
  return [
    ...under('norm1', normalisationParameters(input)),
    ...under('conv1', convolutionParameters(input, output)),
    ...under('film', filmParameters(embedding, output)),
    ...under('norm2', normalisationParameters(output)),
    ...under('conv2', convolutionParameters(output, output, { initialise: zeros })),
    ...(input === output ? [] : under('skip', convolutionParameters(input, output, { size: 1 }))),
  ];
}

export function residualBlock(p: NamedTensors, x: Tensor4D, embedding: Tensor): Tensor4D {
  const pair = (part: string, first: string, second = 'bias') => [p.get(`${part}.${first}`), p.get(`${part}.${second}`)] as const; // prettier-ignore
  const [channels, filters] = p.get('conv1.kernel').shape.slice(2) as [number, number];
  const weights: ops.ResidualBlockWeights = {
    norm1: pair('norm1', 'gamma', 'beta'),
    conv1: pair('conv1', 'kernel'),
    film: pair('film', 'weight'),
    norm2: pair('norm2', 'gamma', 'beta'),
    conv2: pair('conv2', 'kernel'),
    skip: channels === filters ? undefined : pair('skip', 'kernel'),
  };
  return ops.residualBlock(x, embedding, weights, { groups: [groupsOf(channels), groupsOf(filters)] });
}

/** Self-attention over all pixels of an image, residual; its projection starts at zero. */
export function attentionBlockParameters(channels: number): ParameterSpec[] {
  return [
    ...under('norm', normalisationParameters(channels)),
    ...under('qkv', linearParameters(channels, 3 * channels)),
    ...under('projection', linearParameters(channels, channels, zeros)),
  ];
}

/** @param headChannels channels of each head; one head where `x` has fewer */
export function attentionBlock(p: NamedTensors, x: Tensor4D, headChannels: number): Tensor4D {
  const channels = x.shape[3];
  const weights: ops.AttentionBlockWeights = {
    norm: [p.get('norm.gamma'), p.get('norm.beta')],
    qkv: [p.get('qkv.weight'), p.get('qkv.bias')],
    projection: [p.get('projection.weight'), p.get('projection.bias')],
  };
  return ops.attentionBlock(x, weights, { groups: groupsOf(channels), heads: Math.max(1, channels / headChannels) });
}

/** One learned row for each sample's index, `[batch, features]`. */
export function lookUp(p: NamedTensors, table: string, indices: readonly number[]): Tensor2D {
  return ops.embedding(p.get(table), indices);
}
