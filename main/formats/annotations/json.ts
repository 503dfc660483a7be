import { IsochromatError } from '../../domain/errors.ts';
import type { TextTable } from './csv.ts';

const MOST_ROWS = 1_000_000;
const DEEPEST = 3;

/**
 * Takes JSON records for a table: `[{"file": …, "slice": …, "bbox": [x, y, w, h]}, …]`, or an object holding one such
 * list. Nested values get names with dots: `bbox.0`, `image.name`. `line` counts records from 1.
 * @throws IsochromatError `json-damaged`, `json-no-records`
 */
export function parseJsonRecords(text: string, path: string): TextTable {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new IsochromatError({
      code: 'json-damaged',
      sentence: 'The JSON file cannot be read.',
      subject: path,
      found: cause instanceof Error ? cause.message : 'no JSON',
      cause,
    });
  }
  const records = recordsOf(document);
  if (records === undefined || records.length > MOST_ROWS) {
    throw new IsochromatError({
      code: 'json-no-records',
      sentence: 'The JSON file holds no list of boxes.',
      subject: path,
      expected: `one list of at most ${MOST_ROWS} records, each with a file, a slice, a box and a label`,
    });
  }
  const flat = records.map((record) => flatten(record));
  const header = [...new Set(flat.flatMap((cells) => [...cells.keys()]))];
  return {
    header,
    rows: flat.map((cells, i) => ({ line: i + 1, cells: header.map((name) => cells.get(name) ?? '') })),
  };
}

function recordsOf(document: unknown): unknown[] | undefined {
  if (Array.isArray(document)) return document;
  if (typeof document !== 'object' || document === null) return undefined;
  const lists = Object.values(document).filter((value): value is unknown[] => Array.isArray(value));
  return lists.length === 1 ? lists[0] : undefined;
}

function flatten(value: unknown, prefix = '', into = new Map<string, string>(), depth = 0): Map<string, string> {
  if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into, depth + 1);
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    into.set(prefix, String(value));
  }
  return into;
}
