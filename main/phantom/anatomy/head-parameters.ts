import { Random } from '../../domain/random.ts';

/** What makes one head differ from another. Everything is drawn from the patient's seed. */
export interface HeadParameters {
  readonly seed: string;
  /** Years; widens ventricles and sulci, and adds iron to the deep nuclei. */
  readonly age: number;
  /** Size along x (right–left), y (posterior–anterior), z (inferior–superior), relative to the template. */
  readonly scale: readonly [number, number, number];
  /** Turn about the three axes in radians: nod (x), tilt (y), turn (z). */
  readonly turn: readonly [number, number, number];
  /** Shift of the head in the scanner, mm. */
  readonly shift: readonly [number, number, number];
  /** Amplitude in mm of the smooth random deformation that makes every head asymmetric. */
  readonly deformation: number;
  /** 0 = tight sulci … 1 = wide ones. */
  readonly atrophy: number;
  /** Radius of the ventricles relative to the template, left and right. */
  readonly ventricles: readonly [number, number];
  /** Distance in mm between neighbouring sulci is half of this. */
  readonly foldWavelength: number;
  readonly cortexThickness: number;
  readonly boneThickness: number;
  readonly scalpFat: number;
  /** Size of the air cells, relative. */
  readonly pneumatisation: number;
  /** Calcified pineal gland and choroid plexus: normal, and seen in phase. */
  readonly calcifiedPineal: boolean;
}

/** Draws a head. The same seed gives the same head. */
export function drawHead(seed: string): HeadParameters {
  const random = Random.for('phantom-head', seed);
  const normal = (mean: number, sd: number): number => mean + sd * Math.max(-2, Math.min(2, random.normal()));
  const age = Math.round(random.uniform(25, 82));
  // Atrophy and ventricles follow age with a spread (about 1 % a year after 50).
  const ageing = Math.max(0, (age - 40) / 45);
  const overall = normal(0.95, 0.018);
  const ventricle = normal(0.82 + 0.42 * ageing, 0.1);
  return {
    seed,
    age,
    scale: [overall * normal(1, 0.02), overall * normal(1, 0.018), overall * normal(1, 0.02)],
    turn: [normal(0.03, 0.05), normal(0, 0.03), normal(0, 0.045)],
    shift: [normal(0, 2.5), normal(16, 2), 0],
    deformation: random.uniform(1.2, 2.4),
    atrophy: Math.max(0, Math.min(1, normal(0.25 + 0.5 * ageing, 0.14))),
    ventricles: [ventricle * normal(1, 0.07), ventricle * normal(1, 0.07)],
    foldWavelength: normal(19.6, 1),
    cortexThickness: normal(2.65 - 0.25 * ageing, 0.12),
    boneThickness: normal(6, 0.7),
    scalpFat: normal(3.6, 0.9),
    pneumatisation: normal(1, 0.15),
    calcifiedPineal: random.uniform() < 0.35 + 0.3 * ageing,
  };
}
