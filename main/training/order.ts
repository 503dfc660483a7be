import { Random } from '../domain/random.ts';

/**
 * Which items each step reads. An order is a function of its seed and the step alone, so that its whole state in a
 * checkpoint is the step: a resumed run reads what the uninterrupted one would have read.
 */
export interface DataOrder {
  /** Indices of the items of step `step` (from 0). */
  indices(step: number): Int32Array;
}

/** Every item once an epoch, each epoch shuffled anew; a batch may straddle two epochs. */
export function shuffledOrder(items: number, batchSize: number, seed: number | string): DataOrder {
  let cached: { epoch: number; order: Int32Array } | undefined;
  const epochOrder = (epoch: number): Int32Array => {
    if (cached?.epoch !== epoch) cached = { epoch, order: permutation(items, Random.for(seed, 'epoch', epoch)) };
    return cached.order;
  };
  return {
    indices(step) {
      const out = new Int32Array(batchSize);
      for (let i = 0; i < batchSize; i++) {
        const position = step * batchSize + i;
        out[i] = epochOrder(Math.floor(position / items))[position % items]!;
      }
      return out;
    },
  };
}

function permutation(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
