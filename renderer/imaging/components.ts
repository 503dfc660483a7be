import { magnitude } from '../../main/domain/complex.ts';
import { phaseDifference, phaseOf } from './phase.ts';

/** What a pane can show of a complex slice. */
export type Component = 'magnitude' | 'phase' | 'real' | 'imaginary' | 'kspace';

/** A slice as it was measured. `data` is interleaved re, im; for magnitude-only volumes im is 0. */
export interface Slice {
  rows: number;
  columns: number;
  data: Float32Array;
}

/**
 * The values of one component, `[rows, columns]`.
 * @param reference phase is shown against this slice of the same size
 */
export function componentOf(slice: Slice, component: Exclude<Component, 'kspace'>, reference?: Slice): Float32Array {
  const { data } = slice;
  switch (component) {
    case 'magnitude':
      return magnitudeOf(slice);
    case 'phase':
      return reference === undefined ? phaseOf(data) : phaseDifference(data, reference.data);
    case 'real':
    case 'imaginary':
      return everySecond(data, component === 'real' ? 0 : 1);
  }
}

function everySecond(data: Float32Array, first: 0 | 1): Float32Array {
  const out = new Float32Array(data.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = data[2 * i + first]!;
  return out;
}

const magnitudes = new WeakMap<Slice, Float32Array>();

/** The magnitude of a slice, made once: its own pane needs it, and the one of phase to fade noise out. */
function magnitudeOf(slice: Slice): Float32Array {
  let known = magnitudes.get(slice);
  if (known === undefined) magnitudes.set(slice, (known = magnitude(slice.data)));
  return known;
}
