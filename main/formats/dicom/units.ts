import { phaseUnitsOf } from '../phase-units.ts';
import type { PhaseUnits } from '../phase-units.ts';
import type { Component } from './component.ts';
import type { DicomFrame } from './frame.ts';
import type { RefusedFrames, Stack } from './stacks.ts';
import { scalingOf } from './values.ts';

/**
 * Keeps the stacks whose values have a known meaning. Where the header leaves the units of a phase open (Canon, United Imaging),
 * they are told from the range that its values fill; real and imaginary values must be able to be negative. What nothing
 * tells is refused, so that no phase is ever guessed.
 */
export function withKnownUnits(stacks: readonly Stack[]): { stacks: Stack[]; refused: RefusedFrames[] } {
  const known: Stack[] = [];
  const refused: RefusedFrames[] = [];
  const inStudies = new Set(stacks.map(({ component, frames }) => keyOf(component, frames[0]!)));
  for (const stack of stacks) {
    const first = stack.frames[0]!;
    const counterpart = COUNTERPARTS[stack.component];
    if (counterpart !== undefined && inStudies.has(keyOf(counterpart, first)) && !canBeNegative(first)) {
      refused.push(refusal(stack, 'dicom-unknown-zero', 'cannot be negative, and nothing says which value is zero'));
    } else if (stack.component !== 'phase' || scalingOf(first, 'phase') !== undefined) {
      known.push(stack);
    } else {
      const range = rangeOf(stack);
      const phaseUnits = range && phaseUnitsOf(range);
      if (phaseUnits !== undefined) known.push({ ...stack, frames: withUnits(stack.frames, phaseUnits) });
      else {
        const values = range === undefined ? '' : ` (${round(range.lowest)} to ${round(range.highest)})`;
        const reason = `have values${values} of which nothing says what they mean in radians`;
        refused.push(refusal(stack, 'dicom-unknown-phase-units', reason));
      }
    }
  }
  return { stacks: known, refused };
}

/** A real part has an imaginary one in the same study, or the other way round. */
const COUNTERPARTS: Partial<Record<Component, Component>> = { real: 'imaginary', imaginary: 'real' };

function keyOf(component: Component, { study }: DicomFrame): string {
  return `${component} ${study}`;
}

function canBeNegative({ signed, rescale }: DicomFrame): boolean {
  return signed || (rescale !== undefined && (rescale.intercept < 0 || rescale.slope < 0));
}

function withUnits(frames: readonly DicomFrame[], phaseUnits: PhaseUnits): DicomFrame[] {
  return frames.map((frame) => ({ ...frame, phaseUnits }));
}

/** Over all slices: a single one may be smooth, where a stack wraps. */
function rangeOf({ frames }: Stack): DicomFrame['valueRange'] {
  const ranges = frames.map(({ valueRange }) => valueRange);
  if (ranges.some((range) => range === undefined)) return undefined;
  return {
    lowest: Math.min(...ranges.map((range) => range!.lowest)),
    highest: Math.max(...ranges.map((range) => range!.highest)),
  };
}

function refusal({ component, frames }: Stack, code: string, reason: string): RefusedFrames {
  const paths = [...new Set(frames.map(({ path }) => path))];
  return { paths, code, reason: `These ${component} images ${reason}, so they form no complex values.` };
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
