import { messages } from '../../messages/en/index.ts';
import type { SortBy } from './query.ts';

export type ColumnId =
  | 'name'
  | 'sequence'
  | 'class'
  | 'site'
  | 'scanner'
  | 'matrix'
  | 'slices'
  | 'coils'
  | 'signal'
  | 'patches'
  | 'boxes'
  | 'split'
  | 'purpose'
  | 'format'
  | 'tags'
  | 'created';

export interface LibraryColumn {
  id: ColumnId;
  title: string;
  /** Pixels; the first column takes what is left. */
  width: number;
  number?: boolean;
  sort?: SortBy;
}

const titles = messages.library.columns;
const column = (id: ColumnId, width: number, sort?: SortBy, number = false): LibraryColumn => ({
  id,
  title: titles[id],
  width,
  number,
  ...(sort === undefined ? {} : { sort }),
});

/** Every column of the library, in its order. */
export const COLUMNS: readonly LibraryColumn[] = [
  column('name', 190, 'name'),
  column('sequence', 88, 'sequence'),
  column('class', 100, 'tissueClass'),
  column('site', 100, 'site'),
  column('scanner', 160, 'scanner'),
  column('matrix', 92, 'matrix', true),
  column('slices', 62, 'slices', true),
  column('coils', 60, 'coils', true),
  column('signal', 118, 'hasPhase'),
  column('boxes', 64, 'boxes', true),
  column('patches', 66, 'patches', true),
  column('split', 78, 'split'),
  column('purpose', 86, 'purpose'),
  column('format', 80, 'format'),
  column('tags', 140),
  column('created', 170, 'created'),
];

export const FIRST_COLUMNS: readonly ColumnId[] = [
  'name',
  'sequence',
  'class',
  'matrix',
  'slices',
  'signal',
  'patches',
  'split',
];
