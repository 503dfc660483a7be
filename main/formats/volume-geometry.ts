/** Millimetres, or a direction: x to the patient's left, y to the back, z to the head (DICOM's patient coordinates). */
export type Vector = readonly [number, number, number];

/** Where a stack of slices lies in the patient, and how it is to be displayed. */
export interface VolumeGeometry {
  plane: 'axial' | 'sagittal' | 'coronal' | 'oblique';
  /** Millimetres from slice to slice; null where there is one slice and nothing says how thick it is. */
  sliceSpacing: number | null;
  /** Directions of growing column and of growing row index. */
  along: Vector;
  down: Vector;
  /** Centre of the first pixel of the first slice. */
  origin: Vector;
  /** How the patient lay: `HFS` = head first, supine. */
  patientPosition: string | null;
  /** What stands at the edges of a slice as stored: R, L, A, P, H (head), F (feet). */
  edges: { left: string; right: string; top: string; bottom: string };
}

/** Defined terms of Patient Position (PS3.3 C.7.3.1.1.2); anything else is not kept. */
const POSITIONS = new Set(['HFP', 'HFS', 'HFDR', 'HFDL', 'FFDR', 'FFDL', 'FFP', 'FFS', 'LFP', 'LFS', 'RFP', 'RFS']);

export function describeGeometry(
  along: Vector,
  down: Vector,
  origin: Vector,
  sliceSpacing: number | undefined,
  patientPosition: string | undefined,
): VolumeGeometry {
  const position = patientPosition?.toUpperCase() ?? '';
  return {
    plane: planeOf(along, down),
    sliceSpacing: sliceSpacing ?? null,
    along,
    down,
    origin,
    patientPosition: POSITIONS.has(position) ? position : null,
    edges: {
      left: towards(negative(along)),
      right: towards(along),
      top: towards(negative(down)),
      bottom: towards(down),
    },
  };
}

/** The plane that a slice is nearest to; beyond 35° from each it is `oblique`. */
export function planeOf(along: Vector, down: Vector): VolumeGeometry['plane'] {
  const normal = [
    along[1] * down[2] - along[2] * down[1],
    along[2] * down[0] - along[0] * down[2],
    along[0] * down[1] - along[1] * down[0],
  ].map(Math.abs);
  const largest = Math.max(...normal);
  if (!(largest > Math.cos((35 * Math.PI) / 180))) return 'oblique';
  return (['sagittal', 'coronal', 'axial'] as const)[normal.indexOf(largest)]!;
}

/**
 * The same volume after its slices were resampled to another matrix in k-space: the centres ⌊n/2⌋ coincide, so the first pixel
 * moves.
 */
export function resizeGeometry(
  geometry: VolumeGeometry,
  spacing: readonly [number, number],
  from: { rows: number; columns: number },
  to: { rows: number; columns: number },
): { geometry: VolumeGeometry; spacing: [number, number] } {
  const shift = (n: number, m: number): number => Math.floor(n / 2) - (Math.floor(m / 2) * n) / m;
  const downwards = shift(from.rows, to.rows) * spacing[0];
  const sideways = shift(from.columns, to.columns) * spacing[1];
  const { along, down, origin } = geometry;
  const moved = ([0, 1, 2] as const).map((k) => origin[k] + downwards * down[k] + sideways * along[k]);
  return {
    geometry: { ...geometry, origin: [moved[0]!, moved[1]!, moved[2]!] },
    spacing: [(spacing[0] * from.rows) / to.rows, (spacing[1] * from.columns) / to.columns],
  };
}

/** The letter of the side that a direction points to most. */
function towards(direction: Vector): string {
  const sizes = direction.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  return (direction[axis as 0 | 1 | 2] > 0 ? ['L', 'P', 'H'] : ['R', 'A', 'F'])[axis]!;
}

function negative(v: Vector): Vector {
  return [-v[0], -v[1], -v[2]];
}
