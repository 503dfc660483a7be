/** How the values of a phase image become radians: rad = value · slope + intercept. */
export interface PhaseUnits {
  slope: number;
  intercept: number;
  /** In words for the user: what was detected, and by what. */
  description: string;
}

export interface ValueRange {
  lowest: number;
  highest: number;
}

interface Candidate extends PhaseUnits {
  /** Values cannot leave this range … */
  lowest: number;
  highest: number;
  /** … and phase, which fills its range wherever there is noise, reaches close to its ends: at least this share of it. */
  share: number;
}

const { PI } = Math;

function candidate(
  description: string,
  [lowest, highest]: readonly [number, number],
  [slope, intercept]: readonly [number, number],
  share = 0.9,
): Candidate {
  return { description, lowest, highest, slope, intercept, share };
}

/** Scalings that converters and scanners leave in phase images; their ranges do not overlap where phase is full. */
export const PHASE_UNITS: readonly Candidate[] = [
  candidate('radians, −π to π', [-PI, PI], [1, 0], 0.8),
  candidate('radians, 0 to 2π', [0, 2 * PI], [1, 0], 0.8),
  candidate('degrees, −180 to 180', [-180, 180], [PI / 180, 0]),
  candidate('degrees, 0 to 360', [0, 360], [PI / 180, 0]),
  candidate('milliradians, −3142 to 3142', [-1000 * PI, 1000 * PI], [1e-3, 0]),
  candidate('scanner units, −4096 to 4095 for −π to π', [-4096, 4096], [PI / 4096, 0]),
  candidate('scanner units, −2048 to 2047 for −π to π', [-2048, 2048], [PI / 2048, 0]),
  candidate('scanner units, 0 to 4095 for −π to π', [0, 4096], [PI / 2048, -PI]),
  candidate('milliradians, 0 to 6283', [0, 2000 * PI], [1e-3, 0]),
];

/**
 * What the values of a phase image mean, told from their range.
 * @returns undefined when nothing fits, so that no phase is ever guessed
 */
export function phaseUnitsOf(range: ValueRange): PhaseUnits | undefined {
  const fitting = PHASE_UNITS.find((one) => fits(one, range));
  if (fitting === undefined) return undefined;
  const { slope, intercept, description } = fitting;
  return { slope, intercept, description: `${description}, told from its values` };
}

function fits({ lowest, highest, share }: Candidate, range: ValueRange): boolean {
  const rounding = 0.002 * (highest - lowest);
  const inside = range.lowest >= lowest - rounding && range.highest <= highest + rounding;
  return inside && range.highest - range.lowest >= share * (highest - lowest);
}
