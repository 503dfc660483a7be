import { IsochromatError } from '../../domain/errors.ts';
import type { TextTable } from './csv.ts';

/** Which columns hold what, and how numbers are meant. A table of another origin is read with another mapping. */
export interface ColumnMapping {
  /** Names the volume. */
  file: string;
  slice: string;
  /** Column and row of the box's first corner. */
  x: string;
  y: string;
  /** Extent of the box … */
  width?: string;
  height?: string;
  /** … or its opposite corner (exclusive). */
  right?: string;
  bottom?: string;
  label: string;
  /** Tells study-level rows; without it every row is a box. */
  studyLevel?: string;
  /** Number of the first slice. */
  firstSlice: 0 | 1;
  /** Boxes were drawn on the image flipped up/down. */
  flipped: boolean;
}

/** A box as it was drawn, in whole pixels of the image it was drawn on. */
export interface DrawnBox {
  line: number;
  slice: number;
  x: number;
  y: number;
  width: number;
  height: number;
  label: string;
}

/** What a table says about one volume. */
export interface DrawnAnnotations {
  file: string;
  boxes: DrawnBox[];
  studyLabels: string[];
}

/** What is wrong with one row, which is left out; the others are kept. */
export interface RowProblem {
  line: number;
  code: 'annotation-row' | 'annotation-empty-box' | 'annotation-duplicate' | 'annotation-outside' | 'label-row';
  sentence: string;
}

/** Sizes beyond these are no pixels. */
const LARGEST_COORDINATE = 65535;

/**
 * Understands the rows of a table.
 * @returns volumes in order of appearance, and the rows that were left out
 * @throws IsochromatError `annotations-columns` when a mapped column is missing
 */
export function interpretRows(
  { header, rows }: TextTable,
  mapping: ColumnMapping,
  path: string,
): { files: DrawnAnnotations[]; problems: RowProblem[] } {
  const at = locateColumns(header, mapping, path);
  const files = new Map<string, DrawnAnnotations>();
  const seen = new Set<string>();
  const problems: RowProblem[] = [];
  for (const { line, cells } of rows) {
    const problem = (code: RowProblem['code'], sentence: string): void => void problems.push({ line, code, sentence });
    const cell = (column: keyof typeof at): string => cells[at[column] ?? -1]?.trim() ?? '';
    const file = withoutExtension(cell('file'));
    const label = cell('label').replace(/^Global label:\s*/, '');
    if (file === '' || label === '') {
      problem('annotation-row', `The ${file === '' ? 'file' : 'label'} is missing.`);
      continue;
    }
    const level = at.studyLevel === undefined ? false : yesOrNo(cell('studyLevel'));
    if (level === undefined) {
      problem('annotation-row', `"${cell('studyLevel')}" is neither Yes nor No.`);
      continue;
    }
    const annotations = files.get(file) ?? { file, boxes: [], studyLabels: [] };
    if (level) {
      files.set(file, annotations);
      if (annotations.studyLabels.includes(label)) problem('annotation-duplicate', `"${label}" was said before.`);
      else annotations.studyLabels.push(label);
      continue;
    }
    const box = parseBox(cell, mapping, line, label);
    if (typeof box === 'string') {
      problem('annotation-row', box);
      continue;
    }
    files.set(file, annotations);
    const key = JSON.stringify([file, { ...box, line: 0 }]);
    if (box.width === 0 || box.height === 0) problem('annotation-empty-box', `The box of "${label}" has no area.`);
    else if (seen.has(key)) problem('annotation-duplicate', `The same box of "${label}" was drawn before.`);
    else annotations.boxes.push(box);
    seen.add(key);
  }
  return { files: [...files.values()], problems };
}

type MappedColumn = Exclude<keyof ColumnMapping, 'firstSlice' | 'flipped'>;

function locateColumns(header: string[], mapping: ColumnMapping, path: string): Partial<Record<MappedColumn, number>> {
  const { firstSlice: _, flipped: __, ...columns } = mapping;
  const found: Partial<Record<MappedColumn, number>> = {};
  for (const [role, name] of Object.entries(columns) as [MappedColumn, string][]) {
    const index = header.findIndex((title) => title.toLowerCase() === name.toLowerCase());
    if (index < 0) {
      throw new IsochromatError({
        code: 'annotations-columns',
        sentence: `The table has no column "${name}" (${role}).`,
        subject: path,
        expected: Object.values(columns).join(', '),
        found: header.join(', ').slice(0, 200),
        remedy: 'For a table of another origin, say which column holds what.',
      });
    }
    found[role] = index;
  }
  return found;
}

/** A box, or what is wrong with it. */
function parseBox(
  cell: (column: MappedColumn) => string,
  mapping: ColumnMapping,
  line: number,
  label: string,
): DrawnBox | string {
  const columns: MappedColumn[] = [
    'slice',
    'x',
    'y',
    mapping.width === undefined ? 'right' : 'width',
    mapping.height === undefined ? 'bottom' : 'height',
  ];
  const numbers = columns.map((column) => pixel(cell(column)));
  const wrong = numbers.findIndex((value) => value === undefined);
  if (wrong >= 0) {
    return `"${cell(columns[wrong]!)}" is no ${columns[wrong] === 'slice' ? 'slice number' : `number of pixels (${columns[wrong]})`}.`;
  }
  const [number, x, y, a, b] = numbers as [number, number, number, number, number];
  const slice = number - mapping.firstSlice;
  const width = mapping.width === undefined ? a - x : a;
  const height = mapping.height === undefined ? b - y : b;
  if (slice < 0) return `Slice ${number} is before the first one, ${mapping.firstSlice}.`;
  if (width < 0 || height < 0) return 'The corners of the box are in the wrong order.';
  return { line, slice, x, y, width, height, label };
}

/** A whole number, written as `12` or `12.0`. */
function pixel(text: string): number | undefined {
  if (!/^\d{1,6}(\.0*)?$/.test(text)) return undefined;
  const value = Number(text);
  return value <= LARGEST_COORDINATE ? value : undefined;
}

function yesOrNo(text: string): boolean | undefined {
  if (/^(yes|true|1)$/i.test(text)) return true;
  return /^(no|false|0)$/i.test(text) ? false : undefined;
}

/** A file's name as the study knows it: its extension says nothing, nor does the part of a complex image that it is (BIDS). */
export function withoutExtension(file: string): string {
  return file.replace(/\.(h5|hdf5|mrd|npy|dcm|nii(\.gz)?)$/i, '').replace(/_part-(mag|phase|real|imag)(?=_|$)/i, '');
}
