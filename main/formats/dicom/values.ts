import type { Component } from './component.ts';
import type { DicomFrame } from './frame.ts';

/** value = stored · slope + intercept, in the units of the component: radians for phase. */
export interface Scaling {
  slope: number;
  intercept: number;
  /** In words, for the user to check: "milliradians (Philips)". */
  basis: string;
}

/**
 * How the stored values of a frame become physical ones. Phase in radians:
 * Siemens (SV·slope + intercept)·π/4096, without rescale (SV − 2048)·π/2048; Philips and GE milliradians, whatever the rescale
 * type says; of other vendors as the rescale type says, or as the values of the whole stack told (units.ts).
 * @returns undefined when the header does not tell what the phase values mean
 */
export function scalingOf(frame: DicomFrame, component: Component): Scaling | undefined {
  const { slope, intercept, type } = frame.rescale ?? { slope: 1, intercept: 0, type: '' };
  if (component !== 'phase') return { slope, intercept, basis: 'as displayed' };
  const then = (factor: number, offset: number, basis: string): Scaling => ({
    slope: slope * factor,
    intercept: intercept * factor + offset,
    basis,
  });
  const { phaseUnits } = frame;
  if (phaseUnits !== undefined) return then(phaseUnits.slope, phaseUnits.intercept, phaseUnits.description);
  const vendor = frame.manufacturer.toUpperCase();
  const unit = type.toUpperCase();
  if (vendor.startsWith('PHILIPS')) return then(1e-3, 0, 'milliradians (Philips)');
  if (vendor.startsWith('GE')) return then(1e-3, 0, 'milliradians (GE)');
  if (unit === 'MRAD') return then(1e-3, 0, 'milliradians, as the header says');
  if (unit === 'RAD') return then(1, 0, 'radians, as the header says');
  return vendor.startsWith('SIEMENS') ? siemensScaling(frame) : undefined;
}

/** Siemens writes 12 bits for a whole turn, and a rescale to ±4096, or none; anything else is not Siemens' own. */
function siemensScaling({ rescale, bitsStored, signed }: DicomFrame): Scaling | undefined {
  if (signed || bitsStored !== 12) return undefined;
  const { slope, intercept } = rescale ?? { slope: 1, intercept: 0 };
  // Some archives write a rescale that changes nothing where there was none.
  if (slope === 1 && intercept === 0) {
    return {
      slope: Math.PI / 2048,
      intercept: -Math.PI,
      basis: 'whole range of stored values = one turn (Siemens, no rescale)',
    };
  }
  if (Math.abs(intercept + 4096) > 1 || Math.abs(slope - 2) > 0.01) return undefined;
  return {
    slope: (slope * Math.PI) / 4096,
    intercept: (intercept * Math.PI) / 4096,
    basis: 'rescaled ±4096 = ±π (Siemens)',
  };
}
