import type { FileHandle } from 'node:fs/promises';
import { IsochromatError } from '../../domain/errors.ts';
import { openForReading, readFully } from '../read-file.ts';
import { allocate, bytesOf, swapByteOrder } from './dtype.ts';
import type { NpyArray, NpyData, NpyDtype } from './dtype.ts';
import { NPY_PREAMBLE_BYTES, parseNpyHeader, parseNpyPreamble } from './header.ts';
import type { NpyHeader } from './header.ts';

/** An open `.npy` file that is read piece by piece along its first axis. */
export interface NpyReader {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: NpyDtype;
  /**
   * `count` rows of the first axis from `start` on, as an array of shape [count, …].
   * @param memory for exactly these rows, to be filled; default: new memory
   */
  read(start: number, count: number, memory?: NpyData): Promise<NpyArray>;
  close(): Promise<void>;
}

/**
 * Opens an array without reading it; memory is bounded by what `read` is asked for.
 * @throws IsochromatError `npy-…` as its header deserves; `npy-fortran-order` (rows are not together in such a file)
 */
export async function openNpy(path: string): Promise<NpyReader> {
  const { file, header } = await openAndParse(path);
  if (header.fortranOrder && header.shape.length > 1) {
    await file.close();
    throw new IsochromatError({
      code: 'npy-fortran-order',
      sentence: 'This array is stored columns first and cannot be read row by row.',
      subject: path,
      expected: "'fortran_order': False",
      remedy: 'Save it in numpy with numpy.save(path, numpy.ascontiguousarray(array)).',
    });
  }
  const [rows = 1, ...rowShape] = header.shape;
  const rowElements = rowShape.reduce((product, n) => product * n, 1);
  return {
    path,
    shape: header.shape,
    dtype: header.dtype,
    async read(start, count, memory) {
      if (!Number.isInteger(start) || !Number.isInteger(count) || start < 0 || count < 0 || start + count > rows) {
        throw new IsochromatError({
          code: 'npy-rows-out-of-range',
          sentence: `There are no rows ${start} to ${start + count - 1}.`,
          subject: path,
          expected: `rows from 0 to ${rows - 1}`,
        });
      }
      const rowBytes = rows === 0 ? 0 : header.dataBytes / rows;
      const data = memory ?? allocate(header.dtype, count * rowElements);
      if (data.byteLength !== count * rowBytes) throw new RangeError('The memory is not of the size of these rows.');
      await readElements(file, header, data, start * rowBytes, path);
      return { shape: [count, ...rowShape], dtype: header.dtype, data };
    },
    close: () => file.close(),
  };
}

/**
 * Reads a whole array. Big-endian and Fortran-ordered files come back little-endian and row-major.
 * @throws IsochromatError `npy-…` naming what is wrong with the file
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const { file, header } = await openAndParse(path);
  try {
    const elements = header.shape.reduce((product, n) => product * n, 1);
    const data = allocate(header.dtype, elements);
    await readElements(file, header, data, 0, path);
    const { shape, dtype } = header;
    return { shape, dtype, data: header.fortranOrder && shape.length > 1 ? toRowMajor(data, dtype, shape) : data };
  } finally {
    await file.close();
  }
}

/**
 * Reads a whole array whose type is known beforehand: `readNpyAs(path, 'complex64')`.
 * @throws IsochromatError `npy-unexpected-dtype`
 */
export async function readNpyAs<D extends NpyDtype>(path: string, dtype: D): Promise<NpyArray<D>> {
  const array = await readNpy(path);
  if (array.dtype === dtype) return array as NpyArray<D>;
  throw new IsochromatError({
    code: 'npy-unexpected-dtype',
    sentence: 'This array holds another type of numbers.',
    subject: path,
    expected: dtype,
    found: array.dtype,
  });
}

async function openAndParse(path: string): Promise<{ file: FileHandle; header: NpyHeader }> {
  const { file, size } = await openForReading(path);
  try {
    const preamble = new Uint8Array(Math.min(size, NPY_PREAMBLE_BYTES));
    await readFully(file, preamble, 0, path);
    const { start, length, utf8 } = parseNpyPreamble(preamble, path);
    const text = Buffer.alloc(Math.min(length, Math.max(size - start, 0)));
    await readFully(file, text, start, path);
    return { file, header: parseNpyHeader(text.toString(utf8 ? 'utf8' : 'latin1'), start + length, size, path) };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

async function readElements(
  file: FileHandle,
  header: NpyHeader,
  into: NpyData,
  offset: number,
  path: string,
): Promise<void> {
  await readFully(file, bytesOf(into), header.dataOffset + offset, path);
  if (header.bigEndian) swapByteOrder(into);
}

/** Rearranges an array stored columns first. */
function toRowMajor(data: NpyData, dtype: NpyDtype, shape: readonly number[]): NpyData {
  const elements = shape.reduce((product, n) => product * n, 1);
  const out = allocate(dtype, elements);
  const components = elements === 0 ? 1 : out.length / elements;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  const index = shape.map(() => 0);
  for (let i = 0; i < elements; i++) {
    const from = index.reduce((sum, k, axis) => sum + k * strides[axis]!, 0);
    for (let c = 0; c < components; c++) out[i * components + c] = data[from * components + c]!;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}
