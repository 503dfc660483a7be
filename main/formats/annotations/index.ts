// What readers drew and said about volumes: fastMRI+ and tables of other origins.
export {
  FASTMRI_PLUS_COLUMNS,
  fastMriPlusText,
  placeFastMriPlus,
  readFastMriPlus,
  readFileList,
  refuseOtherVocabulary,
  reviewedWithoutRows,
  writeFastMriPlus,
} from './fastmri-plus.ts';
export { placeAnnotations } from './place.ts';
export { guessColumns, readAnnotationTable, readMappedAnnotations } from './table.ts';
export type { ColumnMapping, DrawnAnnotations, RowProblem } from './rows.ts';
export { guessLabelMapping, interpretLabels, VOLUME_LABELS } from './volume-labels.ts';
export type { LabelMapping, VolumeLabel } from './volume-labels.ts';
export type { TextTable } from './csv.ts';
