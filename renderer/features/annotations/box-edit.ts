/** A box on the stored image, edges in pixels. */
export interface BoxShape {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** The corners and edges that a box is resized by, by compass. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

const LEAST = 1;

/** Whole pixels, inside of the image, at least one pixel each way. */
export function fittedBox({ top, left, height, width }: BoxShape, image: { rows: number; columns: number }): BoxShape {
  const first = (from: number, most: number): number => Math.min(Math.max(Math.round(from), 0), most - LEAST);
  const [y, x] = [first(top, image.rows), first(left, image.columns)];
  const last = (to: number, from: number, most: number): number =>
    Math.min(Math.max(Math.round(to), from + LEAST), most);
  return {
    top: y,
    left: x,
    height: last(top + height, y, image.rows) - y,
    width: last(left + width, x, image.columns) - x,
  };
}

/** The box moved as a whole; it stops at the image's edges and keeps its size. */
export function movedBox(
  box: BoxShape,
  by: { x: number; y: number },
  image: { rows: number; columns: number },
): BoxShape {
  const along = (from: number, step: number, size: number, most: number): number =>
    Math.min(Math.max(from + Math.round(step), 0), Math.max(most - size, 0));
  return {
    ...box,
    top: along(box.top, by.y, box.height, image.rows),
    left: along(box.left, by.x, box.width, image.columns),
  };
}

/** The box with one handle moved; pulled over the opposite side it turns over. */
export function resizedBox(
  { top, left, height, width }: BoxShape,
  handle: Handle,
  by: { x: number; y: number },
  image: { rows: number; columns: number },
): BoxShape {
  let [north, south, west, east] = [top, top + height, left, left + width];
  if (handle.includes('n')) north += by.y;
  if (handle.includes('s')) south += by.y;
  if (handle.includes('w')) west += by.x;
  if (handle.includes('e')) east += by.x;
  [north, south] = [Math.min(north, south), Math.max(north, south)];
  [west, east] = [Math.min(west, east), Math.max(west, east)];
  return fittedBox({ top: north, left: west, height: south - north, width: east - west }, image);
}

/** Where a handle lies on a box. */
export function handleAt({ top, left, height, width }: BoxShape, handle: Handle): { x: number; y: number } {
  const x = handle.includes('w') ? left : handle.includes('e') ? left + width : left + width / 2;
  const y = handle.includes('n') ? top : handle.includes('s') ? top + height : top + height / 2;
  return { x, y };
}
