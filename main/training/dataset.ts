import { IsochromatError } from '../domain/errors.ts';
import { gather } from './batches/patch-source.ts';
import type { PatchSource } from './batches/patch-source.ts';

/** What is known of each item of a training set. Arrays run parallel to the items. */
export interface ItemLabels {
  /** Index into SEQUENCES. */
  readonly sequence: Uint8Array;
  /** Index into TISSUE_CLASSES. */
  readonly tissue: Uint8Array;
  /** Volume each item was cut from. */
  readonly volume: readonly string[];
}

/** Complex patches a trainer reads from, in memory or on disk. */
export interface PatchDataset extends ItemLabels {
  readonly count: number;
  /** Side of the square patches. */
  readonly size: number;
  /** The patches of these indices, `[indices.length, size, size, 2]`: real and imaginary part last. */
  read(indices: ArrayLike<number>): Float32Array;
  /** Where they lie, if another thread could read them. */
  readonly source?: PatchSource;
}

/**
 * A data set over patches that lie in memory.
 * @param images `[n, size, size, 2]`
 * @throws IsochromatError `dataset-shape` when the arrays do not belong together
 */
export function patchesInMemory(images: Float32Array, size: number, labels: ItemLabels): PatchDataset {
  const length = 2 * size * size;
  const count = labels.sequence.length;
  checkLengths(count, images.length / length, labels);
  return {
    ...labels,
    count,
    size,
    source: { images, size },
    read: (indices) => gather(images, length, indices),
  };
}

/** The items of a data set for which `keep` holds, in their order, without copying patches. */
export function subset(dataset: PatchDataset, keep: (index: number) => boolean): PatchDataset {
  const indices = Int32Array.from({ length: dataset.count }, (_, i) => i).filter((i) => keep(i));
  return {
    ...labelsOf(dataset, indices),
    count: indices.length,
    size: dataset.size,
    read: (wanted) => dataset.read(Int32Array.from({ length: wanted.length }, (_, i) => indices[wanted[i]!]!)),
  };
}

/** The labels of these items, copied. */
export function labelsOf(labels: ItemLabels, indices: ArrayLike<number>): ItemLabels {
  const list = Array.from(indices);
  return {
    sequence: Uint8Array.from(list, (i) => labels.sequence[i]!),
    tissue: Uint8Array.from(list, (i) => labels.tissue[i]!),
    volume: list.map((i) => labels.volume[i]!),
  };
}

/** Refuses labels that are not one per item. */
export function checkLengths(count: number, items: number, labels: ItemLabels): void {
  if (items === count && labels.tissue.length === count && labels.volume.length === count) return;
  throw new IsochromatError({
    code: 'dataset-shape',
    sentence: 'The patches and their labels do not belong together.',
    expected: `as many patches, sequences, classes and volumes`,
    found: `${items} patches, ${count} sequences, ${labels.tissue.length} classes, ${labels.volume.length} volumes`,
  });
}

/** Refuses a training set without items. */
export function requireItems(count: number, what: string): void {
  if (count > 0) return;
  throw new IsochromatError({
    code: 'no-training-items',
    sentence: `There is nothing to train ${what} on.`,
    expected: 'at least one patch',
    found: 'none',
    remedy: 'Import volumes and extract patches first.',
  });
}
