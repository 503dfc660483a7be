import type { Sequence } from '../domain/sequences.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import type { Value } from './catalogue.ts';
import type { Study } from './study.ts';
import type { Volume, VolumePurpose } from './volumes.ts';

/** Each list allows its values; several lists all have to allow a volume. null stands for "not known". */
export interface LibraryFilter {
  /** Part of a name, id, site, scanner or tag. */
  text?: string;
  sequence?: readonly Sequence[];
  tissueClass?: readonly (TissueClass | null)[];
  site?: readonly (string | null)[];
  scanner?: readonly (string | null)[];
  split?: readonly (Split | null)[];
  purpose?: readonly VolumePurpose[];
  hasPhase?: readonly boolean[];
  format?: readonly string[];
  /** Whether a reader has gone through it, also in vain. */
  annotated?: readonly boolean[];
  /** Labels of boxes or of the whole volume, in the annotation in force. */
  finding?: readonly string[];
  tag?: readonly string[];
}

/** What the library can be ordered by, and the expression of each. */
const ORDERS = {
  name: 'name COLLATE NOCASE',
  created: 'created',
  sequence: 'sequence',
  tissueClass: 'tissue_class',
  site: 'site COLLATE NOCASE',
  scanner: 'scanner COLLATE NOCASE',
  purpose: 'purpose',
  slices: 'slices',
  coils: 'coils',
  matrix: 'original_rows * original_columns',
  hasPhase: 'has_phase',
  format: 'source_format',
  split: 'split',
  patches: '(SELECT count(*) FROM patches WHERE patches.volume = library.id AND patch_set = :set)',
  boxes: boxesOf('library.id'),
} as const;
export type LibraryOrder = keyof typeof ORDERS;
export const LIBRARY_ORDERS = Object.keys(ORDERS) as [LibraryOrder, ...LibraryOrder[]];

/** Columns whose values are counted beside the library. */
const FACETS = {
  sequence: 'sequence',
  tissueClass: 'tissue_class',
  site: 'site',
  scanner: 'scanner',
  split: 'split',
  purpose: 'purpose',
  hasPhase: 'has_phase',
  format: 'source_format',
  annotated: 'annotated',
} as const;

/** What a volume may have several of: the table of them, and its column. */
const LISTS = {
  finding: { table: 'findings', column: 'label' },
  tag: { table: 'volume_tags', column: 'tag' },
} as const;
export type LibraryFacet = keyof typeof FACETS | keyof typeof LISTS;

export interface LibraryRow extends Volume {
  patches: number;
  split: Split | null;
  boxes: number;
  tags: string[];
  hasNotes: boolean;
}

/** Ids of the volumes that a filter leaves, in order. */
export function findVolumeIds(
  study: Study,
  filter: LibraryFilter = {},
  order: { by: LibraryOrder; descending?: boolean } = { by: 'created' },
): string[] {
  const { where, values } = conditions(filter);
  const patchSet = study.patchSets.latest()?.id ?? '';
  const expression = ORDERS[order.by].replace(':set', '?');
  const extra = ORDERS[order.by].includes(':set') ? [patchSet] : [];
  const direction = order.descending === true ? 'DESC' : 'ASC';
  // What is not known comes last in both directions; ids make the order one and the same every time.
  const sql = `${LIBRARY} SELECT id, ${expression} AS sorted FROM library ${where}
    ORDER BY sorted IS NULL, sorted ${direction}, name, id`;
  return study.catalogue.all<{ id: string }>(sql, scheme(study), ...extra, ...values).map(({ id }) => id);
}

/** Lines of the library, in the order of the ids; ids that are not of living volumes are left out. */
export function libraryRows(study: Study, ids: readonly string[]): LibraryRow[] {
  const patchSet = study.patchSets.latest()?.id ?? '';
  const list = JSON.stringify(ids);
  const beside = new Map(
    study.catalogue
      .all(
        `${LIBRARY} SELECT id, split,
           (SELECT count(*) FROM patches WHERE patches.volume = library.id AND patch_set = ?) AS patches,
           ${boxesOf('library.id')} AS boxes,
           (SELECT json_group_array(tag) FROM volume_tags WHERE volume = library.id) AS tags,
           EXISTS (SELECT 1 FROM volume_notes WHERE volume = library.id AND notes <> '') AS has_notes
         FROM library WHERE id IN (SELECT value FROM json_each(?))`,
        scheme(study),
        patchSet,
        list,
      )
      .map((row) => [row['id'] as string, row]),
  );
  return study.volumes.some(ids).map((volume) => {
    const row = beside.get(volume.id)!;
    return {
      ...volume,
      patches: row['patches'] as number,
      split: row['split'] as Split | null,
      boxes: row['boxes'] as number,
      tags: (JSON.parse(row['tags'] as string) as string[]).sort(),
      hasNotes: row['has_notes'] === 1,
    };
  });
}

/** For each facet: its values among the volumes that the filters of all other facets leave, most frequent first. */
export function libraryFacets(
  study: Study,
  filter: LibraryFilter = {},
): Record<LibraryFacet, { value: string | null; count: number }[]> {
  const count = (facet: LibraryFacet, column: string, from = 'library', of = 'count(*)') => {
    const { [facet]: _, ...others } = filter;
    const { where, values } = conditions(others);
    return study.catalogue
      .all<{ value: string | number | null; count: number }>(
        `${LIBRARY} SELECT ${column} AS value, ${of} AS count FROM ${from} ${where}
         GROUP BY ${column} ORDER BY count DESC, value`,
        scheme(study),
        ...values,
      )
      .map(({ value, count: n }) => ({ value: textOf(facet, value), count: n }));
  };
  const plain = Object.entries(FACETS).map(([facet, column]) => [facet, count(facet as LibraryFacet, column)]);
  const several = Object.entries(LISTS).map(([facet, { table, column }]) => [
    facet,
    // Two boxes of one label are one volume.
    count(facet as LibraryFacet, column, `library JOIN ${table} ON ${table}.volume = library.id`, 'count(DISTINCT id)'),
  ]);
  return Object.fromEntries([...plain, ...several]) as Record<LibraryFacet, never[]>;
}

const LIBRARY = `WITH library AS (
  SELECT volumes.*, items.created AS created, volume_splits.split AS split,
    EXISTS (SELECT 1 FROM annotations WHERE annotations.volume = volumes.id AND superseded IS NULL) AS annotated
  FROM volumes JOIN items USING (id)
  LEFT JOIN volume_splits ON volume_splits.volume = volumes.id AND volume_splits.scheme = ?
  WHERE items.deleted IS NULL),
findings AS (
  SELECT volume, label FROM annotations JOIN boxes ON boxes.annotation = annotations.id WHERE superseded IS NULL
  UNION ALL
  SELECT volume, label FROM annotations JOIN study_labels ON study_labels.annotation = annotations.id
  WHERE superseded IS NULL)`;

function boxesOf(volume: string): string {
  return `(SELECT count(*) FROM boxes JOIN annotations ON annotations.id = boxes.annotation
    WHERE annotations.volume = ${volume} AND superseded IS NULL)`;
}

function scheme(study: Study): string {
  return study.splits.latest()?.id ?? '';
}

function textOf(facet: LibraryFacet, value: string | number | null): string | null {
  if (facet === 'hasPhase' || facet === 'annotated') return value === 1 ? 'yes' : 'no';
  return value === null ? null : String(value);
}

function conditions(filter: LibraryFilter): { where: string; values: Value[] } {
  const parts: string[] = [];
  const values: Value[] = [];
  for (const [facet, column] of Object.entries(FACETS)) {
    const allowed = filter[facet as keyof typeof FACETS] as readonly (string | boolean | null)[] | undefined;
    if (allowed === undefined) continue;
    const plain = allowed
      .filter((value) => value !== null)
      .map((value) => (typeof value === 'boolean' ? +value : value));
    parts.push(
      `(${column} IN (SELECT value FROM json_each(?))${allowed.includes(null) ? ` OR ${column} IS NULL` : ''})`,
    );
    values.push(JSON.stringify(plain));
  }
  for (const [facet, { table, column }] of Object.entries(LISTS)) {
    const allowed = filter[facet as keyof typeof LISTS];
    if (allowed === undefined) continue;
    parts.push(`id IN (SELECT volume FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?)))`);
    values.push(JSON.stringify(allowed));
  }
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    parts.push(
      `(instr(lower(name || ' ' || library.id || ' ' || coalesce(site, '') || ' ' || coalesce(scanner, '')), lower(?)) > 0
        OR EXISTS (SELECT 1 FROM volume_tags AS t WHERE t.volume = library.id AND instr(lower(t.tag), lower(?)) > 0))`,
    );
    values.push(text, text);
  }
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}
