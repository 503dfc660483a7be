import { Random } from '../../domain/random.ts';
import { FIELD, FIELD_COUNT } from '../anatomy/fields.ts';
import type { Head } from '../anatomy/head.ts';
import type { Push } from '../anatomy/pose.ts';
import { TISSUE } from '../signal/tissues.ts';
import { TissueMixture } from '../tissue-mixture.ts';
import type { Disease } from '../volume-plan.ts';
import type { Lesion, LesionKind, SusceptibilitySphere } from './lesion.ts';

type Place = [number, number, number];
/** Whether a lesion of this radius may stand where these fields and tissue shares are. */
type Condition = (f: Float64Array, shares: Float64Array, radius: number) => boolean;

const inBrain: Condition = (f, _shares, radius) =>
  f[FIELD.cavity]! < -radius - 4 && f[FIELD.brainstem]! > 2 && f[FIELD.ventricle]! > 1;
const inWhite: Condition = (f, shares, radius) => inBrain(f, shares, radius) && shares[TISSUE.white]! > 0.97;
const nuclei = [TISSUE.putamen, TISSUE.pallidum, TISSUE.caudate, TISSUE.thalamus];

const CONDITIONS: Readonly<Record<Exclude<LesionKind, 'perivascular space'>, Condition>> = {
  mass: (f, _shares, radius) =>
    f[FIELD.cavity]! < -0.85 * radius - 3 &&
    f[FIELD.tentorium]! > radius + 2 &&
    Math.abs(f[FIELD.midline]!) > 0.8 * radius + 2 &&
    f[FIELD.brainstem]! > radius,
  // Around the ventricles and in the deep white matter, where small vessels end.
  'white matter lesion': (f, shares, radius) =>
    inWhite(f, shares, radius) && f[FIELD.tentorium]! > 6 && (f[FIELD.ventricle]! < 9 || f[FIELD.depth]! > 13),
  lacune: (f, shares, radius) =>
    inBrain(f, shares, radius) &&
    (nuclei.reduce((sum, tissue) => sum + shares[tissue]!, 0) > 0.9 ||
      (shares[TISSUE.white]! > 0.97 && f[FIELD.depth]! > 15)),
  cyst: (f, shares, radius) =>
    inBrain(f, shares, 0.75 * radius) && f[FIELD.tentorium]! > 6 && shares[TISSUE.white]! > 0.5,
  microbleed: (f, shares, radius) => inBrain(f, shares, radius) && shares[TISSUE.csf]! < 0.05,
  calcification: (f, shares, radius) => inBrain(f, shares, radius) && shares[TISSUE.csf]! < 0.05,
  cavernoma: inWhite,
};

/** Finds places in slices, and keeps lesions apart. */
class Placement {
  private readonly fields = new Float32Array(FIELD_COUNT);
  private readonly wide = new Float64Array(FIELD_COUNT);
  private readonly taken: { place: Place; radius: number }[] = [];
  private readonly head: Head;
  private readonly mixture: TissueMixture;
  private readonly positions: readonly number[];
  private readonly random: Random;

  constructor(head: Head, positions: readonly number[], random: Random) {
    this.head = head;
    this.mixture = new TissueMixture(head.parameters, head.cranium, 0.8, 1);
    this.positions = positions;
    this.random = random;
  }

  /** A place whose centre lies in a slice; undefined when 300 attempts found none. */
  find(condition: Condition, radius: number): Place | undefined {
    const { random, head, fields, wide } = this;
    for (let attempt = 0; attempt < 300; attempt++) {
      const z = random.pick(this.positions) + random.uniform(-1, 1);
      const place: Place = [random.uniform(-62, 62), random.uniform(-80, 80), z];
      if (this.taken.some((other) => distance(other.place, place) < 1.25 * (other.radius + radius) + 2)) continue;
      head.describe(...place, fields, 0);
      wide.set(fields);
      if (wide[FIELD.cavity]! > -4 || !condition(wide, this.mixture.mix(wide), radius)) continue;
      this.taken.push({ place, radius });
      return place;
    }
    return undefined;
  }
}

/**
 * How many lesions of which kind and radius (mm) a disease brings. They are at the large end of what a clinic sees, and their iron is
 * dense: a classifier must find them within minutes of training. Nothing learnt here says how hard real lesions are to find.
 */
const LOADS: Readonly<
  Record<Disease, readonly { kind: LesionKind; count: [number, number]; radius: [number, number] }[]>
> = {
  mass: [{ kind: 'mass', count: [2, 3], radius: [13, 20] }],
  'small vessel': [
    { kind: 'white matter lesion', count: [8, 15], radius: [4, 9] },
    { kind: 'lacune', count: [2, 4], radius: [4, 7] },
    { kind: 'microbleed', count: [6, 10], radius: [3, 5] },
  ],
  demyelination: [{ kind: 'white matter lesion', count: [14, 22], radius: [4.5, 10] }],
  microbleeds: [{ kind: 'microbleed', count: [12, 20], radius: [3, 5.5] }],
  cavernoma: [
    { kind: 'cavernoma', count: [3, 5], radius: [5, 10] },
    { kind: 'calcification', count: [3, 6], radius: [2.4, 4.5] },
  ],
  cyst: [{ kind: 'cyst', count: [2, 4], radius: [8, 16] }],
};

/** Draws the lesions of a patient. The same patient has the same lesions in every sequence. */
export function drawLesions(
  patientSeed: string,
  diseases: readonly Disease[],
  head: Head,
  positions: readonly number[],
): Lesion[] {
  const random = Random.for('phantom-lesions', patientSeed);
  const placement = new Placement(head, positions, random);
  const found: Lesion[] = [];
  const loads = diseases.flatMap((disease) => LOADS[disease].map((load) => ({ disease, ...load })));
  for (const load of loads) {
    const count = random.integer(...load.count);
    for (let i = 0; i < count; i++) {
      const radius = random.uniform(...load.radius);
      const condition = CONDITIONS[load.kind as keyof typeof CONDITIONS];
      const place = placement.find(condition, radius);
      if (place === undefined) continue;
      // A third of the plaques of demyelination are active.
      const active = load.disease === 'demyelination' && load.kind === 'white matter lesion' && random.uniform() < 0.35;
      found.push({ ...drawLesion(load.kind, place, radius, random), active });
    }
  }
  // Everyone has a few perivascular spaces; in some heads one is large enough to be remarked as a normal variant.
  const spaces = random.integer(2, 8);
  for (let i = 0; i < spaces; i++) {
    const radius = i === 0 && random.uniform() < 0.3 ? random.uniform(2.4, 3.4) : random.uniform(0.7, 1.4);
    const place = placement.find(CONDITIONS.lacune, radius);
    if (place !== undefined) found.push(drawLesion('perivascular space', place, radius, random));
  }
  return found;
}

function drawLesion(kind: LesionKind, centre: Place, radius: number, random: Random): Lesion {
  const stretch = random.uniform(0.78, 1);
  const seed = `${random.bits()}`;
  const turn = random.uniform(0, Math.PI);
  const flat = Math.max(radius * random.uniform(0.9, 1.15), Math.min(radius, 2));
  const common = { kind, centre, turn, seed, oedema: 0, rim: 0, active: false } as const;
  const sphere = (size: number, susceptibility: number): SusceptibilitySphere => ({
    centre,
    radius: size,
    susceptibility,
  });
  switch (kind) {
    case 'mass': {
      // Two of three masses have bled.
      const bled = random.uniform() < 0.67;
      const spheres = bled ? bloodInside(centre, radius, random) : [];
      const detectability = bled ? 'both' : 'magnitude';
      const rim = random.uniform() < 0.2 ? radius : random.uniform(2.5, 5);
      return {
        ...common,
        detectability,
        radii: [radius, stretch * radius, flat],
        oedema: random.uniform(8, 19),
        rim,
        spheres,
      };
    }
    case 'microbleed': {
      // Old ones hold so much iron that nothing is left of their signal; young ones turn the phase and leave the magnitude.
      const old = random.uniform() < 0.5;
      return {
        ...common,
        detectability: old ? 'both' : 'phase',
        radii: [radius, radius, radius],
        spheres: [sphere(radius, old ? random.uniform(1.8, 3.2) : random.uniform(0.6, 1.1))],
      };
    }
    case 'calcification':
      return {
        ...common,
        detectability: 'both',
        radii: [radius, stretch * radius, radius],
        spheres: [sphere(radius, -random.uniform(2, 3.6))],
      };
    case 'cavernoma':
      return {
        ...common,
        detectability: 'both',
        radii: [radius, stretch * radius, flat],
        spheres: [sphere(0.8 * radius, random.uniform(0.9, 1.6))],
      };
    default:
      return { ...common, detectability: 'magnitude', radii: [radius, stretch * radius, flat], spheres: [] };
  }
}

function bloodInside(centre: Place, radius: number, random: Random): SusceptibilitySphere[] {
  return Array.from({ length: random.integer(3, 6) }, () => {
    const angle = random.uniform(0, 2 * Math.PI);
    const reach = random.uniform(0.3, 0.9) * radius;
    return {
      centre: [
        centre[0] + reach * Math.cos(angle),
        centre[1] + reach * Math.sin(angle),
        centre[2] + random.uniform(-2, 2),
      ],
      radius: random.uniform(2.5, 4.5),
      susceptibility: random.uniform(1.6, 3.2),
    };
  });
}

/** How masses and cysts displace the tissue around them, in template coordinates. The skull does not give way. */
export function pushesOf(lesions: readonly Lesion[], head: Head): Push[] {
  const there = new Float32Array(FIELD_COUNT);
  return lesions
    .filter(({ kind }) => kind === 'mass' || kind === 'cyst')
    .map((lesion) => {
      head.describe(...lesion.centre, there, 0);
      const radius = lesion.radii[0] / head.parameters.scale[0];
      const room = Math.max(0, Math.min(1, (-there[FIELD.cavity]! - 0.6 * radius) / (1.4 * radius)));
      const centre = [there[FIELD.x]!, there[FIELD.y]!, there[FIELD.z]!] as const;
      return { centre, radius, strength: (lesion.kind === 'mass' ? 0.3 : 0.4) * radius * room };
    });
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
