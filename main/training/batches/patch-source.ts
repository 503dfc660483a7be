import { openRows } from '../../formats/npy-rows.ts';
import { interleave } from '../../patches/cut.ts';

/** Where a data set's patches lie, told so that another thread can read them too. */
export type PatchSource =
  | { readonly images: Float32Array; readonly size: number }
  /** Rows `positions` of an `.npy` of `[n, 2, size, size]`, real before imaginary part. */
  | { readonly file: string; readonly positions: Int32Array; readonly size: number };

export interface PatchReader {
  /** The patches of these indices, `[indices.length, size, size, 2]`. */
  read(indices: ArrayLike<number>): Float32Array;
  close(): void;
}

/** @throws IsochromatError `npy-…` */
export async function openPatchSource(source: PatchSource): Promise<PatchReader> {
  if ('images' in source)
    return { read: (indices) => gather(source.images, 2 * source.size ** 2, indices), close: () => {} };
  const { file, positions, size } = source;
  const rows = await openRows(file);
  return {
    read: (indices) => interleave(rows.read(Int32Array.from(indices, (i) => positions[i]!)), size),
    close: () => rows.close(),
  };
}

/** Items of `length` numbers each, copied one after another. */
export function gather(values: Float32Array, length: number, indices: ArrayLike<number>): Float32Array {
  const out = new Float32Array(indices.length * length);
  for (let i = 0; i < indices.length; i++) {
    out.set(values.subarray(indices[i]! * length, (indices[i]! + 1) * length), i * length);
  }
  return out;
}
