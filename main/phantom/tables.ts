import { VERSION } from '../domain/version.ts';
import { REFERENCES } from './signal/references.ts';
import { TISSUES } from './signal/tissues.ts';
import type { DatasetOptions } from './plan-dataset.ts';
import type { WrittenVolume } from './write-volume.ts';

/** Names of the tables of a data set, beside its `.h5` files. */
export const ANNOTATIONS_FILE = 'annotations.csv';
/** Reviewed files, one a line, as fastMRI+ lists them: those without a row in the annotations had no finding. */
export const FILE_LIST_FILE = 'reviewed_files.csv';
export const DESCRIPTION_FILE = 'phantom.json';

/** The reader's boxes and study-level labels in fastMRI+'s layout: boxes on the image flipped up/down, slices from 0. */
export function annotationsCsv(volumes: readonly WrittenVolume[]): string {
  const rows = ['file,slice,study_level,x,y,width,height,label'];
  for (const { plan, annotations } of volumes) {
    if (annotations === undefined) continue;
    const { file } = plan;
    for (const label of annotations.studyLabels) rows.push(`${file},0,Yes,,,,,${label}`);
    for (const { slice, top, left, height, width, label } of annotations.boxes) {
      // Stored row → row of the flipped image: y = H − top − height.
      rows.push(`${file},${slice},No,${left},${plan.size - top - height},${width},${height},${label}`);
    }
  }
  return `${rows.join('\n')}\n`;
}

export function fileListCsv(volumes: readonly WrittenVolume[]): string {
  const reviewed = volumes.filter(({ annotations }) => annotations !== undefined).map(({ plan }) => plan.file);
  return reviewed.length === 0 ? '' : `${reviewed.join('\n')}\n`;
}

/** `phantom.json`: how the data set was made, and everything about every volume. */
export function describeDataset(options: DatasetOptions, volumes: readonly WrittenVolume[]): string {
  const description = {
    phantom: true,
    notice: 'Numerical phantom. No image here was measured on a person; findings are invented. Not for diagnosis.',
    program: `Isochromat ${VERSION}`,
    options,
    volumes: volumes.map(({ plan, protocol, head, truth }) => ({ ...plan, protocol, head, findings: truth })),
    tissues: TISSUES,
    references: REFERENCES,
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}
