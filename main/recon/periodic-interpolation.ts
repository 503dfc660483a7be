/** Four neighbours and their weights for every target position. */
export interface CubicTaps {
  /** `[to, 4]` */
  readonly indices: Uint16Array;
  readonly weights: Float32Array;
}

/**
 * Cubic Lagrange interpolation between two centred rasters over one period (the field of view): target i at
 * (i − ⌊to/2⌋)/to falls on (i − ⌊to/2⌋)·from/to + ⌊from/2⌋ of the source.
 */
export function cubicTaps(from: number, to: number): CubicTaps {
  const indices = new Uint16Array(4 * to);
  const weights = new Float32Array(4 * to);
  for (let i = 0; i < to; i++) {
    // In whole numbers over `to`, so that coinciding points coincide exactly.
    const numerator = (i - Math.floor(to / 2)) * from;
    const cell = Math.floor(numerator / to);
    const t = (numerator - cell * to) / to;
    const lagrange = [
      (-t * (t - 1) * (t - 2)) / 6,
      ((t + 1) * (t - 1) * (t - 2)) / 2,
      (-(t + 1) * t * (t - 2)) / 2,
      ((t + 1) * t * (t - 1)) / 6,
    ];
    for (let k = 0; k < 4; k++) {
      const index = cell + Math.floor(from / 2) + k - 1;
      indices[4 * i + k] = ((index % from) + from) % from;
      weights[4 * i + k] = lagrange[k]!;
    }
  }
  return { indices, weights };
}

/**
 * Interpolates the last two axes of `[planes, fromRows, fromColumns]` to `[planes, rows, columns]`, samples of `width`
 * numbers (2 for interleaved complex).
 */
export function interpolatePeriodic(
  source: Float32Array,
  planes: number,
  from: { rows: number; columns: number },
  to: { rows: number; columns: number },
  width: number,
): Float32Array {
  const down = cubicTaps(from.rows, to.rows);
  const across = cubicTaps(from.columns, to.columns);
  const stretched = new Float32Array(from.rows * to.columns * width);
  const out = new Float32Array(planes * to.rows * to.columns * width);
  const line = to.columns * width;
  for (let plane = 0; plane < planes; plane++) {
    stretchRows(source, plane * from.rows, from, across, width, stretched);
    for (let y = 0; y < to.rows; y++) {
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => down.indices[4 * y + k]! * line) as [number, number, number, number];
      const [wa, wb, wc, wd] = down.weights.subarray(4 * y, 4 * y + 4) as unknown as [number, number, number, number];
      const start = (plane * to.rows + y) * line;
      for (let i = 0; i < line; i++) {
        out[start + i] =
          wa * stretched[a + i]! + wb * stretched[b + i]! + wc * stretched[c + i]! + wd * stretched[d + i]!;
      }
    }
  }
  return out;
}

function stretchRows(
  source: Float32Array,
  firstRow: number,
  from: { rows: number; columns: number },
  { indices, weights }: CubicTaps,
  width: number,
  out: Float32Array,
): void {
  for (let y = 0, to = 0; y < from.rows; y++) {
    const row = (firstRow + y) * from.columns * width;
    for (let x = 0; x < indices.length; x += 4) {
      for (let part = 0; part < width; part++, to++) {
        let sum = 0;
        for (let k = 0; k < 4; k++) sum += weights[x + k]! * source[row + indices[x + k]! * width + part]!;
        out[to] = sum;
      }
    }
  }
}
