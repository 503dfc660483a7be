import { IsochromatError } from '../../domain/errors.ts';

/** How the values of a phase image become radians: rad = value · slope + intercept. */
export interface PhaseUnits {
  slope: number;
  intercept: number;
  /** In words for the user: what was detected, and by what. */
  description: string;
}

interface Candidate {
  description: string;
  slope: number;
  intercept: number;
  /** Values cannot leave this range … */
  lowest: number;
  highest: number;
  /** … and phase, which fills its range wherever there is noise, reaches close to its ends: at least this share of it. */
  share: number;
}

const { PI } = Math;

/** Scalings that converters and scanners leave in phase images; their ranges do not overlap where phase is full. */
const CANDIDATES: readonly Candidate[] = [
  { description: 'radians, −π to π', slope: 1, intercept: 0, lowest: -PI, highest: PI, share: 0.8 },
  { description: 'radians, 0 to 2π', slope: 1, intercept: 0, lowest: 0, highest: 2 * PI, share: 0.8 },
  { description: 'degrees, −180 to 180', slope: PI / 180, intercept: 0, lowest: -180, highest: 180, share: 0.9 },
  { description: 'degrees, 0 to 360', slope: PI / 180, intercept: 0, lowest: 0, highest: 360, share: 0.9 },
  {
    description: 'milliradians, −3142 to 3142',
    slope: 1e-3,
    intercept: 0,
    lowest: -1000 * PI,
    highest: 1000 * PI,
    share: 0.9,
  },
  {
    description: 'scanner units, −4096 to 4095 for −π to π',
    slope: PI / 4096,
    intercept: 0,
    lowest: -4096,
    highest: 4096,
    share: 0.9,
  },
  {
    description: 'scanner units, 0 to 4095 for −π to π',
    slope: PI / 2048,
    intercept: -PI,
    lowest: 0,
    highest: 4096,
    share: 0.9,
  },
  { description: 'milliradians, 0 to 6283', slope: 1e-3, intercept: 0, lowest: 0, highest: 2000 * PI, share: 0.9 },
];

/**
 * Finds out what the values of a phase image mean: from its sidecar's `Units` where it says radians (BIDS), else from
 * the range of its values.
 * @throws IsochromatError `nifti-phase-units` when nothing fits, so that no phase is ever guessed
 */
export function detectPhaseUnits(
  range: { lowest: number; highest: number },
  units: string | undefined,
  path: string,
): PhaseUnits {
  if (units !== undefined && /^rad(ians?)?$/i.test(units)) {
    if (range.highest - range.lowest <= 2 * PI + 0.01) {
      return { slope: 1, intercept: 0, description: 'radians, as its sidecar says' };
    }
  } else {
    const fitting = CANDIDATES.find((candidate) => fits(candidate, range));
    if (fitting !== undefined) {
      const { slope, intercept, description } = fitting;
      return { slope, intercept, description: `${description}, told from its values` };
    }
  }
  throw new IsochromatError({
    code: 'nifti-phase-units',
    sentence: 'Nothing tells what the phase values in this file mean.',
    subject: path,
    expected: CANDIDATES.map(({ description }) => description).join('; '),
    found: `values from ${range.lowest} to ${range.highest}${units === undefined ? '' : `, units "${units}"`}`,
    remedy: 'Convert the phase to radians, or say "Units": "rad" in the JSON file beside it.',
  });
}

function fits({ lowest, highest, share }: Candidate, range: { lowest: number; highest: number }): boolean {
  const rounding = 0.002 * (highest - lowest);
  const inside = range.lowest >= lowest - rounding && range.highest <= highest + rounding;
  return inside && range.highest - range.lowest >= share * (highest - lowest);
}
