/** `forward` = image → k-space, exp(−2πi…); `inverse` = k-space → image, exp(+2πi…). */
export type FftDirection = 'forward' | 'inverse';

/** One centred orthonormal transform of every plane `[rows, columns]` of an array. */
export interface AxisTransform {
  /** `rows`: along the first axis of the plane, down its columns. */
  readonly along: 'rows' | 'columns';
  readonly direction: FftDirection;
  /** Keep only these indices of the result. */
  readonly keep?: { readonly first: number; readonly count: number };
}

/** A batch of planes, interleaved complex. */
export interface Planes {
  readonly planes: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** The size of a plane after some transforms. */
export function sizeAfter(
  { rows, columns }: { rows: number; columns: number },
  steps: readonly AxisTransform[],
): { rows: number; columns: number } {
  for (const { along, keep } of steps) {
    if (keep === undefined) continue;
    if (along === 'rows') rows = keep.count;
    else columns = keep.count;
  }
  return { rows, columns };
}

/** Centred orthonormal transforms of planes, one step after the other. */
export type TransformPlanes = (input: Planes, steps: readonly AxisTransform[]) => Planes;
