import { noSuchItem } from './items.ts';
import type { Study } from './study.ts';

/** What a reader of a volume's arrays has to know, without what only people read. */
export interface VolumeArrayFacts {
  /** Of the item as it was published: its arrays never change. */
  sha256: string;
  slices: number;
  rows: number;
  columns: number;
}

/** @throws IsochromatError `no-such-item` */
export function volumeArrayFacts(study: Study, id: string): VolumeArrayFacts {
  const row = study.catalogue.one<VolumeArrayFacts & Record<string, string | number>>(
    `SELECT sha256, slices, rows, columns FROM volumes JOIN items USING (id) WHERE id = ? AND deleted IS NULL`,
    id,
  );
  if (row === undefined) throw noSuchItem(id);
  return row;
}
