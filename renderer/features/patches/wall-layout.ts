/** Where rows of tiles lie on a wall of a given width. */
export function wallLayout(width: number, tile: { width: number; height: number }, count: number, gap: number) {
  const columns = Math.max(1, Math.floor((width + gap) / (tile.width + gap)));
  return { columns, rows: Math.ceil(count / columns), rowHeight: tile.height + gap };
}
