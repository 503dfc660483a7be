// The embedded data set: a numerical head, its sequences, lesions and coils, in fastMRI's layout.
export { planDataset } from './plan-dataset.ts';
export type { DatasetOptions } from './plan-dataset.ts';
export type { Disease, VolumePlan } from './volume-plan.ts';
export { renderVolume } from './render.ts';
export type { RenderedVolume, RenderOptions } from './render.ts';
export { writePatient, writeVolume } from './write-volume.ts';
export type { VolumeOutcome, WrittenVolume } from './write-volume.ts';
export {
  ANNOTATIONS_FILE,
  annotationsCsv,
  describeDataset,
  DESCRIPTION_FILE,
  FILE_LIST_FILE,
  fileListCsv,
} from './tables.ts';
