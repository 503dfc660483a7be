/** Rows of the table as they lie one below the other: headings of groups, and the volumes in them. */
export interface Segment {
  /** undefined = the library is not grouped, and has no heading. */
  group: { value: string | null; open: boolean } | undefined;
  ids: readonly string[];
}

export type TableRow = { heading: number } | { id: string; segment: number; offset: number };

/** How many rows the table has. */
export function rowCount(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
}

/** What stands in row `index`; undefined beyond the end. */
export function rowAt(segments: readonly Segment[], index: number): TableRow | undefined {
  let start = 0;
  for (const [number, segment] of segments.entries()) {
    const length = lengthOf(segment);
    if (index < start + length) {
      const heading = segment.group === undefined ? 0 : 1;
      const offset = index - start - heading;
      return offset < 0 ? { heading: number } : { id: segment.ids[offset]!, segment: number, offset };
    }
    start += length;
  }
  return undefined;
}

/** The row in which a volume stands first; −1 where it is not shown. */
export function rowOf(segments: readonly Segment[], id: string): number {
  let start = 0;
  for (const segment of segments) {
    const heading = segment.group === undefined ? 0 : 1;
    const offset = segment.group?.open === false ? -1 : segment.ids.indexOf(id);
    if (offset >= 0) return start + heading + offset;
    start += lengthOf(segment);
  }
  return -1;
}

/** Volumes from one row to another, whichever comes first. */
export function idsBetween(segments: readonly Segment[], one: number, other: number): string[] {
  const ids: string[] = [];
  for (let row = Math.min(one, other); row <= Math.max(one, other); row++) {
    const at = rowAt(segments, row);
    if (at !== undefined && 'id' in at) ids.push(at.id);
  }
  return ids;
}

function lengthOf({ group, ids }: Segment): number {
  if (group === undefined) return ids.length;
  return 1 + (group.open ? ids.length : 0);
}
