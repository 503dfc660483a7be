import { Random } from '../../domain/random.ts';

/** A circular receive loop in scanner mm. */
interface Loop {
  /** Points along the wire, x y z, closed. */
  readonly wire: Float64Array;
  readonly gain: number;
}

const SEGMENTS = 16;
/** Spacing in pixels of the grid on which the field of the wires is summed; sensitivities are smooth at that scale. */
const STEP = 5;

/**
 * Receive coils: loops on a cylinder around the head, in two staggered rings from eight on. The sensitivity of a loop is, by reciprocity
 * (Hoult & Richards 1976), the transverse field B_x − i·B_y of a unit current in it (Biot–Savart), which gives every coil the magnitude and
 * the phase of a real one.
 */
export class Coils {
  readonly count: number;
  private readonly loops: Loop[];
  private readonly size: number;
  private readonly pixel: number;

  constructor(count: number, seed: string, size: number, pixel: number) {
    this.count = count;
    this.size = size;
    this.pixel = pixel;
    const random = Random.for('phantom-coils', seed);
    const rings = count >= 8 ? 2 : 1;
    const turn = random.uniform(0, 2 * Math.PI);
    this.loops = Array.from({ length: count }, (_, i) => {
      const ring = i % rings;
      const perRing = Math.ceil((count - ring) / rings);
      const angle = turn + (2 * Math.PI * (Math.floor(i / rings) + 0.5 * ring)) / perRing + 0.06 * random.normal();
      const height = (rings === 2 ? (ring === 0 ? -38 : 48) : 8) + 4 * random.normal();
      const radius = Math.min(62, (Math.PI * 128) / Math.max(3, perRing)) * random.uniform(0.92, 1.08);
      return loop(angle, height, radius, random.uniform(0.85, 1.15));
    });
    // One scale for all, so that the root sum of squares is about 1 in the middle of the head.
    let energy = 0;
    const field = [0, 0] as [number, number];
    for (const each of this.loops) {
      transverseField(each, 0, 0, 10, field);
      energy += field[0] ** 2 + field[1] ** 2;
    }
    const scale = 1 / Math.sqrt(energy);
    this.loops = this.loops.map((each) => ({ ...each, gain: each.gain * scale }));
  }

  /** Complex sensitivity of one coil over a slice, `[size, size]` interleaved. Rows run along y, columns along x. */
  sensitivity(coil: number, z: number): Float32Array {
    const { size, pixel } = this;
    const wire = this.loops[coil]!;
    const nodes = Math.ceil(size / STEP) + 2;
    const coarse = new Float64Array(2 * nodes * nodes);
    const field = [0, 0] as [number, number];
    for (let j = 0; j < nodes; j++) {
      for (let i = 0; i < nodes; i++) {
        transverseField(wire, (i * STEP - size / 2) * pixel, (j * STEP - size / 2) * pixel, z, field);
        coarse[2 * (j * nodes + i)] = field[0];
        coarse[2 * (j * nodes + i) + 1] = field[1];
      }
    }
    const out = new Float32Array(2 * size * size);
    for (let row = 0; row < size; row++) {
      const j = Math.floor(row / STEP);
      const ty = row / STEP - j;
      for (let column = 0; column < size; column++) {
        const i = Math.floor(column / STEP);
        const tx = column / STEP - i;
        for (let part = 0; part < 2; part++) {
          const at = 2 * (j * nodes + i) + part;
          const top = coarse[at]! + tx * (coarse[at + 2]! - coarse[at]!);
          const below = at + 2 * nodes;
          const bottom = coarse[below]! + tx * (coarse[below + 2]! - coarse[below]!);
          out[2 * (row * size + column) + part] = top + ty * (bottom - top);
        }
      }
    }
    return out;
  }
}

function loop(angle: number, height: number, radius: number, gain: number): Loop {
  // An elliptical former: deeper than wide, as a head is.
  const [ax, ay] = [118, 134];
  const centre = [ax * Math.cos(angle), ay * Math.sin(angle)] as const;
  const wire = new Float64Array(3 * (SEGMENTS + 1));
  for (let s = 0; s <= SEGMENTS; s++) {
    const t = (2 * Math.PI * s) / SEGMENTS;
    const along = radius * Math.cos(t);
    wire[3 * s] = centre[0] - along * Math.sin(angle);
    wire[3 * s + 1] = centre[1] + along * Math.cos(angle);
    wire[3 * s + 2] = height + radius * Math.sin(t);
  }
  return { wire, gain };
}

/** Σ dl × r / r³ over the segments (Biot–Savart without its constant); answers B_x and −B_y. */
function transverseField({ wire, gain }: Loop, x: number, y: number, z: number, out: [number, number]): void {
  let bx = 0;
  let by = 0;
  for (let s = 0; s < SEGMENTS; s++) {
    const i = 3 * s;
    const dx = wire[i + 3]! - wire[i]!;
    const dy = wire[i + 4]! - wire[i + 1]!;
    const dz = wire[i + 5]! - wire[i + 2]!;
    const rx = x - 0.5 * (wire[i + 3]! + wire[i]!);
    const ry = y - 0.5 * (wire[i + 4]! + wire[i + 1]!);
    const rz = z - 0.5 * (wire[i + 5]! + wire[i + 2]!);
    // Never nearer than 15 mm to a wire: there is plastic between.
    const r2 = Math.max(rx * rx + ry * ry + rz * rz, 225);
    const weight = 1 / (r2 * Math.sqrt(r2));
    bx += (dy * rz - dz * ry) * weight;
    by += (dz * rx - dx * rz) * weight;
  }
  out[0] = gain * bx;
  out[1] = -gain * by;
}
