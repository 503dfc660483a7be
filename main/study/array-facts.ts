import { IsochromatError } from '../domain/errors.ts';
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

/** Facts of an item never change, but it can go to the trash, which is a write of the process that has the study open. */
const known = new WeakMap<Study, { writes: number; facts: Map<string, VolumeArrayFacts> }>();

/**
 * Kept from one call to the next: a window asks for thousands of arrays, and to ask the catalogue for each took an eighth of a busy engine's time.
 * @throws IsochromatError `no-such-item`
 */
export function volumeArrayFacts(study: Study, id: string): VolumeArrayFacts {
  const { writes } = study.catalogue;
  let memory = known.get(study);
  if (memory?.writes !== writes) known.set(study, (memory = { writes, facts: new Map() }));
  let facts = memory.facts.get(id);
  if (facts === undefined) memory.facts.set(id, (facts = askedFacts(study, id)));
  return facts;
}

function askedFacts(study: Study, id: string): VolumeArrayFacts {
  const row = study.catalogue.one<VolumeArrayFacts & Record<string, string | number>>(
    `SELECT sha256, slices, rows, columns FROM volumes JOIN items USING (id) WHERE id = ? AND deleted IS NULL`,
    id,
  );
  if (row === undefined) throw noSuchItem(id);
  return row;
}

/** Coil images and sensitivities of a volume, `[kept slices, coils, rows, columns]` each. */
export interface CoilArrayFacts {
  sha256: string;
  coils: number;
  rows: number;
  columns: number;
  /** The slices that they are kept of, in the order of their arrays. */
  slices: readonly number[];
}

/** @throws IsochromatError `no-such-item`; `coils-not-kept` where the volume has none */
export function coilArrayFacts(study: Study, id: string): CoilArrayFacts {
  const { sha256, rows, columns } = volumeArrayFacts(study, id);
  const volume = study.volumes.get(id);
  const slices = keptCoilSlices(volume);
  if (slices.length > 0 && volume.coils !== null) return { sha256, coils: volume.coils, rows, columns, slices };
  throw new IsochromatError({
    code: 'coils-not-kept',
    sentence: 'No coil images are kept of this volume.',
    subject: id,
    remedy: 'They are kept when k-space of several coils is imported, unless that was told not to.',
  });
}

/** The slices of which coil images and sensitivities are kept; none for volumes of older studies. */
export function keptCoilSlices({ info }: { info: Record<string, unknown> }): number[] {
  const slices = info['coilSlices'];
  return Array.isArray(slices) ? slices.filter((slice) => Number.isInteger(slice)) : [];
}
