/** Words of more places than these, close together on one slice, would hide it. */
export const FEW = 6;

/** A word on a pane: its left end and base line in CSS pixels. */
export interface Word {
  x: number;
  y: number;
  text: string;
}

/** What a word takes on the screen at most, CSS pixels: a letter's width, and a line's height. */
const LETTER = 6.5;
const LINE = 14;

/** About the width of a text, CSS pixels. */
export const widthOf = (text: string): number => text.length * LETTER;

/** Which of some words can be written so that none lies on another; an earlier one goes before. */
export function wordsApart(words: readonly Word[]): ReadonlySet<number> {
  const written = new Set<number>();
  for (const [i, { x, y, text }] of words.entries()) {
    const free = [...written].every((k) => {
      const other = words[k]!;
      return Math.abs(other.y - y) >= LINE || x >= other.x + widthOf(other.text) || other.x >= x + widthOf(text);
    });
    if (free) written.add(i);
  }
  return written;
}
