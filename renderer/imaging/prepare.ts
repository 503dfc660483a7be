import { phaseEntries } from './colour/phase-map.ts';
import { componentOf } from './components.ts';
import type { ComplexPart, Slice } from './components.ts';
import { displayCopy } from './display-copy.ts';
import type { DisplayCopy } from './display-copy.ts';

/** What drawing a slice needs beside its values. */
export interface Prepared {
  magnitude: Float32Array;
  copies: Partial<Record<ComplexPart, DisplayCopy>>;
  /** Entries of the phase map. */
  entries?: Int16Array;
}

/** Makes what the pictures of these components are drawn from. */
export function prepare(slice: Slice, components: readonly ComplexPart[]): Prepared {
  const prepared: Prepared = { magnitude: componentOf(slice, 'magnitude'), copies: {} };
  for (const component of components) {
    if (component === 'phase') prepared.entries = phaseEntries(slice.data);
    else prepared.copies[component] = displayCopy(componentOf(slice, component));
  }
  return prepared;
}

/** The memory of a prepared slice, for it to change hands without a copy. */
export function buffersOf({ magnitude, copies, entries }: Prepared): ArrayBufferLike[] {
  const arrays = [magnitude, ...Object.values(copies).map(({ stored }) => stored), ...(entries ? [entries] : [])];
  return arrays.map(({ buffer }) => buffer);
}
