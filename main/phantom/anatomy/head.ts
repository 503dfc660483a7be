import { Cortex } from './cortex.ts';
import { Cranium } from './cranium.ts';
import { DeepBrain } from './deep-brain.ts';
import { FIELD } from './fields.ts';
import type { HeadParameters } from './head-parameters.ts';
import { Hindbrain } from './hindbrain.ts';
import { Pose } from './pose.ts';
import type { Push } from './pose.ts';
import { SkullBase } from './skull-base.ts';
import { Vessels } from './vessels.ts';

/** One head: asks of a place in the scanner, and the fields that describe the tissue there are the answer. */
export class Head {
  readonly parameters: HeadParameters;
  /** Where scanner places lie in the template; replaced when masses displace tissue. */
  pose: Pose;
  readonly cranium: Cranium;
  private readonly cortex: Cortex;
  private readonly deep: DeepBrain;
  private readonly hindbrain = new Hindbrain();
  private readonly base: SkullBase;
  private readonly vessels: Vessels;
  private readonly place = new Float64Array(3);

  constructor(parameters: HeadParameters) {
    this.parameters = parameters;
    this.pose = new Pose(parameters);
    this.cranium = new Cranium(parameters);
    this.cortex = new Cortex(parameters, this.cranium);
    this.deep = new DeepBrain(parameters);
    this.base = new SkullBase(parameters);
    this.vessels = new Vessels(parameters);
  }

  /** Lets masses displace the tissue around them. */
  displace(pushes: readonly Push[]): void {
    this.pose = new Pose(this.parameters, pushes);
  }

  /**
   * Writes the fields of `FIELDS` at a scanner place (mm) to `out[at …]`. Outside the head only place, skin and cavity mean
   * anything.
   */
  describe(sx: number, sy: number, sz: number, out: Float32Array, at: number): void {
    const { place, cranium } = this;
    this.pose.toTemplate(sx, sy, sz, place);
    const x = place[0]!;
    const y = place[1]!;
    const z = place[2]!;
    out[at + FIELD.x] = x;
    out[at + FIELD.y] = y;
    out[at + FIELD.z] = z;
    const skin = cranium.skin(x, y, z);
    out[at + FIELD.skin] = skin;
    out[at + FIELD.cavity] = cranium.cavity(x, y, z);
    if (skin > 6) return;
    out[at + FIELD.tentorium] = cranium.tentorium(x, y, z);
    this.cortex.fill(x, y, z, out, at);
    this.hindbrain.fill(x, y, z, out, at);
    this.deep.fill(x, y, z, out, at);
    this.vessels.fill(x, y, z, out, at);
    this.base.fill(x, y, z, out, at);
  }

  /** Only place, skin, cavity, air and the iron-bearing nuclei: what the susceptibility map needs. */
  describeCoarsely(sx: number, sy: number, sz: number, out: Float32Array, at: number): void {
    const { place, cranium } = this;
    this.pose.toTemplate(sx, sy, sz, place);
    const x = place[0]!;
    const y = place[1]!;
    const z = place[2]!;
    out[at + FIELD.skin] = cranium.skin(x, y, z);
    out[at + FIELD.cavity] = cranium.cavity(x, y, z);
    if (out[at + FIELD.skin]! > 6) return;
    this.base.fill(x, y, z, out, at);
    if (out[at + FIELD.cavity]! < 0) this.deep.fill(x, y, z, out, at);
  }
}
