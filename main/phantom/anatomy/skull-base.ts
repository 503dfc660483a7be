import { FIELD } from './fields.ts';
import { Chain, ellipsoid, smoothUnion } from './geometry.ts';
import type { HeadParameters } from './head-parameters.ts';

/** Eyes, orbits, air spaces and the bones of the base: what low slices show around the brain. */
export class SkullBase {
  private readonly orbit = new Chain(
    [
      [34, 66, -30, 17],
      [27, 44, -29, 11],
      [18, 22, -27, 4],
    ],
    5,
  );
  private readonly muscles = new Chain(
    [
      [20, 66, -30, 1.6],
      [18, 50, -29, 2.4],
      [17, 28, -28, 1.4],
    ],
    1,
    [
      [47, 64, -30, 1.6],
      [39, 46, -29, 2.3],
      [20, 26, -28, 1.4],
    ],
    [
      [33, 56, -29, 2],
      [26, 40, -28, 2],
      [16, 22, -26, 2.2],
    ],
  );
  private readonly petrous = new Chain(
    [
      [12, -12, -38, 5],
      [30, -24, -36, 7],
      [56, -36, -34, 9],
    ],
    4,
  );
  private readonly clivus = new Chain(
    [
      [0, 4, -24, 6],
      [0, -4, -36, 6],
      [0, -14, -54, 5],
    ],
    3,
  );
  private readonly sphenoidWing = new Chain([
    [16, 22, -25, 2.6],
    [36, 25, -26, 2.4],
    [56, 27, -20, 2.6],
  ]);
  private readonly size: number;

  constructor(parameters: HeadParameters) {
    this.size = parameters.pneumatisation;
  }

  fill(x: number, y: number, z: number, out: Float32Array, at: number): void {
    const mx = Math.abs(x);
    if (z > 24) {
      out[at + FIELD.orbit] = 20;
      out[at + FIELD.globe] = 20;
      out[at + FIELD.strand] = 20;
      out[at + FIELD.air] = 20;
      out[at + FIELD.baseBone] = 20;
      return;
    }
    const { size } = this;
    out[at + FIELD.orbit] = this.orbit.distance(mx, y, z);
    out[at + FIELD.globe] = Math.hypot(mx - 34, y - 68, z + 31) - 12;
    out[at + FIELD.strand] = this.muscles.distance(mx, y, z);
    // Air cells: a lattice of thin walls through the ethmoid and the mastoid.
    const walls = 1.1 - 1.3 * Math.abs(Math.sin(y / 3.6 + mx / 5) * Math.cos(mx / 2.9 + z / 4.4));
    const frontal = ellipsoid(mx - 11 * size, y - 77, z + 2, 12 * size, 4 * size, 13 * size);
    const ethmoid = Math.max(ellipsoid(mx - 6, y - 50, z + 30, 9 * size, 26, 13), walls);
    const nose = Math.max(ellipsoid(mx - 6, y - 58, z + 58, 5, 30, 18), 1.2 - mx);
    const sphenoid = Math.max(ellipsoid(mx - 6, y - 14, z + 32, 8 * size, 11 * size, 8 * size), 1 - mx);
    const maxillary = ellipsoid(mx - 28, y - 44, z + 58, 14, 15, 15);
    const mastoid = Math.max(ellipsoid(mx - 60, y + 40, z + 38, 8, 13 * size, 13), walls + 0.3);
    const canal = Math.hypot(y + 24, z + 40) - 3.2 + Math.max(0, 52 - mx);
    out[at + FIELD.air] = Math.min(frontal, ethmoid, nose, sphenoid, maxillary, mastoid, canal);
    const bone = smoothUnion(this.petrous.distance(mx, y, z), this.clivus.distance(x, y, z), 4);
    out[at + FIELD.baseBone] = Math.min(bone, this.sphenoidWing.distance(mx, y, z));
  }
}
