import { Chain, coverage, ellipsoid, ramp, smoothUnion } from './geometry.ts';
import type { HeadParameters } from './head-parameters.ts';

/**
 * The cranial cavity, the head's outer surface and the tentorium, in template millimetres. Sizes follow the MNI template: brain
 * about 136 × 175 × 130 mm, widest behind the middle, frontal pole at y ≈ +70, occipital pole at y ≈ −104.
 */
export class Cranium {
  /** Outward unit normal of the cavity at the last place asked for. */
  readonly normal = new Float64Array(3);
  /** 1 in the middle of the temporal lobe, where all its walls are equally far and the normal means nothing; else 0. */
  crowding = 0;
  private readonly nose = new Chain(
    [
      [0, 78, -32, 8],
      [0, 92, -46, 9],
      [0, 104, -58, 11],
    ],
    4,
  );
  private readonly parameters: HeadParameters;

  constructor(parameters: HeadParameters) {
    this.parameters = parameters;
  }

  /** Inner table of the skull; negative inside. Sets {@link normal}. */
  cavity(x: number, y: number, z: number): number {
    const { normal } = this;
    // The cerebral cavity is an egg: narrower in front.
    const egg = 1 / Math.max(0.8, Math.min(1.06, 1 - 0.0019 * (y + 28)));
    const a = (x * egg) / 69;
    const b = (y + 17) / 89;
    const dz = z - 6;
    const rz = dz > 0 ? 70 : 42;
    const c = dz / rz;
    const [a2, b2, c2] = [a * a, b * b, c * c];
    const k0 = Math.sqrt(a2 + b2 + c2) + 1e-6;
    const k1 = Math.hypot(a / 69, b / 89, c / rz) + 1e-9;
    // Between an ellipsoid and a box (fourth powers): skulls are squarer than ellipsoids.
    const full = 0.62 * k0 + 0.38 * Math.sqrt(Math.sqrt(a2 * a2 + b2 * b2 + c2 * c2));
    const cerebral = ((full - 1) * k0) / k1;
    const mx = Math.abs(x);
    const temporal = ellipsoid(mx - 43, y + 8, z + 22, 25, 37, 22);
    const fossa = ellipsoid(x, y + 60, z + 34, 55, 40, 30);
    // Blend the normals over the seam, or whatever is projected along them would jump.
    const share = ramp(temporal - cerebral, -6, 6);
    this.crowding = (1 - share) * ramp(-temporal, 13, 18);
    const tx = ((mx - 43) / 625) * Math.sign(x);
    const ty = (y + 8) / 1369;
    const tz = (z + 22) / 484;
    const other = (1 - share) / (Math.sqrt(tx * tx + ty * ty + tz * tz) + 1e-9);
    const own = share / k1;
    normal[0] = own * (a / 69) + other * tx;
    normal[1] = own * (b / 89) + other * ty;
    normal[2] = own * (c / rz) + other * tz;
    return smoothUnion(smoothUnion(cerebral, temporal, 7), fossa, 7);
  }

  /** Outer surface of the head: cranium, face and nose. */
  skin(x: number, y: number, z: number): number {
    const dz = z - 4;
    const a = x / 79;
    const b = (y + 17) / 102.5;
    const c = dz / (dz > 0 ? 85 : 125);
    const [a2, b2, c2] = [a * a, b * b, c * c];
    const k0 = Math.sqrt(a2 + b2 + c2) + 1e-6;
    const k1 = Math.hypot(a / 79, b / 102.5, c / (dz > 0 ? 85 : 125)) + 1e-9;
    const full = 0.7 * k0 + 0.3 * Math.sqrt(Math.sqrt(a2 * a2 + b2 * b2 + c2 * c2));
    const cranial = ((full - 1) * k0) / k1;
    const face = ellipsoid(x, y - 30, z + 62, 62, 62, 60);
    return smoothUnion(smoothUnion(cranial, face, 14), this.nose.distance(x, y, z), 8);
  }

  /**
   * Positive on the cerebrum's side. The tentorium rises to its notch behind the midbrain and slopes down to the skull; in
   * front of the petrous ridge the temporal lobe lies on the floor of the middle fossa.
   */
  tentorium(x: number, y: number, z: number): number {
    const mx = Math.abs(x);
    const roof = -1 - 0.36 * Math.min(mx, 52) - 0.17 * Math.max(0, -(y + 48));
    const above = 0.92 * (z - roof);
    const inFront = 0.85 * (y + 20 + 0.5 * Math.min(mx, 60) - Math.max(0, 14 - mx) * 1.5);
    return -smoothUnion(-above, -inFront, 5);
  }

  /** Share of bone that is compact: inner and outer table; the rest is marrow. */
  compact(outside: number, thickness: number, width: number): number {
    const table = Math.min(1.9, 0.34 * thickness);
    return Math.min(1, coverage(outside - table, width) + coverage(thickness - table - outside, width));
  }

  /** Thickness of the skull in mm: thin at the temples. */
  boneThickness(x: number, y: number, z: number, modulator: number): number {
    const side = Math.min(1, Math.abs(x) / 60) * Math.max(0, Math.min(1, (28 - z) / 20)) * ramp(y, -75, -35);
    return Math.max(2.6, this.parameters.boneThickness * (1 + 0.18 * modulator) - 2.8 * side);
  }
}
