import { IsochromatError } from '../domain/errors.ts';
import { Random } from '../domain/random.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { TissueClass } from '../domain/tissue.ts';
import { FIELD_STRENGTHS } from './signal/protocols.ts';
import type { FieldStrength } from './signal/protocols.ts';
import type { Disease, VolumePlan } from './volume-plan.ts';

/** What a phantom data set should consist of. */
export interface DatasetOptions {
  readonly volumes: number;
  /** Slices of a volume. */
  readonly slices: number;
  /** Rows and columns of an image, even. */
  readonly size: number;
  readonly coils: number;
  readonly seed: number | string;
  /** Default: all five. */
  readonly sequences?: readonly Sequence[];
  /** Share of volumes that nobody reviewed. Default 0.4. */
  readonly unlabeledShare?: number;
  /** Default: both. */
  readonly fieldStrengths?: readonly FieldStrength[];
  /** How many sequences of a patient are in the set, at most. Default 2. */
  readonly sequencesPerPatient?: number;
}

/**
 * What patients have, in turn. Disease of small vessels is the commonest finding of fastMRI+ by far and accompanies most others, as it
 * does in an ageing population; so a modest data set holds every kind of lesion often enough to be learnt.
 */
const PATIENTS: readonly (readonly Disease[])[] = [
  ['small vessel'],
  ['mass', 'microbleeds'],
  ['demyelination', 'microbleeds'],
  ['cavernoma', 'small vessel'],
  ['mass', 'small vessel'],
  ['microbleeds', 'small vessel'],
  ['cyst', 'small vessel'],
];

/** Numbers of fastMRI's sites lie below 900, so that no file is taken for one of theirs. */
const SITE = 900;

const LIMITS = {
  volumes: [1, 10000],
  slices: [1, 64],
  size: [32, 1024],
  coils: [1, 64],
  sequencesPerPatient: [1, SEQUENCES.length],
} as const;

/**
 * Plans a data set: sequences × {normal, abnormal} as even as the number of volumes allows, a share of both unreviewed, several
 * sequences from one patient, diseases in turn. The same options give the same plan, and a longer data set begins with other patients
 * than a shorter one only where balance asks for it.
 * @throws IsochromatError `phantom-options`
 */
export function planDataset(options: DatasetOptions): VolumePlan[] {
  const sequences = options.sequences ?? SEQUENCES;
  const fields = options.fieldStrengths ?? FIELD_STRENGTHS;
  const unlabeledShare = options.unlabeledShare ?? 0.4;
  const perPatient = Math.min(options.sequencesPerPatient ?? 2, sequences.length);
  check(options, sequences, fields, unlabeledShare);
  const random = Random.for('phantom-plan', options.seed);
  const reviewed = Math.round(options.volumes * (1 - unlabeledShare));
  const plans: VolumePlan[] = [];
  const diseaseTurn = random.shuffled(PATIENTS);
  let patients = 0;
  let diseased = 0;
  // Patients take the next sequences in turn; health alternates between patients, reviewed ones first.
  const turn = { reviewed: 0, unlabeled: 0 };
  while (plans.length < options.volumes) {
    const isReviewed = plans.length < reviewed;
    const left = (isReviewed ? reviewed : options.volumes) - plans.length;
    const count = Math.min(perPatient, left);
    const healthy = patients % 2 === 0;
    const diseases = healthy ? [] : diseaseTurn[diseased++ % diseaseTurn.length]!;
    const tissueClass: TissueClass = !isReviewed ? 'unlabeled' : healthy ? 'normal' : 'abnormal';
    const patientSeed = `${options.seed}:${patients}`;
    const fieldStrength = random.pick(fields);
    const key = isReviewed ? 'reviewed' : 'unlabeled';
    for (let i = 0; i < count; i++) {
      // A healthy and a diseased patient in succession share the same sequences.
      const sequence = sequences[(Math.floor(turn[key] / (2 * perPatient)) * perPatient + i) % sequences.length]!;
      const number = plans.length + 1;
      plans.push({
        file: `file_brain_${sequence}_${SITE}_${SITE * 10000 + number}`,
        sequence,
        tissueClass,
        patientId: `phantom-${String(patients + 1).padStart(4, '0')}`,
        patientSeed,
        acquisitionSeed: `${options.seed}:${patients}:${sequence}`,
        diseases,
        fieldStrength,
        slices: options.slices,
        size: options.size,
        coils: options.coils,
        signalToNoise: random.uniform(22, 45),
      });
    }
    turn[key] += perPatient;
    patients += 1;
  }
  return plans;
}

function check(
  options: DatasetOptions,
  sequences: readonly Sequence[],
  fields: readonly FieldStrength[],
  unlabeledShare: number,
): void {
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const value = options[name as keyof typeof LIMITS];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < low || value > high)
      refuse(name, `a whole number from ${low} to ${high}`, value);
  }
  if (options.size % 2 !== 0) refuse('size', 'an even number of pixels', options.size);
  if (!(unlabeledShare >= 0 && unlabeledShare <= 1)) refuse('unlabeledShare', 'a number from 0 to 1', unlabeledShare);
  if (sequences.length === 0) refuse('sequences', 'at least one sequence', 'none');
  if (fields.length === 0) refuse('fieldStrengths', 'at least one field strength', 'none');
}

function refuse(name: string, expected: string, found: number | string): never {
  throw new IsochromatError({
    code: 'phantom-options',
    sentence: `The phantom cannot be made with this ${name}.`,
    expected,
    found: String(found),
  });
}
