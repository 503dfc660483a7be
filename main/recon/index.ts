// K-space → complex volume. The door of this folder: whole steps, not their parts.
export { reconstructVolume } from './reconstruct.ts';
export type { ReconstructedVolume, ReconstructionOptions } from './reconstruct.ts';
export type { ReconstructionInfo } from './reconstruction-info.ts';
export { someSlices } from './kspace-source.ts';
export type { KspaceSource } from './kspace-source.ts';
export { COIL_SLICES } from './coil-data.ts';
export type { CoilSink, CoilSlices } from './coil-data.ts';
export { prepareComplexSlices } from './prepare.ts';
export { IMAGE_SIZE } from './volume-assembly.ts';
export type { OutputOptions, PreparedVolume, SliceProblem } from './volume-assembly.ts';
export { suggestFacialSlices } from './facial-slices.ts';
export type { FacialSlices } from './facial-slices.ts';
export { resizeInKspace } from './resize.ts';
