import type { Sequence } from '../../../main/domain/sequences.ts';
import type { Split, TissueClass } from '../../../main/domain/tissue.ts';
import type { engine } from '../../api/client.ts';

type ListInput = Parameters<typeof engine.volumes.list.query>[0];
export type LibraryFilter = NonNullable<ListInput['filter']>;
export type LibrarySort = NonNullable<ListInput['sort']>;
export type SortBy = LibrarySort['by'];

/** Columns that the library can be narrowed and grouped by. */
export const FACETS = [
  'sequence',
  'tissueClass',
  'annotated',
  'finding',
  'purpose',
  'split',
  'hasPhase',
  'site',
  'scanner',
  'format',
  'tag',
] as const;
export type Facet = (typeof FACETS)[number];
export const GROUPS = [
  'sequence',
  'tissueClass',
  'site',
  'scanner',
  'split',
  'purpose',
] as const satisfies readonly Facet[];
export type Group = (typeof GROUPS)[number];

/** Values chosen in each facet; null stands for "not known". */
export type Chosen = Partial<Record<Facet, (string | null)[]>>;

/** The engine's filter for what was chosen and typed. */
export function filterOf(chosen: Chosen, text: string): LibraryFilter {
  const filter: LibraryFilter = {};
  if (text.trim() !== '') filter.text = text.trim();
  const known = (values: (string | null)[]): string[] => values.filter((value) => value !== null);
  const { sequence, tissueClass, purpose, split, hasPhase, site, scanner, format, annotated, finding, tag } = chosen;
  if (sequence?.length) filter.sequence = known(sequence) as Sequence[];
  if (tissueClass?.length) filter.tissueClass = tissueClass as (TissueClass | null)[];
  if (purpose?.length) filter.purpose = known(purpose) as ('training' | 'external')[];
  if (split?.length) filter.split = split as (Split | null)[];
  if (hasPhase?.length) filter.hasPhase = known(hasPhase).map((value) => value === 'yes');
  if (site?.length) filter.site = site;
  if (scanner?.length) filter.scanner = scanner;
  if (format?.length) filter.format = known(format);
  if (annotated?.length) filter.annotated = known(annotated).map((value) => value === 'yes');
  if (finding?.length) filter.finding = known(finding);
  if (tag?.length) filter.tag = known(tag);
  return filter;
}

/** The filter narrowed to one group. A group is always within what its own facet allows. */
export function filterOfGroup(chosen: Chosen, text: string, group: Group, value: string | null): LibraryFilter {
  return filterOf({ ...chosen, [group]: [value] }, text);
}

export function toggled(chosen: Chosen, facet: Facet, value: string | null): Chosen {
  const now = chosen[facet] ?? [];
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
  return { ...chosen, [facet]: next };
}

export function howMany(chosen: Chosen): number {
  return Object.values(chosen).reduce((sum, values) => sum + values.length, 0);
}

/** Values that a facet shows before it is unfolded. */
const SHOWN = 10;

/** The most frequent values, and those that are chosen wherever they stand; two more are shown rather than folded away. */
export function foldedValues<T extends { value: string | null }>(
  values: readonly T[],
  chosen: readonly (string | null)[],
): readonly T[] {
  if (values.length <= SHOWN + 2) return values;
  return values.filter(({ value }, i) => i < SHOWN || chosen.includes(value));
}
