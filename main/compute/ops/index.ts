/** The differentiable operations of the models: NHWC, float32, the same numbers on every backend. */
export { attention } from './attention.ts';
export { attentionBlock, type AttentionBlockWeights } from './attention-block.ts';
export { conv2d, type Conv2dOptions } from './conv2d.ts';
export { embedding } from './embedding.ts';
export { groupNormSilu, type GroupNormOptions } from './group-norm-silu.ts';
export { linear } from './linear.ts';
export { residualBlock, type ResidualBlockWeights } from './residual-block.ts';
export { silu } from './silu.ts';
export { squeezeExcitation, type SqueezeExcitationWeights } from './squeeze-excitation.ts';
export { upsampleNearest2 } from './upsample.ts';
