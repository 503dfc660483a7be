import type { DicomFrame, Vector } from './frame.ts';

/** Where the slices of a stack lie. */
export interface StackGeometry {
  /** mm between rows and between columns. */
  pixelSpacing: readonly [number, number];
  /** mm from slice to slice; the slice thickness where there is one slice only. */
  sliceSpacing: number | undefined;
  along: Vector;
  down: Vector;
  /** Of the first slice. */
  origin: Vector;
}

export type Spacing = { ok: true; spacing: number | undefined } | { ok: false; code: string; reason: string };

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** mm along the slice normal: what slices are sorted by. */
export function depth(frame: DicomFrame): number {
  const { orientation, position } = frame;
  if (orientation === undefined || position === undefined) return 0;
  return dot(cross(orientation.along, orientation.down), position);
}

/**
 * Whether slices, sorted by depth, are evenly spaced, with none missing and none shifted in its plane.
 * Scanners write positions with about five digits, hence the tolerance of 2 % or 0.05 mm.
 */
export function checkSpacing(sorted: readonly DicomFrame[]): Spacing {
  const depths = sorted.map(depth);
  const gaps = depths.slice(1).map((d, i) => d - depths[i]!);
  if (gaps.length === 0) return { ok: true, spacing: sorted[0]?.spacingBetweenSlices ?? sorted[0]?.sliceThickness };
  const typical = [...gaps].sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)]!;
  const tolerance = Math.max(0.05, 0.02 * typical);
  const stated = sorted[0]!.spacingBetweenSlices;
  const steps = gaps.map((gap) => Math.round(gap / typical));
  const missing = steps.reduce((sum, step) => sum + step - 1, 0);
  if (gaps.some((gap) => Math.abs(gap - typical) > tolerance)) {
    const wholeSteps = gaps.every((gap, i) => Math.abs(gap - steps[i]! * typical) <= steps[i]! * tolerance);
    return wholeSteps
      ? {
          ok: false,
          code: 'dicom-missing-slices',
          reason: `Of ${sorted.length + missing} slices at a distance of ${typical.toFixed(2)} mm, ${missing} are missing.`,
        }
      : {
          ok: false,
          code: 'dicom-uneven-slices',
          reason: `The slices are unevenly spaced: ${Math.min(...gaps).toFixed(2)} to ${Math.max(...gaps).toFixed(2)} mm apart.`,
        };
  }
  if (stated !== undefined && stated > 0 && Math.abs(typical - stated) > Math.max(tolerance, 0.1 * stated)) {
    return {
      ok: false,
      code: 'dicom-missing-slices',
      reason: `The slices are ${typical.toFixed(2)} mm apart, where the header says ${stated.toFixed(2)} mm: some are missing.`,
    };
  }
  return shifted(sorted)
    ? { ok: false, code: 'dicom-shifted-slices', reason: 'The slices are shifted against each other in their plane.' }
    : { ok: true, spacing: typical };
}

/** True where a slice does not lie on the normal through the first one. */
function shifted(sorted: readonly DicomFrame[]): boolean {
  const first = sorted[0]!;
  if (first.orientation === undefined || first.position === undefined) return false;
  const { along, down } = first.orientation;
  const tolerance = 0.1 * Math.max(0.5, ...(first.pixelSpacing ?? [1]));
  return sorted.some(({ position }) => {
    if (position === undefined) return true;
    const offset = position.map((v, k) => v - first.position![k]!) as unknown as Vector;
    return Math.abs(dot(offset, along)) > tolerance || Math.abs(dot(offset, down)) > tolerance;
  });
}

export function geometryOf(sorted: readonly DicomFrame[], spacing: number | undefined): StackGeometry | undefined {
  const first = sorted[0];
  if (first?.orientation === undefined || first.position === undefined || first.pixelSpacing === undefined)
    return undefined;
  return { pixelSpacing: first.pixelSpacing, sliceSpacing: spacing, ...first.orientation, origin: first.position };
}
