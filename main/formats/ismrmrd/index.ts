// ISMRMRD raw data: single readouts, sorted into k-space.
export { openIsmrmrd } from './read.ts';
export type { IsmrmrdFile, IsmrmrdVolume } from './read.ts';
