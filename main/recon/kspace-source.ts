import type { ComplexArray } from '../domain/complex.ts';

/**
 * Multi-coil Cartesian k-space that is read slice by slice, DC at index ⌊n/2⌋ of both axes. The fastMRI reader's file is
 * one; anything else that can hand out slices can be another.
 */
export interface KspaceSource {
  readonly slices: number;
  readonly coils: number;
  /** Samples along the readout, oversampling included: the rows of k-space. */
  readonly readout: number;
  /** Phase encodings: the columns of k-space. */
  readonly columns: number;
  /** The image that the scanner meant; a readout longer than `reconRows` is oversampled. */
  readonly reconRows: number;
  readonly reconColumns: number;
  /** 1 where a column was measured, for undersampled acquisitions that say so. */
  readonly columnMask?: ArrayLike<number> | undefined;
  /**
   * One slice, `[coils, readout, columns]`. A slice that cannot be used is refused by throwing; the others go on.
   * @param into an array that may be filled and used, to save making one for each slice
   */
  readKspaceSlice(slice: number, into?: Float32Array): ComplexArray | Promise<ComplexArray>;
}

/** A source of some of the slices of another one, in the order given. */
export function someSlices(source: KspaceSource, only: readonly number[]): KspaceSource {
  return {
    slices: only.length,
    coils: source.coils,
    readout: source.readout,
    columns: source.columns,
    reconRows: source.reconRows,
    reconColumns: source.reconColumns,
    columnMask: source.columnMask,
    readKspaceSlice: (slice, into) => source.readKspaceSlice(only[slice]!, into),
  };
}
