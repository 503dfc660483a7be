import { IsochromatError } from '../domain/errors.ts';
import { Random } from '../domain/random.ts';
import type { DataOrder } from './order.ts';

/**
 * Draws with replacement such that every stratum that has items is drawn equally often, whatever its size (weight of an
 * item = 1 / size of its stratum). Used over sequence × label in fine-tuning, and over label in classifiers.
 * @param strata the stratum of each item; any names or numbers
 */
export function balancedOrder(strata: ArrayLike<string | number>, batchSize: number, seed: number | string): DataOrder {
  const members = new Map<string | number, number[]>();
  for (let i = 0; i < strata.length; i++) {
    const stratum = strata[i]!;
    const list = members.get(stratum);
    if (list === undefined) members.set(stratum, [i]);
    else list.push(i);
  }
  if (members.size === 0) {
    throw new IsochromatError({
      code: 'no-training-items',
      sentence: 'There is nothing to draw training samples from.',
      expected: 'at least one patch',
      found: 'none',
    });
  }
  // Strata in a fixed order, whatever order the items came in.
  const groups = [...members.entries()].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).map(([, list]) => list);
  return {
    indices(step) {
      const random = Random.for(seed, 'balanced', step);
      return Int32Array.from({ length: batchSize }, () => random.pick(random.pick(groups)));
    },
  };
}
