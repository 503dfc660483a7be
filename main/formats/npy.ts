// numpy's array files: `numpy.load` opens what is written here.
export { openNpy, readNpy, readNpyAs } from './npy/read.ts';
export type { NpyReader } from './npy/read.ts';
export { NpyWriter, writeNpy } from './npy/write.ts';
export type { NpyContent } from './npy/write.ts';
export type { NpyArray, NpyData, NpyDtype } from './npy/dtype.ts';
