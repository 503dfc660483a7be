/** First and last facial slice, both included; null = none. */
export type FacialRange = readonly [first: number, last: number] | null;

/** The range with its nearer end moved to a slice. */
export function movedTo(range: FacialRange, slice: number): FacialRange {
  if (range === null) return [slice, slice];
  const [first, last] = range;
  if (slice < first || slice - first < last - slice) return [slice, last];
  return [first, slice];
}

export function isFacial(range: FacialRange, slice: number): boolean {
  return range !== null && slice >= range[0] && slice <= range[1];
}

/** The range with one end said in numbers as people count, from 1; it stays within the volume, and in order. */
export function withEnd(range: FacialRange, end: 'first' | 'last', typed: number, slices: number): FacialRange {
  if (!Number.isFinite(typed)) return range;
  const slice = Math.min(slices, Math.max(1, Math.round(typed))) - 1;
  const [first, last] = range ?? [slice, slice];
  return end === 'first' ? [slice, Math.max(slice, last)] : [Math.min(first, slice), slice];
}
