import { Random } from '../../domain/random.ts';
import type { HeadParameters } from './head-parameters.ts';

/** A smooth displacement of one part: a bump that pushes tissue outwards, as a growing mass does. */
export interface Push {
  readonly centre: readonly [number, number, number];
  /** Radius in mm of what pushes. */
  readonly radius: number;
  /** Largest displacement in mm. */
  readonly strength: number;
}

/**
 * From the scanner's millimetres (x left, y anterior, z superior, B₀ along z) to the template's: shift, turn, scale, a smooth
 * random deformation, and the pushes of masses.
 */
export class Pose {
  private readonly parameters: HeadParameters;
  /** Rows of the matrix scanner → template, without the deformation. */
  private readonly matrix: readonly (readonly [number, number, number])[];
  /** Six numbers a wave: wave vector, then phase and amplitude per component in the next ones. */
  private readonly waves: { k: [number, number, number]; phase: number; gain: [number, number, number] }[];
  private readonly pushes: readonly Push[];

  constructor(parameters: HeadParameters, pushes: readonly Push[] = []) {
    this.parameters = parameters;
    this.pushes = pushes;
    const { scale, turn } = parameters;
    const rotation = multiply(aboutX(-turn[0]), multiply(aboutY(-turn[1]), aboutZ(-turn[2])));
    this.matrix = rotation.map((row, i) => row.map((value) => value / scale[i]!) as [number, number, number]);
    const random = Random.for('phantom-deformation', parameters.seed);
    this.waves = Array.from({ length: 5 }, () => {
      const wave = (low: number, high: number): number =>
        ((random.uniform() < 0.5 ? -1 : 1) * 2 * Math.PI) / random.uniform(low, high);
      const gain = (): number => (parameters.deformation * random.normal()) / 2.2;
      return {
        k: [wave(90, 260), wave(90, 260), wave(90, 260)],
        phase: random.uniform(0, 2 * Math.PI),
        gain: [gain(), gain(), gain()],
      };
    });
  }

  /** Template place of a scanner place, into `out`. */
  toTemplate(sx: number, sy: number, sz: number, out: Float64Array): void {
    const { shift } = this.parameters;
    const px = sx - shift[0];
    const py = sy - shift[1];
    const pz = sz - shift[2];
    const [r0, r1, r2] = this.matrix as [
      readonly [number, number, number],
      readonly [number, number, number],
      readonly [number, number, number],
    ];
    let x = r0[0] * px + r0[1] * py + r0[2] * pz;
    let y = r1[0] * px + r1[1] * py + r1[2] * pz;
    let z = r2[0] * px + r2[1] * py + r2[2] * pz;
    let dx = 0;
    let dy = 0;
    let dz = 0;
    for (const { k, phase, gain } of this.waves) {
      const s = Math.sin(k[0] * x + k[1] * y + k[2] * z + phase);
      dx += gain[0] * s;
      dy += gain[1] * s;
      dz += gain[2] * s;
    }
    x += dx;
    y += dy;
    z += dz;
    for (const { centre, radius, strength } of this.pushes) {
      const ex = x - centre[0];
      const ey = y - centre[1];
      const ez = z - centre[2];
      const r = Math.sqrt(ex * ex + ey * ey + ez * ez) + 1e-6;
      const reach = r / (1.7 * radius);
      if (reach > 2) continue;
      // Tissue seen at distance r came from nearer by: it was pushed outwards. Zero at the centre and far away.
      const back = (strength * 3.3 * reach * Math.exp(-reach * reach * 2)) / r;
      const share = Math.min(back, 0.85);
      x -= ex * share;
      y -= ey * share;
      z -= ez * share;
    }
    out[0] = x;
    out[1] = y;
    out[2] = z;
  }

  /** Scanner place whose template place is given: fixed-point iteration, to well below 0.1 mm. */
  toScanner(place: readonly [number, number, number]): [number, number, number] {
    const { scale } = this.parameters;
    const found: [number, number, number] = [0, 0, 0];
    const there = new Float64Array(3);
    for (let pass = 0; pass < 25; pass++) {
      this.toTemplate(found[0], found[1], found[2], there);
      const error = [place[0] - there[0]!, place[1] - there[1]!, place[2] - there[2]!] as const;
      // Transposed rotation × scale: the inverse of the linear part.
      for (let i = 0; i < 3; i++) {
        let step = 0;
        for (let j = 0; j < 3; j++) step += this.matrix[j]![i]! * scale[j]! * scale[j]! * error[j]!;
        found[i] = found[i]! + 0.8 * step;
      }
    }
    return found;
  }
}

type Matrix = [[number, number, number], [number, number, number], [number, number, number]];

function aboutX(a: number): Matrix {
  const [c, s] = [Math.cos(a), Math.sin(a)];
  return [
    [1, 0, 0],
    [0, c, -s],
    [0, s, c],
  ];
}

function aboutY(a: number): Matrix {
  const [c, s] = [Math.cos(a), Math.sin(a)];
  return [
    [c, 0, s],
    [0, 1, 0],
    [-s, 0, c],
  ];
}

function aboutZ(a: number): Matrix {
  const [c, s] = [Math.cos(a), Math.sin(a)];
  return [
    [c, -s, 0],
    [s, c, 0],
    [0, 0, 1],
  ];
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => [0, 1, 2].map((j) => row[0] * b[0][j]! + row[1] * b[1][j]! + row[2] * b[2][j]!)) as Matrix;
}
