import { magnitude } from '../../main/domain/complex.ts';
import { phaseEntries } from './colour/phase-map.ts';
import { componentOf } from './components.ts';
import type { ComplexPart, Slice } from './components.ts';
import { displayCopy } from './display-copy.ts';
import type { DisplayCopy } from './display-copy.ts';

/** What drawing a slice needs beside its values. */
export interface Prepared {
  /** That of magnitude always: phase fades out by it. */
  copies: { magnitude: DisplayCopy } & Partial<Record<ComplexPart, DisplayCopy>>;
  /** Entries of the phase map. */
  entries?: Int16Array;
}

/** Makes what the pictures of these components are drawn from. */
export function prepare(slice: Slice, components: readonly ComplexPart[]): Prepared {
  const prepared: Prepared = { copies: { magnitude: magnitudeCopy(slice) } };
  for (const component of components) {
    if (component === 'phase') prepared.entries = phaseEntries(slice.data);
    else if (component !== 'magnitude') prepared.copies[component] = displayCopy(componentOf(slice, component));
  }
  return prepared;
}

let values = new Float32Array(0);

export function magnitudeCopy({ data }: Slice): DisplayCopy {
  // Scrolling makes these by the hundred: the values in between need no memory of their own each time.
  if (values.length !== data.length / 2) values = new Float32Array(data.length / 2);
  return displayCopy(magnitude(data, values));
}

/** The memory of a prepared slice, for it to change hands without a copy. */
export function buffersOf({ copies, entries }: Prepared): ArrayBufferLike[] {
  const arrays = [...Object.values(copies).map(({ stored }) => stored), ...(entries ? [entries] : [])];
  return arrays.map(({ buffer }) => buffer);
}
