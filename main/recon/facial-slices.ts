/** A range of slices, both ends included. */
export interface FacialSlices {
  readonly first: number;
  readonly last: number;
}

/** A head's outline this many times rougher than at the vertex shows nose, orbits, ears or sinuses … */
const ROUGHNESS_RATIO = 1.8;
/** … unless that is still hardly rough at all. */
const LEAST_ROUGHNESS = 0.006;
/** Fewer slices than this say nothing about where the face is. */
const FEWEST_SLICES = 5;

/**
 * A suggestion which slices of an axial stack show the face: those from one end of the stack to the last slice whose
 * outline is rough. Above the orbits a head is nearly convex; nose, orbits, ears and jaw make notches. Only a
 * suggestion: the user sets the range. Undefined where no end of the stack looks like a face.
 *
 * @param mask `[slices, rows, columns]`, 1 inside the head
 */
export function suggestFacialSlices(
  mask: Uint8Array,
  slices: number,
  rows: number,
  columns: number,
): FacialSlices | undefined {
  const roughness: { slice: number; value: number }[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const outline = mask.subarray(slice * rows * columns, (slice + 1) * rows * columns);
    const value = outlineRoughness(outline, rows, columns);
    if (value !== undefined) roughness.push({ slice, value });
  }
  if (roughness.length < FEWEST_SLICES) return undefined;
  const half = Math.floor(roughness.length / 2);
  const start = median(roughness.slice(0, half).map((r) => r.value));
  const end = median(roughness.slice(-half).map((r) => r.value));
  const limit = Math.max(ROUGHNESS_RATIO * Math.min(start, end), LEAST_ROUGHNESS);
  const rough = roughness.filter((r) => r.value > limit).map((r) => r.slice);
  // The smooth half holds the vertex; what is rough there is noise, not a face.
  const middle = roughness[half]!.slice;
  const reach = Math.round(slices / 10);
  if (start > end) {
    const last = Math.max(...rough.filter((slice) => slice <= middle + reach), -1);
    return last < 0 ? undefined : { first: 0, last };
  }
  const first = Math.min(...rough.filter((slice) => slice >= middle - reach), slices);
  return first >= slices ? undefined : { first, last: slices - 1 };
}

/**
 * The share of the convex hull that the outline leaves out: 0 for a convex outline. The steps of pixels leave out up to
 * half a pixel all along the hull, which does not count. Undefined for an empty image.
 */
function outlineRoughness(mask: Uint8Array, rows: number, columns: number): number | undefined {
  const left: Point[] = [];
  const right: Point[] = [];
  let area = 0;
  for (let y = 0; y < rows; y++) {
    const line = mask.subarray(y * columns, (y + 1) * columns);
    const first = line.indexOf(1);
    if (first < 0) continue;
    const beyond = line.lastIndexOf(1) + 1;
    for (let x = first; x < beyond; x++) area += line[x]!;
    // Corners of the pixels, so that the hull covers whole pixels.
    left.push({ x: first, y }, { x: first, y: y + 1 });
    right.push({ x: beyond, y }, { x: beyond, y: y + 1 });
  }
  if (area === 0) return undefined;
  const hull = polygon([...chain(left, 1), ...chain(right, -1).reverse()]);
  return Math.max(0, hull.area - hull.perimeter / 2 - area) / hull.area;
}

interface Point {
  x: number;
  y: number;
}

/** One side of the convex hull of points that go down the image (Andrew's monotone chain); `side` is 1 for the left. */
function chain(points: readonly Point[], side: 1 | -1): Point[] {
  const hull: Point[] = [];
  for (const point of points) {
    while (hull.length >= 2 && side * turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Positive when a → b → c turns towards larger x while going down. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.y - a.y) * (c.x - a.x) - (b.x - a.x) * (c.y - a.y);
}

function polygon(points: readonly Point[]): { area: number; perimeter: number } {
  let twice = 0;
  let perimeter = 0;
  points.forEach((p, i) => {
    const next = points[(i + 1) % points.length]!;
    twice += p.x * next.y - next.x * p.y;
    perimeter += Math.hypot(next.x - p.x, next.y - p.y);
  });
  return { area: Math.abs(twice) / 2, perimeter };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
