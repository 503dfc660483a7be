// NIfTI images and the parts of complex ones (BIDS).
export { looksLikeNifti } from './header.ts';
export { niftiIdentity } from './identity.ts';
export { inspectNifti } from './inspect.ts';
export type { NiftiReading } from './inspect.ts';
export { openNifti } from './read.ts';
export type { NiftiFile } from './read.ts';
export { pairNifti } from './pair.ts';
export type { NiftiVolume } from './pair.ts';
export { readNiftiSlices } from './slices.ts';
