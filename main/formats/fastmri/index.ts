// The layout of the fastMRI data set: multi-coil k-space in HDF5.
export { openFastMri } from './read.ts';
export type { FastMriFile } from './read.ts';
export { validateFastMri } from './validate.ts';
export { writeFastMri } from './write.ts';
export type { FastMriContent, FastMriSlice } from './write.ts';
