import type { Random } from '../domain/random.ts';

/** Items by key, keys in order of first appearance. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [item]);
    else members.push(item);
  }
  return groups;
}

/**
 * Draws, without replacement, equally many items of each stratum from both lists: as many as the shorter list has there. A
 * stratum that one list lacks is left out of both. Which ones are drawn depends on `random` only.
 */
export function matchSizes<T>(
  first: readonly T[],
  second: readonly T[],
  stratum: (item: T) => string,
  random: Random,
): { first: T[]; second: T[] } {
  const a = groupBy(first, stratum);
  const b = groupBy(second, stratum);
  const out: { first: T[]; second: T[] } = { first: [], second: [] };
  for (const [name, members] of a) {
    const others = b.get(name) ?? [];
    const size = Math.min(members.length, others.length);
    out.first.push(...random.shuffled(members).slice(0, size));
    out.second.push(...random.shuffled(others).slice(0, size));
  }
  return out;
}
