/** Parts whose text is longer are hardly ever equal. */
const LONGEST = 200;

/**
 * Returns a function that gives equal texts and equal small parts of many objects one place in memory. The frames of a series
 * come from worker threads one by one, each with its own copy of what they have in common.
 */
export function sharer(): <T>(value: T) => T {
  const known = new Map<string, unknown>();
  const share = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') {
      if (value.length > LONGEST) return value;
      const before = known.get(value);
      if (before === undefined) known.set(value, value);
      return before ?? value;
    }
    if (!isPlain(value)) return value;
    if (depth > 2) {
      const text = JSON.stringify(value);
      if (text !== undefined && text.length <= LONGEST) {
        const before = known.get(`\u0000${text}`);
        if (before === undefined) known.set(`\u0000${text}`, value);
        return before ?? value;
      }
    }
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) holder[key] = share(holder[key], depth + 1);
    return value;
  };
  return <T>(value: T): T => share(value, 0) as T;
}

function isPlain(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}
