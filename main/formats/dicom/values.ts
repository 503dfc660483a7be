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
 * type says.
 * @returns undefined when nothing tells what the phase values mean
 */
export function scalingOf(frame: DicomFrame, component: Component): Scaling | undefined {
  const { slope, intercept, type } = frame.rescale ?? { slope: 1, intercept: 0, type: '' };
  if (component !== 'phase') return { slope, intercept, basis: 'as displayed' };
  const vendor = frame.manufacturer.toUpperCase();
  const unit = type.toUpperCase();
  const inUnits = (factor: number, basis: string): Scaling => ({
    slope: slope * factor,
    intercept: intercept * factor,
    basis,
  });
  if (vendor.startsWith('PHILIPS')) return inUnits(1e-3, 'milliradians (Philips)');
  if (vendor.startsWith('GE')) return inUnits(1e-3, 'milliradians (GE)');
  if (unit === 'MRAD') return inUnits(1e-3, 'milliradians, as the header says');
  if (unit === 'RAD') return inUnits(1, 'radians, as the header says');
  // A full turn spans all stored values: −π at 0, π just beyond the last.
  const half = 2 ** (frame.bitsStored - 1);
  const offset = frame.signed ? 0 : half;
  const wholeRange = { slope: Math.PI / half, intercept: (-offset * Math.PI) / half };
  if (frame.rescale === undefined) {
    const whose = vendor.startsWith('SIEMENS') ? 'Siemens' : 'assumed, as Siemens does';
    return { ...wholeRange, basis: `whole range of stored values = one turn (${whose}, no rescale)` };
  }
  // After rescale the values must span one turn symmetrically about zero for this rule to be right.
  const low = (frame.signed ? -half : 0) * slope + intercept;
  const high = (frame.signed ? half : 2 * half) * slope + intercept;
  if (Math.abs(low + high) > 0.01 * Math.abs(high - low) || high === low) return undefined;
  if (vendor.startsWith('SIEMENS')) return inUnits(Math.PI / 4096, 'rescaled ±4096 = ±π (Siemens)');
  return inUnits((2 * Math.PI) / (high - low), 'whole range of rescaled values = one turn (assumed)');
}
