import { fft2c } from '../../recon/fft.ts';
import { openNpy } from '../../formats/npy.ts';
import { join } from 'node:path';
import { IsochromatError } from '../../domain/errors.ts';
import { magnitude } from '../../domain/complex.ts';
import type { Split } from '../../domain/tissue.ts';
import { readCoil } from '../../study/index.ts';
import type { CoilArray, coilArrayFacts, Study } from '../../study/index.ts';
import type { SentArray } from './array-cache.ts';
import { displayCopy, partOf } from './parts.ts';
import type { Part } from './parts.ts';
import { thumbnail } from './thumbnail.ts';
import { readImageSlices, readMaskSlice } from './volume-slices.ts';

interface Extent {
  rows: number;
  columns: number;
}

/** One slice of a volume as it is sent, without the axis of slices. */
export async function sliceArray(
  study: Study,
  volume: string,
  { rows, columns }: Extent,
  slice: number,
  part: Part | 'mask',
  as: 'native' | 'int16',
): Promise<SentArray> {
  const shape = [rows, columns];
  if (part === 'mask') return { body: await readMaskSlice(study, volume, slice), shape, type: 'uint8' };
  return complexArray(await readImageSlices(study, volume, slice, slice), shape, part, as);
}

/** What one coil saw of a slice, or how sensitive it was, as it is sent. */
export async function coilArray(
  study: Study,
  volume: string,
  array: CoilArray,
  facts: ReturnType<typeof coilArrayFacts>,
  position: number,
  coil: number,
  part: Part,
  as: 'native' | 'int16',
): Promise<SentArray> {
  const complex = await readCoil(study, volume, array, facts, position, coil);
  return complexArray(complex, [facts.rows, facts.columns], part, as);
}

function complexArray(complex: Float32Array, shape: number[], part: Part, as: 'native' | 'int16'): SentArray {
  const values = partOf(part, complex);
  if (as === 'native') return { body: bytesOf(values), shape, type: part === 'complex' ? 'complex64' : 'float32' };
  const { data, scale, offset } = displayCopy(part, values);
  return { body: bytesOf(data), shape: part === 'complex' ? [...shape, 2] : shape, type: 'int16', scale, offset };
}

/** A slice, small. */
export async function thumbnailArray(
  study: Study,
  volume: string,
  extent: Extent,
  { slice, part, size }: { slice: number; part: 'magnitude' | 'phase'; size: number },
): Promise<SentArray> {
  const { rows, columns, data } = thumbnail(await readImageSlices(study, volume, slice, slice), extent, part, size);
  return { body: data, shape: [rows, columns], type: 'uint8' };
}

/** Decibels below the largest sample where k-space ends. */
const FLOOR = -120;

/** k-space of a slice: 20·log₁₀(|K| / max |K|) of its centred transform, in decibels, −120 at the least. */
export async function kspaceArray(
  study: Study,
  volume: string,
  { rows, columns }: Extent,
  slice: number,
): Promise<SentArray> {
  const shape = [rows, columns];
  const values = magnitude(fft2c({ shape, data: await readImageSlices(study, volume, slice, slice) }).data);
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  for (let i = 0; i < values.length; i++) {
    const decibels = largest === 0 ? FLOOR : 20 * Math.log10(values[i]! / largest);
    values[i] = decibels > FLOOR ? decibels : FLOOR;
  }
  return { body: bytesOf(values), shape, type: 'float32' };
}

/** Patches of a set that stand together: `(n, 2, size, size)` float32. */
export function patchArray(study: Study, set: string, split: Split, from: number, count: number): Promise<SentArray> {
  return rowsOf(study.patchSets.file(set, split), from, count);
}

export function syntheticArray(study: Study, set: string, from: number, count: number): Promise<SentArray> {
  return rowsOf(join(study.synthetic.get(set).folder, 'patches.npy'), from, count);
}

/** Rows `from` … of an array, up to `count`, fewer at its end. */
async function rowsOf(path: string, from: number, count: number): Promise<SentArray> {
  const file = await openNpy(path);
  try {
    const rows = file.shape[0] ?? 0;
    if (from > rows) {
      throw new IsochromatError({
        code: 'patches-out-of-range',
        sentence: 'There are not so many patches.',
        expected: `from 0 to ${rows}`,
        found: String(from),
      });
    }
    const { data, shape } = await file.read(from, Math.min(count, rows - from));
    return { body: bytesOf(data as Float32Array), shape, type: 'float32' };
  } finally {
    await file.close();
  }
}

function bytesOf(array: Float32Array | Int16Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
