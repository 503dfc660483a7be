import { IsochromatError } from '../../domain/errors.ts';
import { PHASE_UNITS, phaseUnitsOf } from '../phase-units.ts';
import type { PhaseUnits, ValueRange } from '../phase-units.ts';

/**
 * Finds out what the values of a phase image mean: from its sidecar's `Units` where it says radians (BIDS), else from
 * the range of its values.
 * @throws IsochromatError `nifti-phase-units` when nothing fits, so that no phase is ever guessed
 */
export function detectPhaseUnits(range: ValueRange, units: string | undefined, path: string): PhaseUnits {
  if (units !== undefined && /^rad(ians?)?$/i.test(units)) {
    if (range.highest - range.lowest <= 2 * Math.PI + 0.01) {
      return { slope: 1, intercept: 0, description: 'radians, as its sidecar says' };
    }
  } else {
    const detected = phaseUnitsOf(range);
    if (detected !== undefined) return detected;
  }
  throw new IsochromatError({
    code: 'nifti-phase-units',
    sentence: 'Nothing tells what the phase values in this file mean.',
    subject: path,
    expected: PHASE_UNITS.map(({ description }) => description).join('; '),
    found: `values from ${range.lowest} to ${range.highest}${units === undefined ? '' : `, units "${units}"`}`,
    remedy: 'Convert the phase to radians, or say "Units": "rad" in the JSON file beside it.',
  });
}
