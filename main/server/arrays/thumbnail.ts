/** A small grey picture, row-major. */
export interface Thumbnail {
  rows: number;
  columns: number;
  data: Uint8Array;
}

/**
 * A complex slice as a small picture whose longer side has `size` pixels: each pixel averages the samples that it covers.
 * Magnitude 0 … largest becomes 0 … 255. Phase is that of the complex mean, −π … π becomes 0 … 255.
 */
export function thumbnail(
  complex: Float32Array,
  { rows, columns }: { rows: number; columns: number },
  part: 'magnitude' | 'phase',
  size: number,
): Thumbnail {
  const shrink = Math.min(1, size / Math.max(rows, columns));
  const small = { rows: Math.max(1, Math.round(rows * shrink)), columns: Math.max(1, Math.round(columns * shrink)) };
  const values = new Float32Array(small.rows * small.columns);
  for (let row = 0; row < small.rows; row++) {
    const [top, bottom] = covered(row, small.rows, rows);
    for (let column = 0; column < small.columns; column++) {
      const [left, right] = covered(column, small.columns, columns);
      let sum = 0;
      let re = 0;
      let im = 0;
      for (let y = top; y < bottom; y++) {
        for (let i = 2 * (y * columns + left); i < 2 * (y * columns + right); i += 2) {
          const [a, b] = [complex[i]!, complex[i + 1]!];
          sum += Math.sqrt(a * a + b * b);
          re += a;
          im += b;
        }
      }
      const count = (bottom - top) * (right - left);
      values[row * small.columns + column] = part === 'magnitude' ? sum / count : Math.atan2(im, re);
    }
  }
  return { ...small, data: part === 'magnitude' ? grey(values) : cyclicGrey(values) };
}

/** First and last (exclusive) sample that pixel i of n covers out of `total`. */
function covered(i: number, n: number, total: number): [number, number] {
  const first = Math.floor((i * total) / n);
  return [first, Math.max(first + 1, Math.floor(((i + 1) * total) / n))];
}

function grey(values: Float32Array): Uint8Array {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return Uint8Array.from(values, (value) => (largest === 0 ? 0 : Math.round((255 * value) / largest)));
}

function cyclicGrey(values: Float32Array): Uint8Array {
  return Uint8Array.from(values, (phase) => Math.round((255 * (phase + Math.PI)) / (2 * Math.PI)));
}
