// Entry: kernels of the reconstruction, called on one thread (slices are spread over workers, not lines).
export { fftAxis } from './_fft-axis';
export { multiplyAdjoint } from './_complex-product';
export { tridiagonalise, reflectBack } from './_hermitian';
export { eigenvectorsOfRow } from './_espirit-eigen';
export { stretchLine, mapRow } from './_maps';
