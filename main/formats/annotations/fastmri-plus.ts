import type { FileAnnotations } from '../../domain/annotations.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { FASTMRI_PLUS_BRAIN, unknownLabels } from '../../domain/label-rules.ts';
import type { LabelRules } from '../../domain/label-rules.ts';
import { writeFileAtomically, writeFully } from '../atomic-file.ts';
import { parseCsv, readText } from './csv.ts';
import { drawnBox, placeAnnotations } from './place.ts';
import { interpretRows, withoutExtension } from './rows.ts';
import type { ColumnMapping, DrawnAnnotations, RowProblem } from './rows.ts';

/** The columns of fastMRI+ (microsoft/fastmri-plus): slices count from 0, boxes are on the image flipped up/down. */
export const FASTMRI_PLUS_COLUMNS: ColumnMapping = {
  file: 'file',
  slice: 'slice',
  x: 'x',
  y: 'y',
  width: 'width',
  height: 'height',
  label: 'label',
  studyLevel: 'study_level',
  firstSlice: 0,
  flipped: true,
};

/**
 * Reads a fastMRI+ table without placing its boxes, which needs the height of each volume's images.
 * @returns volumes in order of appearance, and the rows that were left out, each with its reason
 * @throws IsochromatError `annotations-columns`, `annotations-vocabulary` when no label is known to the rules, `csv-…`
 */
export async function readFastMriPlus(
  path: string,
  rules: LabelRules = FASTMRI_PLUS_BRAIN,
): Promise<{ files: DrawnAnnotations[]; problems: RowProblem[] }> {
  const table = interpretRows(parseCsv(await readText(path), path), FASTMRI_PLUS_COLUMNS, path);
  refuseOtherVocabulary(table.files, rules, path);
  return table;
}

/** Places what `readFastMriPlus` read of one volume on its stored images of `imageRows` rows. */
export function placeFastMriPlus(
  drawn: DrawnAnnotations,
  imageRows: number,
): { annotations: FileAnnotations; problems: RowProblem[] } {
  return placeAnnotations(drawn, { rows: imageRows }, FASTMRI_PLUS_COLUMNS.flipped);
}

/**
 * Refuses a table in which no label means anything to the rules: classes from it would all be `excluded`.
 * @throws IsochromatError `annotations-vocabulary` with the labels found
 */
export function refuseOtherVocabulary(files: readonly DrawnAnnotations[], rules: LabelRules, path: string): void {
  const annotations = files.map((one) => ({ ...one, boxes: one.boxes.map((box) => ({ ...box, top: 0, left: 0 })) }));
  const all = files.reduce((sum, { boxes, studyLabels }) => sum + boxes.length + studyLabels.length, 0);
  const unknown = unknownLabels(annotations, rules);
  if (all === 0 || unknown.reduce((sum, { count }) => sum + count, 0) < all) return;
  const knee = unknown.some(({ label }) => /menisc|ligament|\bACL\b|\bMCL\b|cartilage|patella/i.test(label));
  throw new IsochromatError({
    code: 'annotations-vocabulary',
    sentence: knee ? 'These are annotations of knees, not of brains.' : 'None of the labels in this table is known.',
    subject: path,
    expected: `labels such as ${rules.abnormalImageLabels.slice(0, 3).join(', ')} (${rules.name})`,
    found: unknown
      .slice(0, 6)
      .map(({ label, count }) => `${label} (${count})`)
      .join(', '),
    remedy: knee
      ? 'The annotations of brains are in brain.csv of fastMRI+. For other labels, edit the rule table of the study.'
      : 'Edit the rule table of the study so that it says which of these labels are normal and which abnormal.',
  });
}

/** Reads a list of reviewed files, one a line, with or without extension (`brain_file_list.csv`). */
export async function readFileList(path: string): Promise<string[]> {
  const names = (await readText(path)).split(/\r?\n/).map((line) => withoutExtension(line.trim()));
  return [...new Set(names.filter((name) => name !== '' && name !== 'file'))];
}

/** Reviewed files about which the table says nothing: without finding, or forgotten. Its user decides. */
export function reviewedWithoutRows(reviewed: readonly string[], files: readonly { file: string }[]): string[] {
  const mentioned = new Set(files.map(({ file }) => file));
  return reviewed.filter((name) => !mentioned.has(name));
}

/**
 * Writes annotations as fastMRI+ does; `readFastMriPlus` and `placeFastMriPlus` bring them back equal.
 * @param imageRows of each volume's stored images, or of all
 */
export async function writeFastMriPlus(
  path: string,
  files: Iterable<FileAnnotations>,
  imageRows: number | ((file: string) => number),
): Promise<void> {
  const text = fastMriPlusText(files, imageRows);
  await writeFileAtomically(path, (handle) => writeFully(handle, Buffer.from(text), 0));
}

/** The same as text. */
export function fastMriPlusText(
  files: Iterable<FileAnnotations>,
  imageRows: number | ((file: string) => number),
): string {
  const lines = ['file,slice,study_level,x,y,width,height,label'];
  for (const { file, boxes, studyLabels } of files) {
    const rows = typeof imageRows === 'number' ? imageRows : imageRows(file);
    for (const box of boxes) {
      const { slice, x, y, width, height, label } = drawnBox(box, rows, FASTMRI_PLUS_COLUMNS.flipped);
      lines.push([quoted(file), slice, 'No', x, y, width, height, quoted(label)].join(','));
    }
    for (const label of studyLabels) lines.push([quoted(file), 0, 'Yes', '', '', '', '', quoted(label)].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\r\n;\t]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
