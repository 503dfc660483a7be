import { InvalidArgumentError } from 'commander';
import { IsochromatError } from '../domain/errors.ts';
import { FASTMRI_PLUS_COLUMNS, guessColumns, readAnnotationTable } from '../formats/annotations/index.ts';
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

/** How a table is to be read. */
export interface MappedTable {
  table: TextTable;
  mapping: ColumnMapping;
  /** The columns are those of fastMRI+, and nobody said that they mean something else. */
  fastMriPlus: boolean;
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
 * Which columns of a table hold what: as in fastMRI+ where its titles are those and nothing else is said, else as the user says
 * and, for the rest, as the titles suggest. undefined for a table that is to be read as fastMRI+ whatever its titles are.
 * @throws IsochromatError `annotations-mapping` when a column that is needed is neither named nor found
 */
export async function mappingFor(path: string, options: MappingOptions): Promise<MappedTable | undefined> {
  const { column = {}, firstSlice, flipped } = options;
  const other =
    options.table === true || Object.keys(column).length > 0 || firstSlice !== undefined || flipped === true;
  if (!other && options.preview !== true) return undefined;
  const table = await readAnnotationTable(path);
  if (!other && hasColumns(table, FASTMRI_PLUS_COLUMNS))
    return { table, mapping: FASTMRI_PLUS_COLUMNS, fastMriPlus: true };
  const chosen = Object.fromEntries(
    Object.entries(column).map(([role, title]) => [role, titleOf(table, role, title, path)]),
  );
  const mapping = guessColumns(table.header, chosen);
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
    throw noColumn(`No column of this table seems to hold ${missing.join(', ')}.`, table, path);
  }
  return {
    table,
    mapping: { ...(mapping as ColumnMapping), firstSlice: firstSlice === 1 ? 1 : 0, flipped: flipped ?? false },
    fastMriPlus: false,
  };
}

/** How a table would be read: the mapping and the first rows under it. */
export function mappingText({ table, mapping, fastMriPlus }: MappedTable): string {
  const roles = ROLES.filter((role) => mapping[role] !== undefined);
  const index = (role: Role): number => columnOf(table, mapping[role]!);
  const rows = table.rows.slice(0, 8).map(({ cells }) => roles.map((role) => cells[index(role)] ?? ''));
  return [
    ...(fastMriPlus
      ? ['The columns are those of fastMRI+.']
      : roles.map((role) => `${role}: column "${mapping[role]}"`)),
    `Slices count from ${mapping.firstSlice}; boxes are on the image ${mapping.flipped ? 'flipped up/down' : 'as stored'}.`,
    '',
    textTable([roles, ...rows]),
    `${table.rows.length} rows.`,
  ].join('\n');
}

function columnOf({ header }: TextTable, title: string): number {
  return header.findIndex((each) => each.toLowerCase() === title.toLowerCase());
}

function hasColumns(table: TextTable, { firstSlice: _, flipped: __, ...columns }: ColumnMapping): boolean {
  return Object.values(columns).every((title) => columnOf(table, title) >= 0);
}

/** As the table writes it. */
function titleOf(table: TextTable, role: string, title: string, path: string): string {
  const index = columnOf(table, title);
  if (index < 0) throw noColumn(`The table has no column "${title}" (${role}).`, table, path);
  return table.header[index]!;
}

function noColumn(sentence: string, { header }: TextTable, subject: string): IsochromatError {
  return new IsochromatError({
    code: 'annotations-mapping',
    sentence,
    subject,
    found: header.join(', ').slice(0, 300),
    remedy: 'Name it with --column ROLE=TITLE.',
  });
}
