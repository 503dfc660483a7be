import type { Sequence } from '../domain/sequences.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import { SPLITS, TISSUE_CLASSES } from '../domain/tissue.ts';
import type { Study } from './study.ts';

/** One cell of Table 1. */
export interface PatchCount {
  tissue: TissueClass;
  sequence: Sequence;
  split: Split;
  /** Volumes that gave at least one patch to this cell. */
  volumes: number;
  patches: number;
}

/**
 * The paper's Table 1: patches, and the volumes they are from, by class × sequence × split, in this order; only cells that are
 * not empty. A normal patch of an abnormal volume counts as normal, so a volume can be in two cells.
 */
export function patchTable(study: Study, patchSet: string): PatchCount[] {
  const { id } = study.patchSets.get(patchSet);
  return study.catalogue
    .all<PatchCount & Record<string, string>>(
      `SELECT tissue_class AS tissue, sequence, split, count(DISTINCT volume) AS volumes, count(*) AS patches
       FROM patches WHERE patch_set = ? GROUP BY tissue_class, sequence, split`,
      id,
    )
    .map((row) => ({ ...row }))
    .sort(
      (a, b) =>
        TISSUE_CLASSES.indexOf(a.tissue) - TISSUE_CLASSES.indexOf(b.tissue) ||
        SEQUENCES.indexOf(a.sequence) - SEQUENCES.indexOf(b.sequence) ||
        SPLITS.indexOf(a.split) - SPLITS.indexOf(b.split),
    );
}

export interface VolumeCount {
  purpose: 'training' | 'external';
  /** null = reviewed, but neither normal nor abnormal. */
  tissue: TissueClass | null;
  sequence: Sequence;
  volumes: number;
  slices: number;
}

/** Volumes by purpose × class × sequence: what there is before patches are cut. */
export function volumeTable(study: Study): VolumeCount[] {
  const place = (tissue: TissueClass | null): number =>
    tissue === null ? TISSUE_CLASSES.length : TISSUE_CLASSES.indexOf(tissue);
  return study.catalogue
    .all<VolumeCount & Record<string, string>>(
      `SELECT purpose, tissue_class AS tissue, sequence, count(*) AS volumes, sum(slices) AS slices
       FROM volumes JOIN items USING (id) WHERE deleted IS NULL GROUP BY purpose, tissue_class, sequence`,
    )
    .map((row) => ({ ...row }))
    .sort(
      (a, b) =>
        b.purpose.localeCompare(a.purpose) ||
        place(a.tissue) - place(b.tissue) ||
        SEQUENCES.indexOf(a.sequence) - SEQUENCES.indexOf(b.sequence),
    );
}
