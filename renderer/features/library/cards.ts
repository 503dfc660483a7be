import { rowAt } from './layout.ts';
import type { Segment } from './layout.ts';

/** A line of the card view: a heading, or cards side by side. Cards are called by the rows that they are in the table. */
export interface CardLine {
  heading: boolean;
  /** Row of the heading, or of the first card. */
  row: number;
  /** Cards in it; 1 for a heading. */
  count: number;
  top: number;
}

export interface CardSizes {
  /** Cards side by side. */
  across: number;
  heading: number;
  card: number;
}

/** All lines from the top, and how high they are together. */
export function cardLines(segments: readonly Segment[], sizes: CardSizes): { lines: CardLine[]; height: number } {
  const lines: CardLine[] = [];
  let row = 0;
  let top = 0;
  for (const { group, ids } of segments) {
    if (group !== undefined) {
      lines.push({ heading: true, row, count: 1, top });
      row += 1;
      top += sizes.heading;
      if (!group.open) continue;
    }
    for (let done = 0; done < ids.length; done += sizes.across) {
      const count = Math.min(sizes.across, ids.length - done);
      lines.push({ heading: false, row, count, top });
      row += count;
      top += sizes.card;
    }
  }
  return { lines, height: top };
}

/** The lines between two heights, and one more on either side. */
export function linesBetween(lines: readonly CardLine[], top: number, bottom: number): readonly CardLine[] {
  const first = lineAtHeight(lines, top);
  const last = lineAtHeight(lines, bottom);
  return lines.slice(Math.max(0, first - 1), last + 2);
}

/** The last line that begins at or above a height. */
function lineAtHeight(lines: readonly CardLine[], height: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lines[middle]!.top <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Number of the line in which a row stands; −1 where there is none. */
export function lineOf(lines: readonly CardLine[], row: number): number {
  return lines.findIndex(({ row: first, count }) => row >= first && row < first + count);
}

/** The card above or below, headings passed over; where the line is shorter, its last. */
export function cardBeyond(lines: readonly CardLine[], row: number, by: 1 | -1): number {
  const from = lineOf(lines, row);
  const column = from < 0 ? 0 : row - lines[from]!.row;
  for (let line = from + by; line >= 0 && line < lines.length; line += by) {
    const { heading, row: first, count } = lines[line]!;
    if (!heading) return first + Math.min(column, count - 1);
  }
  return row;
}

/** The card before or after, headings passed over. */
export function cardBeside(segments: readonly Segment[], row: number, by: 1 | -1): number {
  for (let next = row + by; ; next += by) {
    const at = next < 0 ? undefined : rowAt(segments, next);
    if (at === undefined) return row;
    if (!('heading' in at)) return next;
  }
}
