import { sequenceIndex } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { TISSUE_CLASSES } from '../domain/tissue.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import { openPatchSource } from '../training/batches/patch-source.ts';
import type { PatchDataset } from '../training/dataset.ts';
import type { Patch } from './patch-sets.ts';
import type { Study } from './study.ts';

/** Patches of one split of a set, read from disk as they are asked for. Close it when done. */
export interface StoredPatches extends PatchDataset {
  /** What is known of each, in the order of the indices. */
  readonly patches: readonly Patch[];
  close(): void;
}

/**
 * Opens patches for training or evaluation; memory holds their labels, not their pixels.
 * @param filter only these classes or sequences; default all
 */
export async function openPatches(
  study: Study,
  patchSet: string,
  filter: { split: Split; tissueClasses?: readonly TissueClass[]; sequences?: readonly Sequence[] },
): Promise<StoredPatches> {
  const { size } = study.patchSets.get(patchSet);
  const patches = study.patchSets
    .patches(patchSet, { split: filter.split })
    .filter((patch) => filter.tissueClasses?.includes(patch.tissueClass) ?? true)
    .filter((patch) => filter.sequences?.includes(patch.sequence) ?? true);
  const source = {
    file: study.patchSets.file(patchSet, filter.split),
    positions: Int32Array.from(patches, ({ position }) => position),
    size,
  };
  const reader = await openPatchSource(source);
  return {
    count: patches.length,
    size,
    patches,
    sequence: Uint8Array.from(patches, (patch) => sequenceIndex(patch.sequence)),
    tissue: Uint8Array.from(patches, (patch) => TISSUE_CLASSES.indexOf(patch.tissueClass)),
    volume: patches.map((patch) => patch.volume),
    source,
    ...reader,
  };
}
