import { magnitude } from '../../main/domain/complex.ts';
import { phaseDifference, phaseOf } from './phase.ts';

/** The parts of complex values. */
export type ComplexPart = 'magnitude' | 'phase' | 'real' | 'imaginary';
/** What can be shown of one coil of a slice. */
export const COIL_COMPONENTS = ['coil-magnitude', 'coil-phase', 'sensitivity-magnitude', 'sensitivity-phase'] as const;
export type CoilComponent = (typeof COIL_COMPONENTS)[number];

/** What a pane can show of a slice: its image, its k-space, or one coil of it. */
export type Component = ComplexPart | 'kspace' | CoilComponent;

export function isComplexPart(component: Component): component is ComplexPart {
  return ['magnitude', 'phase', 'real', 'imaginary'].includes(component);
}

export function isCoilComponent(component: string): component is CoilComponent {
  return (COIL_COMPONENTS as readonly string[]).includes(component);
}

/** Shown in the colours of phase, and faded where there is no signal. */
export function isPhase(component: Component): boolean {
  return component === 'phase' || component === 'coil-phase' || component === 'sensitivity-phase';
}

/** The component whose window is changed while one is looked at: of phase, which has none, its magnitude. */
export function greyComponent(component: Component): Component {
  if (component === 'phase') return 'magnitude';
  if (component === 'coil-phase') return 'coil-magnitude';
  return component === 'sensitivity-phase' ? 'sensitivity-magnitude' : component;
}

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
export function componentOf(slice: Slice, component: ComplexPart, reference?: Slice): Float32Array {
  const { data } = slice;
  switch (component) {
    case 'magnitude':
      return magnitude(data);
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
