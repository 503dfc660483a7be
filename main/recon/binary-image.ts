/** A stack of binary images, `[slices, rows, columns]`, 0 or 1. */
export interface BinaryVolume {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array;
}

/** Morphological closing of one image by a disk: gaps narrower than it are bridged, the outline stays. */
export function close(image: Uint8Array, rows: number, columns: number, radius: number): Uint8Array {
  // A margin, so that dilation is not cut off at the border and erosion does not eat from it.
  const wide = columns + 2 * radius;
  const high = rows + 2 * radius;
  const padded = new Uint8Array(high * wide);
  for (let y = 0; y < rows; y++)
    padded.set(image.subarray(y * columns, (y + 1) * columns), (y + radius) * wide + radius);
  const dilated = withinDistance(padded, high, wide, radius, 1);
  const outside = withinDistance(dilated, high, wide, radius, 0);
  const out = new Uint8Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) out[y * columns + x] = 1 - outside[(y + radius) * wide + x + radius]!;
  }
  return out;
}

/** 1 where a pixel equal to `value` lies within `radius` (Euclidean); beyond the border there is none. */
function withinDistance(image: Uint8Array, rows: number, columns: number, radius: number, value: 0 | 1): Uint8Array {
  const out = new Uint8Array(rows * columns);
  // For each row, the horizontal distance to the nearest such pixel; then a disk is a union of horizontal runs.
  const distance = new Uint16Array(rows * columns).fill(0xffff);
  for (let y = 0; y < rows; y++) {
    sweep(image, distance, y * columns, columns, 1, value);
    sweep(image, distance, (y + 1) * columns - 1, columns, -1, value);
  }
  for (let dy = -radius; dy <= radius; dy++) {
    const reach = Math.floor(Math.sqrt(radius * radius - dy * dy));
    for (let y = Math.max(0, -dy); y < Math.min(rows, rows - dy); y++) {
      const to = y * columns;
      const from = (y + dy) * columns;
      for (let x = 0; x < columns; x++) if (distance[from + x]! <= reach) out[to + x] = 1;
    }
  }
  return out;
}

function sweep(image: Uint8Array, distance: Uint16Array, start: number, length: number, step: number, value: 0 | 1) {
  let last = 0xffff;
  for (let i = 0, at = start; i < length; i++, at += step) {
    last = image[at] === value ? 0 : Math.min(0xffff, last + 1);
    distance[at] = Math.min(distance[at]!, last);
  }
}

/** Keeps the largest connected component (shared faces, through slices as well). */
export function largestComponent(volume: BinaryVolume): BinaryVolume {
  const { slices, rows, columns, data } = volume;
  const labels = new Uint32Array(data.length);
  const stack = new Uint32Array(data.length);
  let best = 0;
  let bestSize = 0;
  let label = 0;
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    label++;
    const size = flood(seed, slices, rows, columns, stack, (at) => {
      if (data[at] === 0 || labels[at] !== 0) return false;
      labels[at] = label;
      return true;
    });
    if (size > bestSize) [best, bestSize] = [label, size];
  }
  const kept = new Uint8Array(data.length);
  if (best > 0) for (let i = 0; i < kept.length; i++) kept[i] = Number(labels[i] === best);
  return { ...volume, data: kept };
}

/** Fills what the foreground encloses within each slice: ventricles in FLAIR, flow voids, sinuses. */
export function fillHoles(volume: BinaryVolume): BinaryVolume {
  const { slices, rows, columns, data } = volume;
  const outside = new Uint8Array(data.length);
  const stack = new Uint32Array(rows * columns);
  for (let s = 0; s < slices; s++) {
    const image = data.subarray(s * rows * columns, (s + 1) * rows * columns);
    const mark = outside.subarray(s * rows * columns, (s + 1) * rows * columns);
    const enter = (at: number): boolean => {
      if (image[at] === 1 || mark[at] === 1) return false;
      mark[at] = 1;
      return true;
    };
    for (let x = 0; x < columns; x++) {
      flood(x, 1, rows, columns, stack, enter);
      flood((rows - 1) * columns + x, 1, rows, columns, stack, enter);
    }
    for (let y = 0; y < rows; y++) {
      flood(y * columns, 1, rows, columns, stack, enter);
      flood(y * columns + columns - 1, 1, rows, columns, stack, enter);
    }
  }
  return { ...volume, data: outside.map((o) => 1 - o) };
}

/** Visits everything reachable from `seed` through shared faces; `enter` marks a sample and says whether it was new. */
function flood(
  seed: number,
  slices: number,
  rows: number,
  columns: number,
  stack: Uint32Array,
  enter: (at: number) => boolean,
): number {
  if (!enter(seed)) return 0;
  const plane = rows * columns;
  let size = 1;
  let depth = 0;
  stack[depth++] = seed;
  const visit = (at: number): void => {
    if (!enter(at)) return;
    size++;
    stack[depth++] = at;
  };
  while (depth > 0) {
    const at = stack[--depth]!;
    const x = at % columns;
    const y = Math.floor(at / columns) % rows;
    const s = Math.floor(at / plane);
    if (x > 0) visit(at - 1);
    if (x < columns - 1) visit(at + 1);
    if (y > 0) visit(at - columns);
    if (y < rows - 1) visit(at + columns);
    if (s > 0) visit(at - plane);
    if (s < slices - 1) visit(at + plane);
  }
  return size;
}
