import { describeGeometry } from '../volume-geometry.ts';
import type { Vector, VolumeGeometry } from '../volume-geometry.ts';
import type { NiftiHeader } from './header.ts';

/** How the stored voxels become slices as scanners show them, and where these lie. */
export interface NiftiOrientation {
  flipRows: boolean;
  flipColumns: boolean;
  /** Null when the header does not say where the image lies; nothing is turned then. */
  geometry: VolumeGeometry | null;
}

/**
 * NIfTI counts rows towards the front of the head where scanners count towards its back. Slices are shown as scanners
 * do: columns towards the patient's left (sagittal: the back), rows towards the back (sagittal, coronal: the feet). Rows
 * and columns are at most reversed, never exchanged, and the order of slices stays.
 */
export function orientationOf(header: NiftiHeader): NiftiOrientation {
  const { affine, columns, rows, slices } = header;
  if (affine === undefined) return { flipRows: false, flipColumns: false, geometry: null };
  // NIfTI's x grows to the right and y to the front; ours to the left and to the back (DICOM's).
  const toPatient = ([x, y, z]: number[]): Vector => [-(x ?? 0), -(y ?? 0), z ?? 0];
  const axis = (k: number): Vector => unit(toPatient(affine.map((row) => row[k] ?? 0)));
  const step = (k: number): number => Math.hypot(...affine.map((row) => row[k] ?? 0));
  let [along, down] = [axis(0), axis(1)];
  const flipColumns = against(along);
  const flipRows = against(down);
  const first = [flipColumns ? columns - 1 : 0, flipRows ? rows - 1 : 0, 0];
  const origin = toPatient(affine.map((row) => row[3]! + row[0]! * first[0]! + row[1]! * first[1]!));
  if (flipColumns) along = negative(along);
  if (flipRows) down = negative(down);
  const geometry = describeGeometry(along, down, origin, slices > 1 ? step(2) : header.voxel[2], undefined);
  return { flipRows, flipColumns, geometry };
}

/** A direction against the way in which scanners count: left, back, feet (for rows of sagittal and coronal slices). */
function against(direction: Vector): boolean {
  const sizes = direction.map(Math.abs);
  const main = sizes.indexOf(Math.max(...sizes));
  return main === 2 ? direction[2] > 0 : direction[main as 0 | 1] < 0;
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}

function negative(v: Vector): Vector {
  return [-v[0], -v[1], -v[2]];
}
