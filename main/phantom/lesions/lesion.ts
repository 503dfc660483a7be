import { Random } from '../../domain/random.ts';
import { ellipsoid } from '../anatomy/geometry.ts';

/** What can be seen of a lesion: its signal, its field, or both. */
export type Detectability = 'magnitude' | 'phase' | 'both';

export const LESION_KINDS = [
  'mass',
  'white matter lesion',
  'lacune',
  'cyst',
  'microbleed',
  'calcification',
  'cavernoma',
  'perivascular space',
] as const;
export type LesionKind = (typeof LESION_KINDS)[number];

/** Labels of fastMRI+ for each kind that a reader marks; oedema around a mass has a box of its own. */
export const LESION_LABELS: Readonly<Record<Exclude<LesionKind, 'perivascular space'>, string>> = {
  mass: 'Mass',
  'white matter lesion': 'Nonspecific white matter lesion',
  lacune: 'Lacunar infarct',
  cyst: 'Likely cysts',
  microbleed: 'Nonspecific lesion',
  calcification: 'Nonspecific lesion',
  cavernoma: 'Nonspecific lesion',
};
export const OEDEMA_LABEL = 'Edema';
/** What a reader may call a large perivascular space in a healthy head. */
export const VARIANT_LABEL = 'Normal variant';

/** A sphere of other susceptibility, whose dipole field is seen in phase. Scanner mm; Δχ in ppm (SI). */
export interface SusceptibilitySphere {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
  readonly susceptibility: number;
}

export interface Lesion {
  readonly kind: LesionKind;
  readonly detectability: Detectability;
  /** Scanner mm. */
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  /** Turn in the axial plane, radians. */
  readonly turn: number;
  /** How far oedema reaches beyond a mass, mm. */
  readonly oedema: number;
  /** Thickness of the enhancing rim of a mass, mm; the rest is necrosis. */
  readonly rim: number;
  readonly spheres: readonly SusceptibilitySphere[];
  /** The barrier is open: contrast agent leaks in. */
  readonly active: boolean;
  readonly seed: string;
}

/** The outline of a lesion: an ellipsoid with an irregular surface. */
export class LesionShape {
  readonly lesion: Lesion;
  /** Farthest distance in mm from the centre at which the lesion may change anything. */
  readonly reach: number;
  private readonly cosine: number;
  private readonly sine: number;
  private readonly waves: { k: [number, number, number]; phase: number; gain: number }[];

  constructor(lesion: Lesion) {
    this.lesion = lesion;
    const random = Random.for('phantom-lesion-shape', lesion.seed);
    const size = Math.max(...lesion.radii);
    this.reach = 1.3 * size + 2 + 1.5 * lesion.oedema;
    this.cosine = Math.cos(lesion.turn);
    this.sine = Math.sin(lesion.turn);
    const roughness = lesion.kind === 'cyst' ? 0.05 : lesion.kind === 'mass' ? 0.13 : 0.16;
    this.waves = Array.from({ length: 5 }, () => {
      const k = (): number => (random.normal() * 2.2) / size;
      return { k: [k(), k(), k()], phase: random.uniform(0, 2 * Math.PI), gain: (roughness * size) / 1.6 };
    });
  }

  /** Signed distance in mm from the surface, negative inside, of a scanner place. */
  distance(x: number, y: number, z: number): number {
    const { lesion, cosine, sine } = this;
    const dx = x - lesion.centre[0];
    const dy = y - lesion.centre[1];
    const dz = z - lesion.centre[2];
    const [rx, ry, rz] = lesion.radii;
    return ellipsoid(cosine * dx + sine * dy, cosine * dy - sine * dx, dz, rx, ry, rz) + this.ripple(dx, dy, dz);
  }

  /** The irregularity alone, mm; also shapes the fingers of oedema. */
  ripple(dx: number, dy: number, dz: number): number {
    let sum = 0;
    for (const { k, phase, gain } of this.waves) sum += gain * Math.sin(k[0] * dx + k[1] * dy + k[2] * dz + phase);
    return sum;
  }
}
