/** What is in sight of a list of rows of one height. */
export interface Sight {
  /** Pixels scrolled. */
  top: number;
  /** Pixels in sight. */
  height: number;
  rowHeight: number;
  count: number;
}

/** Rows drawn beyond either edge, so that a quick scroll meets no blank. */
const MARGIN = 8;

/** First row to draw and the one after the last. */
export function windowOf({ top, height, rowHeight, count }: Sight): { first: number; last: number } {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - MARGIN));
  const last = Math.max(first, Math.min(count, Math.ceil((top + height) / rowHeight) + MARGIN));
  return { first, last };
}
