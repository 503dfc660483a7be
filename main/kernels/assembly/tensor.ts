// Entry: all kernels of the cpu-simd tensor backend. Every kernel is `name(job, thread, threads)`: it reads its arguments as 32-bit words at
// `job` and does the share of the work that belongs to `thread`.
export { packPanels, convolve } from './_convolve';
export { filterGradient } from './_filter-gradient';
export { tile6x2, tile6x1, outer6x2, outer6x1 } from './_tile';
export { mapUnary, mapBinary, compare, select, convert, fill } from './_elementwise';
export { reduceRows, reduceColumns, softmax } from './_reduce';
export { copyStrided, gatherRows, segmentSum, upsampleNearest2, downsampleSum2 } from './_layout';
export { groupNorm, groupNormGradient, groupNormParameterGradients } from './_group-norm';
export { batchMatMul, attention, attentionGradient } from './_matmul';
export { adamW } from './_adam';
