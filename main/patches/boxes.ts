/** A rectangle in pixels of an image; edges need not be whole numbers. */
export interface Rectangle {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** Area that two rectangles share. */
export function intersection(a: Rectangle, b: Rectangle): number {
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  return height > 0 && width > 0 ? height * width : 0;
}

/**
 * How much a patch and a box have in common, 0 … 1: intersection / min(box area, patch area). A small finding wholly inside a
 * patch counts as 1, as does a patch wholly inside a large one. A box without area has nothing in common with anything.
 */
export function overlap(patch: Rectangle, box: Rectangle): number {
  const smaller = Math.min(box.height * box.width, patch.height * patch.width);
  return smaller > 0 ? intersection(patch, box) / smaller : 0;
}

/**
 * Carries a box over to the image resized in k-space (recon/resize.ts). Pixel i covers i − ½ … i + ½, and the centres
 * of pixels ⌊n/2⌋ and ⌊m/2⌋ coincide: the edge before pixel a, at a − ½, comes to (a − ½ − ⌊n/2⌋)·m/n + ⌊m/2⌋.
 * @param from rows and columns of the image that the box was drawn on
 * @param to rows and columns of the stored image
 */
export function resizeBox<B extends Rectangle>(
  box: B,
  from: { rows: number; columns: number },
  to: { rows: number; columns: number },
): B {
  const edge = (at: number, n: number, m: number): number =>
    ((at - 0.5 - Math.floor(n / 2)) * m) / n + Math.floor(m / 2) + 0.5;
  const top = edge(box.top, from.rows, to.rows);
  const left = edge(box.left, from.columns, to.columns);
  return {
    ...box,
    top,
    left,
    height: (box.height * to.rows) / from.rows,
    width: (box.width * to.columns) / from.columns,
  };
}
