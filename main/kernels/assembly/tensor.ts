// Entry: all kernels of the cpu-simd tensor backend. Every kernel is `name(job, thread, threads)`: it reads its arguments as 32-bit words at
// `job` and does the share of the work that belongs to `thread`.
export { packPanels, convolve } from './_convolve';
export { filterGradient } from './_filter-gradient';
export { tile6x2, tile6x1, outer6x2, outer6x1 } from './_tile';
