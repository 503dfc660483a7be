import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { IsochromatError } from '../domain/errors.ts';
import { openNpy } from './npy.ts';

/** Rows of a float32 `.npy` file, read by index and without waiting: what a training loop asks for. */
export interface RowReader {
  readonly shape: readonly number[];
  /** Rows in the order asked for, one after another. */
  read(indices: ArrayLike<number>): Float32Array;
  close(): void;
}

/**
 * Opens a float32 array for reading rows by index.
 * @throws IsochromatError `npy-…`, `npy-unexpected-dtype`
 */
export async function openRows(file: string): Promise<RowReader> {
  const header = await openNpy(file);
  const { shape, dtype } = header;
  await header.close();
  if (dtype !== 'float32') {
    throw new IsochromatError({
      code: 'npy-unexpected-dtype',
      sentence: 'This array holds another type of numbers.',
      subject: file,
      expected: 'float32',
      found: dtype,
    });
  }
  const rows = shape[0] ?? 0;
  const rowLength = shape.slice(1).reduce((product, n) => product * n, 1);
  const handle = openSync(file, 'r');
  // openNpy has made sure that the elements end where the file ends.
  const start = fstatSync(handle).size - 4 * rows * rowLength;
  return {
    shape,
    read(indices) {
      const out = new Float32Array(indices.length * rowLength);
      for (let i = 0; i < indices.length;) {
        // Rows that stand together are read together.
        let count = 1;
        while (i + count < indices.length && indices[i + count] === indices[i]! + count) count++;
        const first = indices[i]!;
        if (!(Number.isInteger(first) && first >= 0 && first + count <= rows)) throw outOfRange(file, first, rows);
        readFully(handle, out.subarray(i * rowLength, (i + count) * rowLength), start + 4 * first * rowLength, file);
        i += count;
      }
      return out;
    },
    close: () => closeSync(handle),
  };
}

function readFully(handle: number, into: Float32Array, position: number, file: string): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 1 << 30);
    const read = readSync(handle, bytes, done, length, position + done);
    if (read === 0) {
      throw new IsochromatError({
        code: 'npy-truncated',
        sentence: 'This numpy array file became shorter while it was read.',
        subject: file,
        remedy: 'Verify the study with "isochromat study verify".',
      });
    }
    done += read;
  }
}

function outOfRange(file: string, index: number, rows: number): IsochromatError {
  return new IsochromatError({
    code: 'npy-rows-out-of-range',
    sentence: `There is no row ${index}.`,
    subject: file,
    expected: `rows from 0 to ${rows - 1}`,
  });
}
