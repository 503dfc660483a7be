import type { Value } from './catalogue.ts';
import type { Patch, PatchFilter } from './patch-sets.ts';
import type { Study } from './study.ts';

const COLUMNS = { split: 'split', tissueClass: 'tissue_class', sequence: 'sequence', volume: 'volume' } as const;

/** Some of the patches of a set that a filter leaves, in the order of splits and positions, and how many there are. */
export function patchPage(
  study: Study,
  patchSet: string,
  filter: PatchFilter,
  { offset, limit }: { offset: number; limit: number },
): { total: number; patches: Patch[] } {
  const { id } = study.patchSets.get(patchSet);
  const parts = ['patch_set = ?'];
  const values: Value[] = [id];
  for (const [key, column] of Object.entries(COLUMNS)) {
    const value = filter[key as keyof typeof COLUMNS];
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    values.push(value);
  }
  const where = parts.join(' AND ');
  const { n: total } = study.catalogue.one<{ n: number }>(
    `SELECT count(*) AS n FROM patches WHERE ${where}`,
    ...values,
  )!;
  const patches = study.catalogue
    .all(
      `SELECT split, position, volume, slice, top, left_column AS "left", tissue_class AS tissueClass, sequence, box
       FROM patches WHERE ${where} ORDER BY split, position LIMIT ? OFFSET ?`,
      ...values,
      limit,
      offset,
    )
    .map((row) => ({ ...row }) as unknown as Patch);
  return { total, patches };
}
