/**
 * The outline of a mask along the edges of its pixels, as the path of an SVG in image coordinates. Runs of edges are joined, so that a brain
 * needs some hundred segments.
 * @param mask `[rows, columns]`, 0 or not
 */
export function maskOutline(mask: Uint8Array, rows: number, columns: number): string {
  const inside = (row: number, column: number): boolean =>
    row >= 0 && row < rows && column >= 0 && column < columns && mask[row * columns + column] !== 0;
  const parts: string[] = [];
  // Horizontal edges lie above row r, vertical ones left of column c; r = rows and c = columns are the last.
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (inside(row - 1, column) === inside(row, column)) continue;
      const start = column;
      while (column + 1 < columns && inside(row - 1, column + 1) !== inside(row, column + 1)) column++;
      parts.push(`M${start} ${row}H${column + 1}`);
    }
  }
  for (let column = 0; column <= columns; column++) {
    for (let row = 0; row < rows; row++) {
      if (inside(row, column - 1) === inside(row, column)) continue;
      const start = row;
      while (row + 1 < rows && inside(row + 1, column - 1) !== inside(row + 1, column)) row++;
      parts.push(`M${column} ${start}V${row + 1}`);
    }
  }
  return parts.join('');
}
