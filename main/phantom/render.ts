import type { Box } from '../domain/annotations.ts';
import type { ComplexVolume } from '../domain/complex.ts';
import { Random } from '../domain/random.ts';
import { FIELD, FIELD_COUNT } from './anatomy/fields.ts';
import { drawHead } from './anatomy/head-parameters.ts';
import { Head } from './anatomy/head.ts';
import { BackgroundField } from './field/background-field.ts';
import { BoxFinder } from './lesions/box-finder.ts';
import { drawLesions, pushesOf } from './lesions/draw.ts';
import { LesionShape } from './lesions/lesion.ts';
import type { Lesion, SusceptibilitySphere } from './lesions/lesion.ts';
import { convertToLesion } from './lesions/lesion-tissue.ts';
import { LesionPhase } from './field/lesion-phase.ts';
import { signalTable } from './signal/equations.ts';
import { GYROMAGNETIC_RATIO, protocolOf } from './signal/protocols.ts';
import type { Protocol } from './signal/protocols.ts';
import { TISSUE } from './signal/tissues.ts';
import { TissueMixture } from './tissue-mixture.ts';
import { FIELD_OF_VIEW, SLICE_THICKNESS, slicePositions } from './volume-plan.ts';
import type { VolumePlan } from './volume-plan.ts';

/** A volume as the object is, before coils and noise. */
export interface RenderedVolume {
  /** `[slices, size, size]`; row 0 is posterior (fastMRI stores its images upside down), column 0 the patient's right. */
  readonly image: ComplexVolume;
  /** Where the lesions are seen, on the stored image. */
  readonly boxes: Box[];
  readonly lesions: readonly Lesion[];
  readonly protocol: Protocol;
  /** Signal of white matter in the image. */
  readonly whiteMatter: number;
}

/** Heights at which the tissue of a slice is sampled, relative to its thickness. */
const SAMPLES = [-0.4, -0.2, 0, 0.2, 0.4];
/** Heights at which the fields are evaluated; between them they are interpolated. */
const PLANES = [-0.5, 0, 0.5];
/** Fields are evaluated about every 1.4 mm. */
const FIELD_SPACING = 1.4;

/** What a rendering may do differently from its plan; for tests and figures. */
export interface RenderOptions {
  /** Instead of the patient's own lesions. */
  readonly lesions?: readonly Lesion[];
  /** Tissue that masses push aside. Default true. */
  readonly displacement?: boolean;
}

/** Renders a plan. Pure: the same plan gives the same numbers. */
export function renderVolume(plan: VolumePlan, options: RenderOptions = {}): RenderedVolume {
  const { head, background } = patientOf(plan.patientSeed);
  const positions = slicePositions(plan.slices);
  const lesions = options.lesions ?? drawLesions(plan.patientSeed, plan.diseases, head, positions);
  if (options.displacement !== false) head.displace(pushesOf(lesions, head));
  const renderer = new SliceRenderer(plan, head, background, lesions);
  const { size, slices } = plan;
  const data = new Float32Array(2 * slices * size * size);
  const boxes: Box[] = [];
  positions.forEach((z, slice) => {
    boxes.push(...renderer.render(z, slice, data.subarray(2 * slice * size * size, 2 * (slice + 1) * size * size)));
  });
  return {
    image: { slices, rows: size, columns: size, data },
    boxes,
    lesions,
    protocol: renderer.protocol,
    whiteMatter: Math.abs(renderer.signals[TISSUE.white]!) * renderer.gain,
  };
}

interface Patient {
  readonly seed: string;
  readonly head: Head;
  readonly background: BackgroundField;
}

/** Several sequences of one patient are usually rendered in succession; the head is worth keeping for the next. */
let latest: Patient | undefined;

function patientOf(seed: string): Patient {
  if (latest?.seed !== seed) {
    const head = new Head(drawHead(seed));
    latest = { seed, head, background: new BackgroundField(head) };
  }
  latest.head.displace([]);
  return latest;
}

class SliceRenderer {
  readonly protocol: Protocol;
  readonly signals: Float64Array;
  readonly gain: number;
  private readonly plan: VolumePlan;
  private readonly head: Head;
  private readonly background: BackgroundField;
  private readonly mixture: TissueMixture;
  private readonly shapes: LesionShape[];
  private readonly spheres: SusceptibilitySphere[];
  private readonly pixel: number;
  /** Radians of phase for 1 ppm of field. */
  private readonly radiansPerPpm: number;
  private readonly smoothPhase: Float64Array;
  /** Room for the fields of three planes, and of one between two of them. */
  private readonly planes: readonly FieldGrid[];
  private readonly between: FieldGrid;

  constructor(plan: VolumePlan, head: Head, background: BackgroundField, lesions: readonly Lesion[]) {
    this.plan = plan;
    this.head = head;
    this.background = background;
    this.protocol = protocolOf(plan.sequence, plan.fieldStrength);
    this.signals = signalTable(this.protocol, plan.fieldStrength);
    this.pixel = FIELD_OF_VIEW / plan.size;
    this.mixture = new TissueMixture(head.parameters, head.cranium, this.pixel, SLICE_THICKNESS / SAMPLES.length);
    this.shapes = lesions.map((lesion) => new LesionShape(lesion));
    this.spheres = [...lesions.flatMap(({ spheres }) => spheres), ...physiologicalCalcifications(head)];
    this.planes = PLANES.map(() => newGrid(plan.size, this.pixel));
    this.between = newGrid(plan.size, this.pixel);
    // φ = 2π·γ̄·B0·(ΔB/B0)·t; MHz/T × T × ppm = Hz.
    this.radiansPerPpm = 2 * Math.PI * GYROMAGNETIC_RATIO * plan.fieldStrength * (this.protocol.evolutionTime / 1000);
    const random = Random.for('phantom-scanner', plan.acquisitionSeed);
    // Receiver gain; images of fastMRI have values of this order.
    this.gain = 1e-3 * random.uniform(0.5, 2);
    // Offset, off-centre echo (linear), eddy currents and imperfect shim (second order), in radians over the field of view.
    this.smoothPhase = Float64Array.from([
      random.uniform(-Math.PI, Math.PI),
      ...Array.from({ length: 3 }, () => 1.4 * random.normal()),
      ...Array.from({ length: 6 }, () => 0.35 * random.normal()),
    ]);
  }

  /** Fills `out` `[size, size]` interleaved and answers the boxes of what is seen in it. */
  render(z: number, slice: number, out: Float32Array): Box[] {
    const { plan } = this;
    const boxes = new BoxFinder(this.shapes.length, slice, plan.size);
    const phase = new LesionPhase(this.spheres, plan.size, this.pixel, this.radiansPerPpm);
    PLANES.forEach((plane, i) => this.fillGrid(z + plane * SLICE_THICKNESS, this.planes[i]!));
    for (const sample of SAMPLES) {
      const height = z + sample * SLICE_THICKNESS;
      const [low, high, share] = sample < 0 ? [0, 1, 2 * sample + 1] : [1, 2, 2 * sample];
      this.addSample(
        height,
        between(this.planes[low]!, this.planes[high]!, share, this.between),
        phase.at(height),
        out,
        boxes,
      );
    }
    this.addSmoothPhase(z, out);
    boxes.addPhase(this.shapes, z, this.pixel, this.radiansPerPpm);
    return boxes.boxes(this.shapes, plan.tissueClass);
  }

  /** The fields of a plane on a coarse grid, interleaved. */
  private fillGrid(z: number, { values, nodes, step }: FieldGrid): void {
    const { plan, head, pixel } = this;
    const origin = -(plan.size / 2) * pixel;
    for (let j = 0, at = 0; j < nodes; j++) {
      for (let i = 0; i < nodes; i++, at += FIELD_COUNT) {
        head.describe(origin + i * step * pixel, origin + j * step * pixel, z, values, at);
      }
    }
  }

  private addSample(
    z: number,
    grid: FieldGrid,
    lesionPhase: Float32Array | undefined,
    out: Float32Array,
    boxes: BoxFinder,
  ): void {
    const { plan, mixture, signals, pixel, shapes } = this;
    const { size } = plan;
    const { step } = grid;
    const near = shapes
      .map((shape, index) => ({ shape, index }))
      .filter(({ shape }) => Math.abs(shape.lesion.centre[2] - z) < shape.reach);
    const f = new Float64Array(FIELD_COUNT);
    const share = { lesion: 0, oedema: 0 };
    const scale = this.gain / SAMPLES.length;
    for (let row = 0; row < size; row++) {
      const y = (row - size / 2) * pixel;
      const inRow = near.filter(({ shape }) => Math.abs(shape.lesion.centre[1] - y) < shape.reach);
      for (let column = 0; column < size; column++) {
        const x = (column - size / 2) * pixel;
        if (!interpolate(grid, row / step, column / step, f)) continue;
        const weights = mixture.mix(f);
        for (const { shape, index } of inRow) {
          convertToLesion(shape, x, y, z, weights, pixel, share);
          boxes.add(index, row, column, share);
        }
        let signal = 0;
        for (let t = 0; t < weights.length; t++) signal += weights[t]! * signals[t]!;
        // Tissue is not quite uniform.
        signal *= scale * (1 + 0.02 * f[FIELD.texture]!);
        let re = signal;
        let im = 0;
        const flowing = weights[TISSUE.artery]! + weights[TISSUE.vein]!;
        if (flowing > 0.01) {
          // Moving and deoxygenated blood has a phase of its own, by its speed and course.
          const artery = scale * weights[TISSUE.artery]! * signals[TISSUE.artery]!;
          const vein = scale * weights[TISSUE.vein]! * signals[TISSUE.vein]!;
          const course = f[FIELD.texture]!;
          const flow = 1.3 + 0.8 * course;
          const oxygen = veinPhase(course, this.radiansPerPpm);
          re += artery * (Math.cos(flow) - 1) + vein * (Math.cos(oxygen) - 1);
          im += artery * Math.sin(flow) + vein * Math.sin(oxygen);
        }
        const at = 2 * (row * size + column);
        const turn = lesionPhase === undefined ? 0 : lesionPhase[at >> 1]!;
        if (turn === 0) {
          out[at] = out[at]! + re;
          out[at + 1] = out[at + 1]! + im;
        } else {
          const c = Math.cos(turn);
          const s = Math.sin(turn);
          out[at] = out[at]! + re * c - im * s;
          out[at + 1] = out[at + 1]! + re * s + im * c;
        }
      }
    }
  }

  private addSmoothPhase(z: number, out: Float32Array): void {
    const { plan, pixel, background, smoothPhase: c } = this;
    const { size } = plan;
    const w = z / 70;
    for (let row = 0, at = 0; row < size; row++) {
      const y = (row - size / 2) * pixel;
      const v = (2 * row) / size - 1;
      for (let column = 0; column < size; column++, at += 2) {
        if (out[at] === 0 && out[at + 1] === 0) continue;
        const u = (2 * column) / size - 1;
        const smooth =
          c[0]! +
          u * (c[1]! + c[4]! * u + c[7]! * v + c[8]! * w) +
          v * (c[2]! + c[5]! * v + c[9]! * w) +
          w * (c[3]! + c[6]! * w);
        const turn = smooth + this.radiansPerPpm * background.at((column - size / 2) * pixel, y, z);
        const re = out[at]!;
        const im = out[at + 1]!;
        const cosine = Math.cos(turn);
        const sine = Math.sin(turn);
        out[at] = re * cosine - im * sine;
        out[at + 1] = re * sine + im * cosine;
      }
    }
  }
}

/** Phase inside a vein as in a long cylinder: Δχ/2·(cos²θ − 1/3) of B₀. */
function veinPhase(course: number, radiansPerPpm: number): number {
  const cosine = Math.sin(1.7 * course);
  return radiansPerPpm * 0.57 * 0.5 * (cosine * cosine - 1 / 3);
}

/** The pineal gland and the choroid plexus calcify in health: seen in phase, and no lesion. */
function physiologicalCalcifications(head: Head): SusceptibilitySphere[] {
  if (!head.parameters.calcifiedPineal) return [];
  const random = Random.for('phantom-calcifications', head.parameters.seed);
  const sphere = (x: number, y: number, z: number): SusceptibilitySphere => ({
    centre: head.pose.toScanner([x, y, z]),
    radius: random.uniform(1.4, 2.4),
    susceptibility: -random.uniform(0.6, 1.4),
  });
  return [sphere(0, -31, 3), sphere(24, -42, 9), sphere(-24, -42, 9)];
}

/** Fields on a square grid of `nodes`², `step` pixels apart. */
interface FieldGrid {
  readonly values: Float32Array;
  readonly nodes: number;
  readonly step: number;
}

function newGrid(size: number, pixel: number): FieldGrid {
  const step = Math.max(1, Math.round(FIELD_SPACING / pixel));
  const nodes = Math.ceil(size / step) + 1;
  return { values: new Float32Array(nodes * nodes * FIELD_COUNT), nodes, step };
}

/** The grid a share of the way from one height to another, made in `room` unless it is one of the two. */
function between(low: FieldGrid, high: FieldGrid, share: number, room: FieldGrid): FieldGrid {
  if (share === 0) return low;
  const [a, b, out] = [low.values, high.values, room.values];
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + share * (b[i]! - a[i]!);
  return room;
}

/** Bilinear interpolation of all fields; false outside the head. */
function interpolate({ values, nodes }: FieldGrid, row: number, column: number, f: Float64Array): boolean {
  const j = Math.floor(row);
  const i = Math.floor(column);
  const a = (j * nodes + i) * FIELD_COUNT;
  if (values[a + FIELD.skin]! > 4) return false;
  const tx = column - i;
  const ty = row - j;
  const b = a + (i + 1 < nodes ? FIELD_COUNT : 0);
  const below = j + 1 < nodes ? nodes * FIELD_COUNT : 0;
  const w00 = (1 - tx) * (1 - ty);
  const w01 = tx * (1 - ty);
  const w10 = (1 - tx) * ty;
  const w11 = tx * ty;
  for (let k = 0; k < FIELD_COUNT; k++) {
    f[k] = w00 * values[a + k]! + w01 * values[b + k]! + w10 * values[a + below + k]! + w11 * values[b + below + k]!;
  }
  return true;
}
