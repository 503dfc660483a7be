import { IsochromatError } from '../domain/errors.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import { openPatches } from '../study/index.ts';
import type { Patch, PatchSet, Study } from '../study/index.ts';
import { patchesInMemory } from '../training/dataset.ts';
import type { PatchDataset } from '../training/dataset.ts';
import { reducePatches } from '../training/reduce.ts';

/** Patches of one split at the size that a preset's models see. Close it when done. */
export interface ModelPatches extends PatchDataset {
  readonly patches: readonly Patch[];
  close(): void;
}

/**
 * @throws IsochromatError `no-patches` while the study has no patch set
 */
export function requirePatchSet(study: Study, id?: string): PatchSet {
  const set = id === undefined ? study.patchSets.latest() : study.patchSets.get(id);
  if (set !== undefined) return set;
  throw new IsochromatError({
    code: 'no-patches',
    sentence: 'There are no patches in this study yet.',
    remedy: 'Extract them first: isochromat patches STUDY.',
  });
}

/**
 * Opens patches for models. At their own size they are read from disk as they are asked for; where the preset works on smaller
 * ones they are reduced once, and kept in memory, a quarter of the size.
 */
export async function openModelPatches(
  study: Study,
  patchSet: string,
  split: Split,
  size: number,
  tissueClasses?: readonly TissueClass[],
): Promise<ModelPatches> {
  const stored = await openPatches(study, patchSet, { split, ...(tissueClasses ? { tissueClasses } : {}) });
  if (stored.size === size) return stored;
  try {
    const images = new Float32Array(stored.count * 2 * size * size);
    for (let start = 0; start < stored.count; start += 64) {
      const count = Math.min(64, stored.count - start);
      const part = stored.read(Int32Array.from({ length: count }, (_, i) => start + i));
      images.set(reducePatches(part, stored.size, size), start * 2 * size * size);
    }
    return { ...patchesInMemory(images, size, stored), patches: stored.patches, close: () => {} };
  } finally {
    stored.close();
  }
}
