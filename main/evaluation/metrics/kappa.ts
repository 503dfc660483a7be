import { IsochromatError } from '../../domain/errors.ts';
import { requireSameLength } from './phase-coherence.ts';

export type KappaWeights = 'none' | 'linear' | 'quadratic';

/**
 * Cohen's κ of two readers' ratings of the same items, plain or weighted by the distance between categories (Cohen
 * 1960, 1968). `categories` in their order; by default those that occur, ascending. Null where chance alone explains
 * everything (both readers used one and the same category).
 */
export function cohenKappa(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  weights: KappaWeights = 'none',
  categories: readonly number[] = occurring(first, second),
): number | null {
  requireSameLength('kappa', first, second);
  const size = categories.length;
  const index = new Map(categories.map((category, i) => [category, i]));
  const n = first.length;
  const countFirst = new Float64Array(size);
  const countSecond = new Float64Array(size);
  const cost = (i: number, j: number): number =>
    weights === 'none' ? Number(i !== j) : weights === 'linear' ? Math.abs(i - j) : (i - j) ** 2;
  let observed = 0;
  for (let k = 0; k < n; k++) {
    const i = index.get(first[k]!);
    const j = index.get(second[k]!);
    if (i === undefined || j === undefined) throw unknownRating(k, i === undefined ? first[k] : second[k], categories);
    countFirst[i]!++;
    countSecond[j]!++;
    observed += cost(i, j);
  }
  let expected = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) expected += (cost(i, j) * countFirst[i]! * countSecond[j]!) / n;
  }
  return expected === 0 ? null : 1 - observed / expected;
}

/** Fleiss' κ (1971) of two or more readers who each rated every item; `readers[r][item]`. Null as in `cohenKappa`. */
export function fleissKappa(readers: readonly ArrayLike<number>[]): number | null {
  const [first, ...others] = readers;
  if (first === undefined || others.length === 0) return null;
  for (const other of others) requireSameLength('kappa', first, other);
  const raters = readers.length;
  const items = first.length;
  const totals = new Map<number, number>();
  let agreement = 0;
  for (let item = 0; item < items; item++) {
    const counts = new Map<number, number>();
    for (const reader of readers) counts.set(reader[item]!, (counts.get(reader[item]!) ?? 0) + 1);
    for (const [category, count] of counts) {
      agreement += count * (count - 1);
      totals.set(category, (totals.get(category) ?? 0) + count);
    }
  }
  const observed = agreement / (items * raters * (raters - 1));
  let chance = 0;
  for (const total of totals.values()) chance += (total / (items * raters)) ** 2;
  return chance === 1 ? null : (observed - chance) / (1 - chance);
}

function occurring(first: ArrayLike<number>, second: ArrayLike<number>): number[] {
  return [...new Set([...Array.from(first), ...Array.from(second)])].sort((a, b) => a - b);
}

function unknownRating(item: number, rating: unknown, categories: readonly number[]): IsochromatError {
  return new IsochromatError({
    code: 'kappa-unknown-rating',
    sentence: `The rating of item ${item + 1} is none of the categories.`,
    expected: `one of ${categories.join(', ')}`,
    found: String(rating),
  });
}
