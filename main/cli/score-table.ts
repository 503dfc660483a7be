import { parse } from 'csv-parse/sync';
import { IsochromatError } from '../domain/errors.ts';
import { openForReading, readFully } from '../formats/read-file.ts';

/** More than any table of scores needs, and little enough to hold in memory. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** The columns of a table of scores, each as long as the table. */
export interface ScoreTable {
  readonly labels: number[];
  readonly scores: number[];
  readonly compared: { column: string; scores: number[] } | null;
  readonly groups: { column: string; names: string[] } | null;
}

/**
 * Reads a CSV with the columns `label` (0/1, normal/abnormal, false/true) and `score`. The columns named in `optional`
 * are required where the user asked for them, otherwise taken where they are (`score_b`, `group`).
 */
export async function readScoreTable(
  path: string,
  optional: { compare?: string; group?: string },
): Promise<ScoreTable> {
  const rows = parseCsv(await readText(path), path);
  const header = Object.keys(rows[0] ?? {});
  const requireColumn = (name: string): string => {
    if (header.includes(name)) return name;
    throw new IsochromatError({
      code: 'roc-column-missing',
      sentence: `There is no column "${name}".`,
      subject: path,
      expected: 'a head line with the columns label,score[,score_b][,group] and at least one row below it',
      found: header.length === 0 ? 'no row' : header.join(', '),
    });
  };
  requireColumn('label');
  requireColumn('score');
  const wanted = (asked: string | undefined, usual: string): string | null =>
    asked !== undefined ? requireColumn(asked) : header.includes(usual) ? usual : null;
  const compare = wanted(optional.compare, 'score_b');
  const group = wanted(optional.group, 'group');
  const numbers = (column: string): number[] => rows.map((row, i) => asScore(row[column]!, column, i, path));
  return {
    labels: rows.map((row, i) => asLabel(row['label']!, i, path)),
    scores: numbers('score'),
    compared: compare === null ? null : { column: compare, scores: numbers(compare) },
    groups:
      group === null ? null : { column: group, names: rows.map((row, i) => asGroup(row[group]!, group, i, path)) },
  };
}

async function readText(path: string): Promise<string> {
  const { file, size } = await openForReading(path);
  try {
    if (size > LARGEST_BYTES) {
      throw new IsochromatError({
        code: 'roc-file-too-large',
        sentence: 'This is too large for a table of scores.',
        subject: path,
        expected: `at most ${LARGEST_BYTES >> 20} MiB`,
        found: `${Math.round(size / 2 ** 20)} MiB`,
      });
    }
    const bytes = new Uint8Array(size);
    await readFully(file, bytes, 0, path);
    return new TextDecoder().decode(bytes);
  } finally {
    await file.close();
  }
}

function parseCsv(text: string, path: string): Record<string, string>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (thrown) {
    throw new IsochromatError({
      code: 'roc-not-csv',
      sentence: 'This is not a table of comma-separated values.',
      subject: path,
      expected: 'a head line label,score[,score_b][,group], and rows with as many fields',
      found: (thrown as Error).message,
      cause: thrown,
    });
  }
}

const LABELS = new Map([
  ['0', 0],
  ['1', 1],
  ['0.0', 0],
  ['1.0', 1],
  ['normal', 0],
  ['abnormal', 1],
  ['false', 0],
  ['true', 1],
]);

function asLabel(text: string, row: number, path: string): number {
  const label = LABELS.get(text.toLowerCase());
  if (label !== undefined) return label;
  throw badCell('label', text, '0 or 1 (or normal or abnormal)', row, path);
}

function asScore(text: string, column: string, row: number, path: string): number {
  const score = Number(text);
  if (text !== '' && Number.isFinite(score)) return score;
  throw badCell(column, text, 'a finite number', row, path);
}

function asGroup(text: string, column: string, row: number, path: string): string {
  if (text !== '') return text;
  throw badCell(column, text, 'the name of the volume or patient', row, path);
}

function badCell(column: string, found: string, expected: string, row: number, path: string): IsochromatError {
  return new IsochromatError({
    code: 'roc-bad-cell',
    sentence: `Row ${row + 1} of column "${column}" cannot be read.`,
    subject: path,
    expected,
    found: found === '' ? 'nothing' : `"${found.slice(0, 60)}"`,
  });
}
