import { parse } from 'csv-parse/sync';
import { IsochromatError } from '../../domain/errors.ts';
import { openForReading, readFully } from '../read-file.ts';

/** A table of texts. `line` counts from 1 with the header, as an editor shows it. */
export interface TextTable {
  header: string[];
  rows: { line: number; cells: string[] }[];
}

/** Annotations of thousands of volumes take a megabyte. */
const LARGEST_TABLE = 1 << 26;
const LONGEST_LINE = 1 << 20;

/** Reads a text file of moderate size, without a byte order mark. */
export async function readText(path: string): Promise<string> {
  const { file, size } = await openForReading(path);
  try {
    if (size > LARGEST_TABLE) {
      throw new IsochromatError({
        code: 'text-too-large',
        sentence: 'This file is too large for a table of annotations.',
        subject: path,
        expected: `at most ${LARGEST_TABLE >> 20} MiB`,
        found: `${size >> 20} MiB`,
      });
    }
    const bytes = Buffer.alloc(size);
    await readFully(file, bytes, 0, path);
    const text = bytes.toString('utf8');
    if (text.includes('\u0000')) throw notText(path);
    return text.replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
}

/**
 * Splits comma-separated text (RFC 4180; CRLF or LF) into a table; rows may have any number of cells.
 * @throws IsochromatError `csv-empty`, `csv-damaged` naming the line
 */
export function parseCsv(text: string, path: string): TextTable {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: LONGEST_LINE,
      delimiter: delimiterOf(text),
    }) as unknown as typeof records;
  } catch (cause) {
    const line = (cause as { lines?: number }).lines;
    throw new IsochromatError({
      code: 'csv-damaged',
      sentence: `The table cannot be read${line === undefined ? '' : ` at line ${line}`}: a quotation mark is missing or misplaced.`,
      subject: path,
      remedy: 'Open the file in a text editor and correct that line.',
      cause,
    });
  }
  const [first, ...rest] = records;
  if (first === undefined) {
    throw new IsochromatError({
      code: 'csv-empty',
      sentence: 'The table is empty.',
      subject: path,
      expected: 'a header line',
    });
  }
  return { header: first.record, rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })) };
}

/** Spreadsheets of some countries separate by semicolons; some programs by tabs. */
function delimiterOf(text: string): string {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const count = (separator: string): number => firstLine.split(separator).length;
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

function notText(path: string): IsochromatError {
  return new IsochromatError({
    code: 'text-not-text',
    sentence: 'This is not a text file.',
    subject: path,
    expected: 'text in UTF-8',
    remedy: 'Export the table as CSV.',
  });
}
