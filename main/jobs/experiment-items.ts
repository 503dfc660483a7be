import { SEQUENCES } from '../domain/sequences.ts';
import { TISSUE_CLASSES } from '../domain/tissue.ts';
import type { Item } from '../evaluation/classification-task.ts';
import type { SyntheticItem } from '../study/index.ts';
import type { ItemLabels } from '../training/dataset.ts';

/** Real patches as items of an experiment; their keys begin at `firstKey` in its pool. */
export function realItems(labels: ItemLabels, firstKey: number): Item[] {
  return Array.from(labels.sequence, (sequence, i) => {
    const tissue = TISSUE_CLASSES[labels.tissue[i]!];
    const abnormal = tissue === 'unlabeled' ? null : tissue === 'abnormal' ? 1 : 0;
    return { source: 'real', key: firstKey + i, sequence: SEQUENCES[sequence]!, abnormal, volume: labels.volume[i]! };
  });
}

/** Synthetic patches as items; each stands for itself in a bootstrap over volumes. */
export function syntheticItems(items: readonly SyntheticItem[], firstKey: number): Item[] {
  return items.map(({ sequence, condition, seed }, i) => ({
    source: 'synthetic',
    key: firstKey + i,
    sequence,
    abnormal: condition === 'unknown' ? null : condition === 'abnormal' ? 1 : 0,
    volume: `synthetic ${seed}`,
  }));
}
