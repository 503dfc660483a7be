import { Random } from '../../domain/random.ts';
import type { Cranium } from './cranium.ts';
import { FIELD } from './fields.ts';
import { ellipsoid, ramp } from './geometry.ts';
import type { HeadParameters } from './head-parameters.ts';
import { WaveField } from './wave-field.ts';

const EXTENT = { low: [-92, -118, -56], high: [92, 90, 90] } as const;

/** How far a place is drawn towards the surface before the folding pattern is read; 1 would make straight sulci. */
const PROJECTION = 0.74;

/**
 * The folded surface of the cerebrum. Sulci are the zero sheets of a random wave field read at the place on the hull that
 * lies above a point, so that they dive inwards, bend with depth, branch where the field has saddles, and continue from
 * slice to slice. The interhemispheric fissure, the Sylvian fissure and the insula are sheets of their own.
 */
export class Cortex {
  private readonly primary: WaveField;
  private readonly secondary: WaveField;
  private readonly slow: WaveField;
  private readonly cranium: Cranium;
  private readonly insulaOffset: readonly [number, number];

  constructor(parameters: HeadParameters, cranium: Cranium) {
    this.cranium = cranium;
    const random = Random.for('phantom-cortex', parameters.seed);
    this.primary = new WaveField(random, parameters.foldWavelength, 2.4, EXTENT, 28, 0.1);
    this.secondary = new WaveField(random, 0.62 * parameters.foldWavelength, 2, EXTENT, 20, 0.15);
    this.slow = new WaveField(random, 46, 8, EXTENT, 18, 0.35);
    this.insulaOffset = [random.uniform(-1.5, 1.5), random.uniform(-1.5, 1.5)];
  }

  /** Fills the cortical fields of a template place; `out[at + cavity, tentorium, brainstem]` must be there already. */
  fill(x: number, y: number, z: number, out: Float32Array, at: number): void {
    const side = x < 0 ? -1 : 1;
    const mx = Math.abs(x);
    const hull = -out[at + FIELD.cavity]!;
    const above = out[at + FIELD.tentorium]!;
    // The falx is never quite straight.
    const wobble = 1.3 * Math.sin(0.045 * y + 0.9) + 0.8 * Math.sin(0.06 * z + 2.1);
    const midline = x - wobble;
    const fromFalx = Math.abs(midline);
    const arch = ellipsoid(0, y + 4, z - 2, 50, 40, 27);
    // No sulcus enters the corpus callosum from the falx, nor the thalamus from the notch of the tentorium.
    const medial = Math.hypot(fromFalx, 3 * Math.max(0, -arch));
    const floor =
      above + 0.7 * Math.max(0, y + 46) * ramp(mx, 30, 18) + (y > -30 && mx < 30 ? 0.4 * Math.max(0, z + 16) : 0);

    // Depth below the nearest of hull, falx and tentorium, with a blended outward normal.
    const wh = Math.exp(-Math.max(hull, 0) / 5);
    const wm = Math.exp(-medial / 5);
    const wt = Math.exp(-Math.max(floor, 0) / 5);
    const { normal } = this.cranium;
    let nx = wh * normal[0]! - (wm * Math.sign(midline) * fromFalx) / (medial + 1e-6);
    let ny = wh * normal[1]!;
    let nz = wh * normal[2]! - wt * 0.92;
    const n = Math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9;
    nx /= n;
    ny /= n;
    nz /= n;
    const depth = Math.min(hull, medial, floor);
    // Where two surfaces are equally near, the projection jumps from one to the other: sulci end before.
    const second = hull + medial + floor - depth - Math.max(hull, medial, floor);
    const ridge =
      (depth > 6 ? 5 * Math.max(0, 6 - (second - depth)) : 0) +
      20 * this.cranium.crowding +
      6 * Math.max(0, -arch) * ramp(mx, 22, 12);

    // The two hemispheres read the pattern at different places, or their medial faces would mirror each other.
    const pull = PROJECTION * Math.max(-2, Math.min(depth, 30));
    const qx = x + nx * pull + 9 * side;
    const qy = y + ny * pull + 4 * side;
    const qz = z + nz * pull;
    const slow = this.slow.sample(qx, qy, qz);
    const s0 = slow[0]!;
    const s1 = slow[1]! * 7;
    out[at + FIELD.thickness] = Math.max(-1.5, Math.min(1.5, s0 * 0.8));
    out[at + FIELD.midline] = midline;
    out[at + FIELD.arch] = arch;
    out[at + FIELD.depth] = depth;
    if (depth > -3 && depth < 40) {
      out[at + FIELD.sulcus] = this.primary.sheetDistance(qx, qy, qz, nx, ny, nz);
      out[at + FIELD.fold] = this.secondary.sheetDistance(qx, qy, qz, nx, ny, nz);
    } else {
      out[at + FIELD.sulcus] = 9;
      out[at + FIELD.fold] = 9;
    }
    out[at + FIELD.sulcusReach] = depth + ridge - Math.max(7, 17 + 5.5 * s0);
    out[at + FIELD.foldReach] = depth + ridge - Math.max(0.5, 3.8 + 3.6 * s1);
    this.sylvianFissure(mx, y, z, side, out, at);
    out[at + FIELD.texture] = this.slow.sample(x * 1.9 + 20, y * 1.9 - 30, z * 1.9)[0]!;
  }

  /**
   * In an axial slice the fissure is a T: a stem from the lateral surface, and the cistern over the insula at its end. The stem runs
   * from low in front to high behind.
   */
  private sylvianFissure(mx: number, y: number, z: number, side: number, out: Float32Array, at: number): void {
    const shift = this.insulaOffset[side < 0 ? 0 : 1]!;
    const wall =
      40 +
      shift * 0.5 -
      0.0035 * (y - 4) * (y - 4) +
      1.3 * Math.sin(y / 3.1 + shift * 3) +
      0.8 * Math.sin(z / 3.7 + shift);
    out[at + FIELD.insula] = mx - wall;
    out[at + FIELD.insulaReach] = ellipsoid(0, y - 2 - shift, z - 1, 40, 25, 17);
    const stem = 7 + shift - 0.95 * z - 0.2 * (mx - 40) + 1.6 * Math.sin(mx / 4.8 + z / 9 + shift);
    out[at + FIELD.sylvian] = 0.75 * (y - stem);
    out[at + FIELD.sylvianReach] = Math.max(38 - mx, Math.abs(z) - 19);
  }
}
