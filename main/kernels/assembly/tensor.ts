// Entry: all kernels of the cpu-simd tensor backend. Every kernel is `name(job, thread, threads)`: it reads its arguments as 32-bit words at
// `job` and does the share of the work that belongs to `thread`.
export { packPanels, convolve } from './_convolve';
export { filterGradient } from './_filter-gradient';
export { winogradFilter, winograd } from './_winograd';
export { winogradGradientTransform, winogradGradientMultiply, winogradGradientFinish } from './_winograd-gradient';
export { tile6x2, tile6x1, outer6x2, outer6x1, outer4x2, strip6x2 } from './_tile';
export { tile6x4, strip6x4, outer6x4, outer4x4 } from './_tile-wide';
export { mapUnary, mapBinary, compare, logic, select, convert, fill } from './_elementwise';
export { reduceRows, reduceColumns, squaresOfAll, softmax } from './_reduce';
export { copyStrided, gatherRows, segmentSum, upsampleNearest2, downsampleSum2 } from './_layout';
export { groupNorm } from './_group-norm';
export { groupNormGradient, groupNormParameterGradients } from './_group-norm-gradient';
export { batchMatMul, attention, attentionGradient } from './_matmul';
export { adamW } from './_adam';
