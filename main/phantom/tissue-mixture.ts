import type { Cranium } from './anatomy/cranium.ts';
import { FIELD } from './anatomy/fields.ts';
import { coverage, ramp, sheetCoverage } from './anatomy/geometry.ts';
import type { HeadParameters } from './anatomy/head-parameters.ts';
import { TISSUE, TISSUE_NAMES } from './signal/tissues.ts';

/**
 * Turns the fields at one pixel into shares of tissues (partial volume). Layers are laid from the front: each takes its
 * coverage of what is still uncovered.
 */
export class TissueMixture {
  /** Share of each tissue at the last pixel; sums to 1. */
  readonly weights = new Float64Array(TISSUE_NAMES.length);
  private left = 1;
  private readonly parameters: HeadParameters;
  private readonly cranium: Cranium;
  /** Width of a pixel in template mm. */
  private readonly width: number;
  /** Distance in template mm between the z samples of a slice. */
  private readonly step: number;
  private shellWidth = 1;

  constructor(parameters: HeadParameters, cranium: Cranium, pixel: number, step: number) {
    this.parameters = parameters;
    this.cranium = cranium;
    this.width = (1.15 * pixel) / parameters.scale[0];
    this.step = step / parameters.scale[2];
  }

  /** @param f fields in the order of `FIELDS` */
  mix(f: Float64Array): Float64Array {
    const { weights, width } = this;
    weights.fill(0);
    // Towards the vertex the shells of the head slant through the slice; the step between z samples widens their edges.
    const slant = Math.min(1, Math.abs(f[FIELD.z]! - 6) / (f[FIELD.z]! > 6 ? 78 : 130));
    this.shellWidth = Math.hypot(width, this.step * slant * 1.3);
    const head = coverage(f[FIELD.skin]!, this.shellWidth);
    if (head <= 0) {
      weights[TISSUE.air] = 1;
      return weights;
    }
    weights[TISSUE.air] = 1 - head;
    const inside = coverage(f[FIELD.cavity]!, this.shellWidth);
    if (inside > 0) {
      this.left = head * inside;
      this.intracranial(f);
    }
    if (inside < 1) {
      this.left = head * (1 - inside);
      this.extracranial(f);
    }
    return weights;
  }

  private put(tissue: number, alpha: number): void {
    if (alpha <= 0) return;
    const share = this.left * (alpha < 1 ? alpha : 1);
    this.weights[tissue] = this.weights[tissue]! + share;
    this.left -= share;
  }

  private extracranial(f: Float64Array): void {
    const { width, shellWidth, parameters, cranium } = this;
    const skin = f[FIELD.skin]!;
    const outside = f[FIELD.cavity]!;
    const z = f[FIELD.z]!;
    this.put(TISSUE.vein, coverage(f[FIELD.sinus]!, width) * coverage(outside - 2, width));
    this.put(TISSUE.skin, coverage(-skin - 2, shellWidth));
    const air = f[FIELD.air]!;
    if (air < 4) {
      this.put(TISSUE.air, coverage(air, width));
      if (z < -14) this.put(TISSUE.mucosa, coverage(air - 1.4, width) * 0.8);
    }
    if (f[FIELD.orbit]! < 16 && z < 10) {
      const globe = f[FIELD.globe]!;
      this.put(TISSUE.vitreous, coverage(globe + 1, width));
      this.put(TISSUE.dura, coverage(globe, width));
      const orbit = coverage(f[FIELD.orbit]!, width);
      this.put(TISSUE.muscle, coverage(f[FIELD.strand]!, width) * orbit);
      this.put(TISSUE.fat, orbit);
      this.put(TISSUE.compactBone, coverage(f[FIELD.orbit]! - 1.6, width) * ramp(-skin, 6, 10));
    }
    const base = f[FIELD.baseBone]!;
    if (base < 2) {
      const marrow = Math.abs(f[FIELD.x]!) < 9 ? coverage(base + 1.5, width) : 0.25 * coverage(base + 3, width);
      this.put(TISSUE.marrow, marrow);
      this.put(TISSUE.compactBone, coverage(base, width));
    }
    const modulator = f[FIELD.thickness]!;
    const thickness = cranium.boneThickness(f[FIELD.x]!, f[FIELD.y]!, z, modulator);
    const bone = coverage(outside - thickness, shellWidth);
    if (bone > 0) {
      const compact = cranium.compact(outside, thickness, shellWidth);
      this.put(TISSUE.compactBone, bone * compact);
      this.put(TISSUE.marrow, bone);
    }
    const fat = 2 + parameters.scalpFat * (1 + 0.3 * modulator);
    const texture = f[FIELD.texture]!;
    this.put(TISSUE.fat, coverage(-skin - fat, shellWidth));
    // Deep to the fat: muscle at the temples, below and in the face, with fatty planes.
    const planes = 0.15 + 0.5 * ramp(texture, 0.3, 1.1);
    this.put(TISSUE.fat, z < -8 ? planes : 0.12);
    this.put(TISSUE.muscle, 1);
  }

  private intracranial(f: Float64Array): void {
    const { width } = this;
    const depth = -f[FIELD.cavity]!;
    this.put(TISSUE.vein, coverage(f[FIELD.sinus]!, width));
    this.put(TISSUE.artery, coverage(f[FIELD.artery]!, width));
    this.put(TISSUE.vein, coverage(f[FIELD.vein]!, width));
    if (f[FIELD.air]! < 1) this.put(TISSUE.air, coverage(f[FIELD.air]!, width));
    if (f[FIELD.baseBone]! < 1) this.put(TISSUE.compactBone, coverage(f[FIELD.baseBone]!, width));
    this.put(TISSUE.dura, 0.85 * coverage(depth - 0.7, width));
    this.put(TISSUE.choroid, coverage(f[FIELD.choroid]!, width));
    this.put(TISSUE.csf, coverage(f[FIELD.ventricle]!, width));
    const tentorium = f[FIELD.tentorium]!;
    if (f[FIELD.y]! < -34) this.put(TISSUE.dura, 0.8 * coverage(Math.abs(tentorium) - 0.45, width));
    if (f[FIELD.thalamus]! < 12 || f[FIELD.putamen]! < 12 || f[FIELD.caudate]! < 4 || f[FIELD.nigra]! < 2) {
      this.deepNuclei(f);
    }
    if (f[FIELD.brainstem]! < 1 && f[FIELD.z]! < 2) {
      this.put(TISSUE.brainstem, coverage(f[FIELD.brainstem]!, width) * ramp(-f[FIELD.z]!, -2, 4));
    }
    const cerebral = coverage(-tentorium, width);
    const below = this.left * (1 - cerebral);
    if (cerebral > 0) {
      this.left *= cerebral;
      this.cortex(f, depth);
    }
    if (below > 0) {
      this.left = below;
      this.cerebellum(f);
    }
  }

  private deepNuclei(f: Float64Array): void {
    const { width } = this;
    // Nuclei blur into the tracts that cross them.
    const soft = 1.7 * width;
    this.put(TISSUE.nigra, 0.85 * coverage(f[FIELD.nigra]!, soft));
    this.put(TISSUE.caudate, coverage(f[FIELD.caudate]!, width));
    this.put(TISSUE.pallidum, coverage(f[FIELD.pallidum]!, soft));
    this.put(TISSUE.putamen, coverage(f[FIELD.putamen]!, soft));
    this.put(TISSUE.thalamus, 0.92 * coverage(f[FIELD.thalamus]!, 1.5 * soft));
    // Claustrum: a thin sheet lateral to the putamen.
    const shell = f[FIELD.putamen]!;
    if (shell > 0 && shell < 5 && Math.abs(f[FIELD.x]!) > 27) {
      this.put(TISSUE.grey, 0.6 * coverage(Math.abs(shell - 3) - 0.5, width));
    }
  }

  private cortex(f: Float64Array, hull: number): void {
    const { width, parameters } = this;
    const { atrophy } = parameters;
    const depth = f[FIELD.depth]!;
    const midline = f[FIELD.midline]!;
    const arch = f[FIELD.arch]!;
    const falx = Math.abs(midline);
    if (arch > 3) this.put(TISSUE.dura, 0.85 * coverage(falx - 0.4, width) * ramp(arch, 3, 9));
    const surface = Math.exp(-Math.max(depth, 0) / 3.5);
    const opening = 0.22 + 0.42 * atrophy + (0.35 + 0.8 * atrophy) * surface;
    // Distances from the middles of the sheets of CSF, and half their thickness.
    const sulcus = Math.hypot(f[FIELD.sulcus]!, Math.max(0, f[FIELD.sulcusReach]!));
    const fold = Math.hypot(f[FIELD.fold]!, Math.max(0, f[FIELD.foldReach]!));
    const fissure = Math.hypot(falx, Math.max(0, -arch));
    const insula = Math.hypot(f[FIELD.insula]!, Math.max(0, f[FIELD.insulaReach]!));
    const sylvian = Math.hypot(f[FIELD.sylvian]!, Math.max(0, f[FIELD.sylvianReach]!));
    const fissureHalf = 0.7 + 0.6 * atrophy;
    const insulaHalf = 0.45 + 0.8 * atrophy * (1 + 0.6 * f[FIELD.texture]!);
    const sylvianHalf = 0.6 + 0.9 * atrophy;
    const open = Math.min(
      hull - 0.7 - 2 * atrophy * (1 + 0.5 * f[FIELD.thickness]!),
      f[FIELD.tentorium]! - 1.3,
      f[FIELD.brainstem]! - 2.2 + Math.max(0, f[FIELD.z]! + 4) * 1.5,
    );
    const csf = Math.max(
      coverage(open, width),
      sheetCoverage(sulcus, opening, width),
      sheetCoverage(fold, 0.7 * opening, width),
      sheetCoverage(fissure, fissureHalf, width),
      sheetCoverage(insula, insulaHalf, width),
      sheetCoverage(sylvian, sylvianHalf, width),
    );
    if (csf > 0) {
      // Cortical veins run in the mouths of sulci.
      const vein = Math.max(Math.abs(f[FIELD.sulcus]!) - 0.75, Math.abs(depth - 1.8) - 1);
      this.put(TISSUE.vein, csf * coverage(vein, width) * ramp(f[FIELD.texture]!, -0.2, 0.3));
      this.put(TISSUE.csf, csf);
    }
    const pia = Math.min(
      open,
      sulcus - opening,
      fold - 0.7 * opening,
      fissure - fissureHalf,
      insula - insulaHalf,
      sylvian - sylvianHalf,
    );
    this.put(TISSUE.grey, coverage(f[FIELD.hippocampus]!, width));
    const ribbon = parameters.cortexThickness * (1 + 0.12 * f[FIELD.thickness]!);
    this.put(TISSUE.grey, coverage(pia - ribbon, 1.3 * width));
    this.put(TISSUE.white, 1);
  }

  private cerebellum(f: Float64Array): void {
    const { width } = this;
    const depth = -f[FIELD.cerebellum]!;
    this.put(TISSUE.csf, coverage(depth, width));
    // Folia: a sulcus every 3.9 mm, of alternating depth.
    const count = f[FIELD.folium]! / 3.9;
    const across = Math.abs(count - Math.round(count)) * 3.9;
    const reach = Math.round(count) % 3 === 0 ? 12 : 6.5;
    const sheet = Math.hypot(across, Math.max(0, depth - reach));
    const half = 0.16 + 0.25 * this.parameters.atrophy;
    const pia = Math.min(depth, sheet - half);
    this.put(TISSUE.csf, sheetCoverage(sheet, half, width));
    this.put(TISSUE.grey, Math.max(coverage(pia - 1.5, width), coverage(depth - 3.4, 2 * width)));
    this.put(TISSUE.white, 1);
  }
}
