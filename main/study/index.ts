// The study on disk: one folder, one catalogue. Its only door.
export { createStudy, openStudy } from './open.ts';
export type { OpenOptions } from './open.ts';
export type { Study } from './study.ts';
export { parseLabelRules, readLabelRules, writeLabelRules } from './label-rules.ts';
export { openPatches } from './patch-dataset.ts';
export { readImage, readMask, writeVolumeArrays } from './arrays.ts';
export { patchTable, volumeTable } from './table.ts';
export type { PatchCount, VolumeCount } from './table.ts';
export { verifyStudy } from './verify.ts';
export { emptyTrash, trashContent } from './trash.ts';
export { fileFacts } from './durable.ts';
export { settingsFolder } from './settings-folder.ts';
export { nothingToRecover } from './recovery.ts';
export type { Volume, VolumeFacts, VolumePurpose } from './volumes.ts';
export type { VolumeAnnotation } from './annotations.ts';
export type { Patch, PatchSet } from './patch-sets.ts';
export type { Run } from './runs.ts';
export type { SyntheticItem, SyntheticSet } from './synthetic.ts';
export type { Experiment } from './experiments.ts';
export type { ScoreSet } from './scores.ts';
export { correctVolume, suggestedFacialSlices, volumeChanges, volumeNotes } from './curation.ts';
export type { VolumeChange } from './curation.ts';
export { findVolumeIds, LIBRARY_ORDERS, libraryFacets, libraryRows } from './volume-query.ts';
export type { LibraryFilter, LibraryRow } from './volume-query.ts';
export { restoreItem, trashedItems } from './restore.ts';
export {
  annotationContent,
  annotationInForce,
  annotationVersions,
  recordReader,
  withdrawAnnotation,
} from './annotation-versions.ts';
export type { StoredBox } from './annotations.ts';
export { patchPage } from './patch-page.ts';
export { coilArrayFacts, keptCoilSlices, volumeArrayFacts } from './array-facts.ts';
export { unusableSlices } from './unusable-slices.ts';
export type { UnusableSlice } from './unusable-slices.ts';
export { CoilArraysWriter, readCoil } from './coil-arrays.ts';
export type { CoilArray } from './coil-arrays.ts';
