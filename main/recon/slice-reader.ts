import type { ComplexArray } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';
import { borrowFloats } from '../kernels/scan.ts';
import type { LentFloats } from '../kernels/scan.ts';
import type { KspaceSource } from './kspace-source.ts';

/** Reads slices of a source into one array that is used again and again, and holds each to the shape that was promised. */
export class SliceReader {
  private readonly source: KspaceSource;
  private readonly buffer: LentFloats;

  constructor(source: KspaceSource) {
    this.source = source;
    this.buffer = borrowFloats(2 * source.coils * source.readout * source.columns);
  }

  /** `[coils, readout, columns]`, valid until the next call. */
  async read(slice: number): Promise<ComplexArray> {
    const { coils, readout, columns } = this.source;
    const { floats } = this.buffer;
    const kspace = await this.source.readKspaceSlice(slice, floats);
    const expected = [coils, readout, columns];
    if (kspace.shape.join() !== expected.join() || kspace.data.length !== floats.length) {
      throw new IsochromatError({
        code: 'kspace-shape',
        sentence: 'The k-space of a slice does not have the shape that the acquisition claims.',
        expected: expected.join(' × '),
        found: `${kspace.shape.join(' × ')} (${kspace.data.length} numbers)`,
      });
    }
    return kspace;
  }

  close(): void {
    this.buffer.giveBack();
  }
}

/** More than any acquisition has; below, one slice fits into memory. */
const LARGEST_SLICE = 2 ** 28;
const LARGEST_SIDE = 4096;

/** @throws IsochromatError `kspace-shape` where sizes are no sizes, or one slice alone would fill the memory */
export function checkSource({ slices, coils, readout, columns, reconRows, reconColumns }: KspaceSource): void {
  const sizes = [slices, coils, readout, columns, reconRows, reconColumns];
  const samples = coils * readout * columns;
  const sensible = sizes.every((size) => Number.isInteger(size) && size >= 1);
  if (sensible && samples <= LARGEST_SLICE && Math.max(reconRows, reconColumns) <= LARGEST_SIDE) return;
  throw new IsochromatError({
    code: 'kspace-shape',
    sentence: 'The sizes of this acquisition make no sense.',
    expected: `positive whole numbers, at most ${LARGEST_SLICE} samples in a slice and ${LARGEST_SIDE} pixels a side`,
    found: `${slices} slices, ${coils} coils, ${readout} × ${columns} samples, image ${reconRows} × ${reconColumns}`,
  });
}
