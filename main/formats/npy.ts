// numpy's array files: `numpy.load` opens what is written here.
export { openNpy, readNpy, readNpyAs } from './npy/read.ts';
export type { NpyReader } from './npy/read.ts';
export { NpyWriter, writeNpy } from './npy/write.ts';
export type { NpyData, NpyDtype } from './npy/dtype.ts';
