import { InvalidArgumentError } from 'commander';
import { IsochromatError } from '../domain/errors.ts';
import { guessColumns, readAnnotationTable } from '../formats/annotations/index.ts';
import type { ColumnMapping, TextTable } from '../formats/annotations/index.ts';
import { textTable } from './command.ts';

const ROLES = ['file', 'slice', 'x', 'y', 'width', 'height', 'right', 'bottom', 'label', 'studyLevel'] as const;
type Role = (typeof ROLES)[number];

/** Options of `annotate` for tables that are not those of fastMRI+. */
export interface MappingOptions {
  table?: boolean;
  preview?: boolean;
  column?: Partial<Record<Role, string>>;
  firstSlice?: number;
  flipped?: boolean;
}

/** Option parser: `x=left edge`, once for each role. */
export function columnOption(text: string, before: MappingOptions['column'] = {}): MappingOptions['column'] {
  const [role, title] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
  if (!text.includes('=') || !ROLES.includes(role as Role) || title === '') {
    throw new InvalidArgumentError(`Write ROLE=TITLE, with one of ${ROLES.join(', ')}.`);
  }
  return { ...before, [role]: title };
}

/**
 * Which columns of a table hold what: as the user says, else as their titles suggest. undefined for fastMRI+.
 * @throws IsochromatError `annotations-mapping` when a column that is needed is neither named nor found
 */
export async function mappingFor(
  path: string,
  options: MappingOptions,
): Promise<{ mapping: ColumnMapping; table: TextTable } | undefined> {
  const { column, firstSlice, flipped } = options;
  const asked = [options.table, options.preview, column, firstSlice, flipped].some((option) => option !== undefined);
  if (!asked) return undefined;
  const table = await readAnnotationTable(path);
  const mapping = { ...guessColumns(table.header), ...column };
  // Who names one way of giving the extent does not mean the other.
  if (column?.right !== undefined) delete mapping.width;
  if (column?.bottom !== undefined) delete mapping.height;
  const needed: [string, boolean][] = [
    ...(['file', 'slice', 'x', 'y', 'label'] as const).map((role): [string, boolean] => [
      role,
      mapping[role] !== undefined,
    ]),
    ['width or right', mapping.width !== undefined || mapping.right !== undefined],
    ['height or bottom', mapping.height !== undefined || mapping.bottom !== undefined],
  ];
  const missing = needed.filter(([, there]) => !there).map(([role]) => role);
  if (missing.length > 0) {
    throw new IsochromatError({
      code: 'annotations-mapping',
      sentence: `No column of this table seems to hold ${missing.join(', ')}.`,
      subject: path,
      found: table.header.join(', ').slice(0, 300),
      remedy: 'Name it with --column ROLE=TITLE.',
    });
  }
  return {
    table,
    mapping: { ...(mapping as ColumnMapping), firstSlice: firstSlice === 1 ? 1 : 0, flipped: flipped ?? false },
  };
}

/** What would be read, and how: the mapping and the first rows under it. */
export function previewText(table: TextTable, mapping: ColumnMapping): string {
  const roles = ROLES.filter((role) => mapping[role] !== undefined);
  const index = (role: Role): number =>
    table.header.findIndex((title) => title.toLowerCase() === mapping[role]!.toLowerCase());
  const rows = table.rows.slice(0, 8).map(({ cells }) => roles.map((role) => cells[index(role)] ?? ''));
  return [
    ...roles.map((role) => `${role}: column "${mapping[role]}"`),
    `slices count from ${mapping.firstSlice}; boxes are on the image ${mapping.flipped ? 'flipped up/down' : 'as stored'}`,
    '',
    textTable([roles, ...rows]),
    `${table.rows.length} rows. Nothing was written.`,
  ].join('\n');
}
