import { parseCsv, readText } from './csv.ts';
import type { TextTable } from './csv.ts';
import { parseJsonRecords } from './json.ts';
import { interpretRows } from './rows.ts';
import type { ColumnMapping, DrawnAnnotations, RowProblem } from './rows.ts';

/** Reads a table of boxes without understanding it, CSV or JSON by its content: what a preview shows. */
export async function readAnnotationTable(path: string): Promise<TextTable> {
  const text = await readText(path);
  return /^\s*[[{]/.test(text) ? parseJsonRecords(text, path) : parseCsv(text, path);
}

/**
 * Reads boxes from a table of any origin.
 * @param mapping which columns hold what; `guessColumns` makes a first proposal from the header
 * @returns volumes in order of appearance, to be placed by `placeAnnotations`; rows that were left out, with reasons
 */
export async function readMappedAnnotations(
  path: string,
  mapping: ColumnMapping,
): Promise<{ files: DrawnAnnotations[]; problems: RowProblem[] }> {
  return interpretRows(await readAnnotationTable(path), mapping, path);
}

/** Titles that occur for each role, best first. */
const TITLES: Record<string, RegExp[]> = {
  file: [/^file(_?name)?$/i, /^(image|volume|case|series|scan)(_?(id|name|file))?$/i, /file/i],
  slice: [/^slice(_?(index|number|no|idx))?$/i, /^(z|frame)$/i, /slice/i],
  x: [/^(x|left|x_?min|x1|x0)$/i, /^bbox\.0$/i, /(^|_|\.)x(_?min|1|0)?$/i],
  y: [/^(y|top|y_?min|y1|y0)$/i, /^bbox\.1$/i, /(^|_|\.)y(_?min|1|0)?$/i],
  width: [/^(w|width)$/i, /^bbox\.2$/i, /width$/i],
  height: [/^(h|height)$/i, /^bbox\.3$/i, /height$/i],
  right: [/^(right|x_?max|x2)$/i],
  bottom: [/^(bottom|y_?max|y2)$/i],
  label: [/^(label|finding|class|category)(_?name)?$/i, /label|finding|diagnos/i],
  studyLevel: [/^study_?level$/i],
};

/**
 * Proposes which columns hold what, by their titles; what is proposed is shown and can be changed before anything is
 * read. Whether slices count from 1 and boxes are on a flipped image cannot be seen and is not assumed.
 * @param chosen roles that the user gave to columns; these have no other
 * @returns undefined for roles that no column seems to have
 */
export function guessColumns(header: readonly string[], chosen: Partial<ColumnMapping> = {}): Partial<ColumnMapping> {
  const guess = { ...chosen } as Partial<Record<string, string>>;
  for (const [role, patterns] of Object.entries(TITLES)) {
    for (const pattern of patterns) {
      guess[role] ??= header.find((title) => pattern.test(title) && !Object.values(guess).includes(title));
    }
  }
  preferOne(guess, chosen, 'width', 'right');
  preferOne(guess, chosen, 'height', 'bottom');
  const known = Object.entries(guess).filter(([, title]) => title !== undefined);
  return { ...(Object.fromEntries(known) as Partial<ColumnMapping>), firstSlice: 0, flipped: false };
}

/** Two ways of giving one extent: the one that the user chose, else the first. */
function preferOne(
  guess: Partial<Record<string, string>>,
  chosen: Partial<ColumnMapping>,
  first: 'width' | 'height',
  second: 'right' | 'bottom',
): void {
  if (chosen[first] === undefined && chosen[second] !== undefined) delete guess[first];
  else if (guess[first] !== undefined) delete guess[second];
}
