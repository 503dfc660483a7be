import { IsochromatError } from '../../domain/errors.ts';
import { LARGEST_KSPACE_SLICE } from '../image-limits.ts';
import type { IsmrmrdHeader } from '../ismrmrd-header.ts';
import type { AcquisitionHead } from './acquisition.ts';

/** The grid that readouts are sorted into, DC at index ⌊n/2⌋ of both axes. */
export interface KspaceGrid {
  coils: number;
  /** Samples along the readout: rows. */
  readout: number;
  /** Phase encodings: columns. */
  columns: number;
  /** Column of line 0: ⌊columns/2⌋ − center. */
  firstColumn: number;
}

const LARGEST = { coils: 256, readout: 8192, columns: 8192 };

/**
 * The grid of an acquisition's header.
 * @throws IsochromatError `ismrmrd-trajectory`, `ismrmrd-3d`, `ismrmrd-matrix`
 */
export function gridOf(header: IsmrmrdHeader, coils: number, path: string): KspaceGrid {
  const { x: readout, y: columns, z } = header.encodedMatrix;
  if (header.trajectory !== 'cartesian') {
    throw new IsochromatError({
      code: 'ismrmrd-trajectory',
      sentence: `This acquisition was not sampled line by line (${header.trajectory}).`,
      subject: path,
      expected: 'a Cartesian trajectory',
      found: header.trajectory,
      remedy: 'Reconstruct it with the program of its sequence and import the complex images.',
    });
  }
  if (z > 1 || (header.limits['kspace_encoding_step_2']?.maximum ?? 0) > 0) {
    throw new IsochromatError({
      code: 'ismrmrd-3d',
      sentence: 'This is a three-dimensional acquisition; only slices (2-D) are read from raw data.',
      subject: path,
      expected: 'one partition',
      found: `a matrix of ${readout} × ${columns} × ${z}`,
      remedy: 'Reconstruct it elsewhere and import the complex images.',
    });
  }
  const sensible = (n: number, limit: number): boolean => Number.isInteger(n) && n >= 8 && n <= limit;
  const samples = coils * readout * columns;
  if (
    !sensible(readout, LARGEST.readout) ||
    !sensible(columns, LARGEST.columns) ||
    samples > LARGEST_KSPACE_SLICE ||
    coils > LARGEST.coils
  ) {
    throw new IsochromatError({
      code: 'ismrmrd-matrix',
      sentence: 'The header speaks of a matrix of an impossible size.',
      subject: path,
      expected: `8 to ${LARGEST.readout} samples, 8 to ${LARGEST.columns} lines, at most ${LARGEST.coils} coils and ${LARGEST_KSPACE_SLICE} samples a slice`,
      found: `${readout} × ${columns}, ${coils} coils`,
    });
  }
  const center = header.limits['kspace_encoding_step_1']?.center ?? Math.floor(columns / 2);
  return { coils, readout, columns, firstColumn: Math.floor(columns / 2) - center };
}

/**
 * Where a readout goes: its column, and the row of its first used sample.
 * @throws IsochromatError `ismrmrd-outside` when it does not fit into the grid
 */
export function placeOf(
  head: AcquisitionHead,
  grid: KspaceGrid,
  number: number,
  path: string,
): { column: number; row: number } {
  const column = grid.firstColumn + head.step1;
  // The centre of the echo comes to DC; an asymmetric echo leaves rows before it empty.
  const center = head.reversed ? head.samples - 1 - head.centerSample : head.centerSample;
  const row = Math.floor(grid.readout / 2) - center + usedSamples(head).first;
  const used = head.samples - head.discardPre - head.discardPost;
  if (column >= 0 && column < grid.columns && used > 0 && row >= 0 && row + used <= grid.readout)
    return { column, row };
  throw new IsochromatError({
    code: 'ismrmrd-outside',
    sentence: `Readout ${number} lies outside of the matrix that the header speaks of.`,
    subject: path,
    expected: `${grid.readout} samples × ${grid.columns} lines`,
    found: `line ${head.step1} (column ${column}), samples ${row} to ${row + used - 1}`,
    remedy: 'Header and readouts do not belong together; convert the raw data again.',
  });
}

/**
 * Adds one readout to a slice.
 * @param data of the readout, `[coils, samples]` interleaved
 * @param kspace of the slice, `[coils, readout, columns]` interleaved
 */
export function addReadout(
  data: Float32Array,
  head: AcquisitionHead,
  { column, row }: { column: number; row: number },
  grid: KspaceGrid,
  kspace: Float32Array,
): void {
  const { readout, columns } = grid;
  const { samples, reversed } = head;
  const { first, end } = usedSamples(head);
  for (let coil = 0; coil < grid.coils; coil++) {
    for (let s = first; s < end; s++) {
      const from = 2 * (coil * samples + (reversed ? samples - 1 - s : s));
      const to = 2 * ((coil * readout + row + s - first) * columns + column);
      kspace[to]! += data[from]!;
      kspace[to + 1]! += data[from + 1]!;
    }
  }
}

/** Range of the samples to be used, along the direction of the grid: a reversed readout ends where others begin. */
function usedSamples({ samples, discardPre, discardPost, reversed }: AcquisitionHead): { first: number; end: number } {
  const [before, after] = reversed ? [discardPost, discardPre] : [discardPre, discardPost];
  return { first: before, end: samples - after };
}
