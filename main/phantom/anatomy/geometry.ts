/**
 * Signed distances in millimetres, negative inside: the vocabulary in which the phantom's anatomy is written. All are
 * cheap approximations that are exact on the surface and monotone near it, which is all that partial volume needs.
 */

/** Polynomial smooth minimum: the union of two bodies whose seam is rounded over `radius` mm. */
export function smoothUnion(a: number, b: number, radius: number): number {
  const h = radius - Math.abs(a - b);
  return (a < b ? a : b) - (h > 0 ? (h * h) / (4 * radius) : 0);
}

/** Ellipsoid at the origin: (k₀ − 1)·k₀/k₁ with k₀ = |p/r|, k₁ = |p/r²|, which is the first-order distance. */
export function ellipsoid(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
  const a = x / rx;
  const b = y / ry;
  const c = z / rz;
  const k0 = Math.sqrt(a * a + b * b + c * c);
  if (k0 < 1e-3) return -Math.min(rx, ry, rz);
  const d = a / rx;
  const e = b / ry;
  const f = c / rz;
  return ((k0 - 1) * k0) / Math.sqrt(d * d + e * e + f * f);
}

/** An ellipsoid turned about the vertical axis by `angle` radians. */
export interface TurnedEllipsoid {
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly angle: number;
}

export function turnedEllipsoid(body: TurnedEllipsoid, x: number, y: number, z: number): number {
  const [cx, cy, cz] = body.centre;
  const [rx, ry, rz] = body.radii;
  const c = Math.cos(body.angle);
  const s = Math.sin(body.angle);
  const dx = x - cx;
  const dy = y - cy;
  return ellipsoid(c * dx + s * dy, c * dy - s * dx, z - cz, rx, ry, rz);
}

/** One knot of a chain: a place and the radius of the tube there. */
export type Knot = readonly [x: number, y: number, z: number, radius: number];

/** A tube through knots, its radius varying between them: ventricles, nuclei and vessels are made of these. */
export class Chain {
  private readonly segments: Float64Array;
  private readonly low: [number, number, number];
  private readonly high: [number, number, number];
  private readonly seam: number;

  /** @param branches further tubes, each a chain of its own, joined to the first */
  constructor(knots: readonly Knot[], seam = 2, ...branches: (readonly Knot[])[]) {
    this.seam = seam;
    const numbers: number[] = [];
    for (const tube of [knots, ...branches]) {
      for (let i = 0; i + 1 < tube.length; i++) {
        const [ax, ay, az, ar] = tube[i]!;
        const [bx, by, bz, br] = tube[i + 1]!;
        const [dx, dy, dz] = [bx - ax, by - ay, bz - az];
        numbers.push(ax, ay, az, dx, dy, dz, ar, br - ar, 1 / (dx * dx + dy * dy + dz * dz));
      }
    }
    this.segments = Float64Array.from(numbers);
    const all = [...knots, ...branches.flat()];
    const bound = (axis: 0 | 1 | 2, sign: 1 | -1): number =>
      sign * Math.max(...all.map((knot) => sign * knot[axis] + knot[3]));
    this.low = [bound(0, -1), bound(1, -1), bound(2, -1)];
    this.high = [bound(0, 1), bound(1, 1), bound(2, 1)];
  }

  /** Far away (15 mm outside the bounding box) the distance to that box is answered instead. */
  distance(x: number, y: number, z: number): number {
    const { low, high, segments, seam } = this;
    const ox = Math.max(low[0] - x, x - high[0], 0);
    const oy = Math.max(low[1] - y, y - high[1], 0);
    const oz = Math.max(low[2] - z, z - high[2], 0);
    const box = ox + oy + oz;
    if (box > 15) return box;
    let nearest = Infinity;
    for (let i = 0; i < segments.length; i += 9) {
      const px = x - segments[i]!;
      const py = y - segments[i + 1]!;
      const pz = z - segments[i + 2]!;
      const dx = segments[i + 3]!;
      const dy = segments[i + 4]!;
      const dz = segments[i + 5]!;
      let t = (px * dx + py * dy + pz * dz) * segments[i + 8]!;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const ez = pz - t * dz;
      const d = Math.sqrt(ex * ex + ey * ey + ez * ez) - segments[i + 6]! - t * segments[i + 7]!;
      nearest = nearest === Infinity ? d : smoothUnion(nearest, d, seam);
    }
    return nearest;
  }
}

/**
 * Share of a pixel that lies inside a surface at signed distance `d`, for a pixel `width` mm wide: a smooth step from 1
 * (inside) to 0, which is the partial volume.
 */
export function coverage(d: number, width: number): number {
  const t = 0.5 - d / width;
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}

/** Share of a pixel that a sheet of half thickness `half` takes whose middle is at distance `d`: fair to sheets thinner than a pixel. */
export function sheetCoverage(d: number, half: number, width: number): number {
  return coverage(d - half, width) - coverage(d + half, width);
}

/** Smooth step from 0 at `low` to 1 at `high`. */
export function ramp(value: number, low: number, high: number): number {
  const t = (value - low) / (high - low);
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}
