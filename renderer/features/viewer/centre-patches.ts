const [SIZE, COUNT, STRIDE] = [96, 4, 75];

/** The four patches in the middle of the 4 × 4 grid: what a slice of an external volume is scored by. */
export function centrePatches(rows: number, columns: number): { top: number; left: number; size: number }[] {
  if (rows < SIZE || columns < SIZE) return [];
  const starts = (length: number): number[] =>
    Array.from({ length: COUNT }, (_, i) => Math.min(i * STRIDE, length - SIZE)).slice(1, -1);
  return starts(rows).flatMap((top) => starts(columns).map((left) => ({ top, left, size: SIZE })));
}
