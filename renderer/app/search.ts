/**
 * Those of `items` whose text holds every word of the query, best first: words at the start of a word before words inside one.
 * Order among equals is kept.
 */
export function rank<T>(query: string, items: readonly T[], textOf: (item: T) => string): T[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [...items];
  const scored: { item: T; score: number }[] = [];
  for (const item of items) {
    const text = textOf(item).toLowerCase();
    let score = 0;
    for (const word of words) {
      const at = text.indexOf(word);
      if (at < 0) {
        score = -1;
        break;
      }
      score += text.startsWith(word) ? 3 : text.includes(` ${word}`) ? 2 : 1;
    }
    if (score >= 0) scored.push({ item, score });
  }
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}
