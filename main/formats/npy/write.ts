import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { IsochromatError } from '../../domain/errors.ts';
import { AtomicFile, asWriteError, writeFileAtomically, writeFully } from '../atomic-file.ts';
import { NPY_DTYPES, bytesOf, dtypeOf } from './dtype.ts';
import type { NpyData, NpyDtype } from './dtype.ts';
import { formatNpyHeader } from './header.ts';

/** An array to be written; without `dtype` the array's own type, so complex ones must say `complex64`. */
export interface NpyContent {
  shape: readonly number[];
  dtype?: NpyDtype;
  data: NpyData;
}

/**
 * Writes an array as `numpy.save` does (version 1.0, row-major, little-endian), whole or not at all.
 * @throws IsochromatError `npy-shape` when shape and data do not fit; `write-failed`
 */
export async function writeNpy(path: string, content: NpyContent): Promise<void> {
  const { shape, data } = content;
  const dtype = content.dtype ?? dtypeOf(data);
  const { array, components } = NPY_DTYPES[dtype];
  const elements = shape.reduce((product, n) => product * n, 1);
  if (!(data instanceof array) || elements * components !== data.length) {
    throw shapeError(path, `${elements} elements of ${dtype} for shape (${shape.join(', ')})`, data);
  }
  const header = formatNpyHeader(dtype, shape);
  await writeFileAtomically(path, async (file) => {
    await writeFully(file, header, 0);
    await writeFully(file, bytesOf(data), header.length);
  });
}

/**
 * Writes an array row by row of its first axis, whose length need not be known: the header is completed by `close`.
 *
 *     const writer = await NpyWriter.create('patches.npy', { dtype: 'float32', rowShape: [2, 96, 96] });
 *     for (const patch of patches) await writer.append(patch);
 *     await writer.close();
 */
export class NpyWriter {
  readonly path: string;
  readonly dtype: NpyDtype;
  readonly rowShape: readonly number[];
  private readonly target: AtomicFile;
  private readonly file: FileHandle;
  private readonly headerBytes: number;
  private position: number;
  private written = 0;

  private constructor(
    path: string,
    dtype: NpyDtype,
    rowShape: readonly number[],
    target: AtomicFile,
    file: FileHandle,
  ) {
    this.path = path;
    this.dtype = dtype;
    this.rowShape = rowShape;
    this.target = target;
    this.file = file;
    // Room for the largest first axis, so that completing the header moves nothing.
    this.headerBytes = formatNpyHeader(dtype, [Number.MAX_SAFE_INTEGER, ...rowShape]).length;
    this.position = this.headerBytes;
  }

  /** Begins a file; nothing is seen under `path` before `close`. */
  static async create(
    path: string,
    { dtype, rowShape }: { dtype: NpyDtype; rowShape: readonly number[] },
  ): Promise<NpyWriter> {
    const target = new AtomicFile(path);
    try {
      return new NpyWriter(path, dtype, rowShape, target, await open(target.temporaryPath, 'wx'));
    } catch (thrown) {
      throw asWriteError(thrown, path);
    }
  }

  /** Rows written so far. */
  get rows(): number {
    return this.written;
  }

  /** Adds one row or several together: `data` holds a whole number of rows. */
  async append(data: NpyData): Promise<void> {
    const { array, components } = NPY_DTYPES[this.dtype];
    const rowLength = this.rowShape.reduce((product, n) => product * n, components);
    if (!(data instanceof array) || rowLength === 0 || data.length % rowLength !== 0) {
      throw shapeError(this.path, `rows of shape (${this.rowShape.join(', ')}) of ${this.dtype}`, data);
    }
    try {
      await writeFully(this.file, bytesOf(data), this.position);
    } catch (thrown) {
      throw asWriteError(thrown, this.path);
    }
    this.position += data.byteLength;
    this.written += data.length / rowLength;
  }

  /** Completes the header and gives the file its name. */
  async close(): Promise<void> {
    try {
      const header = formatNpyHeader(this.dtype, [this.written, ...this.rowShape], this.headerBytes);
      await writeFully(this.file, header, 0);
      await this.file.close();
      await this.target.commit();
    } catch (thrown) {
      await this.abort();
      throw asWriteError(thrown, this.path);
    }
  }

  /** Gives up: nothing remains on the disk. */
  async abort(): Promise<void> {
    await this.file.close().catch(() => {});
    await this.target.discard();
  }
}

function shapeError(path: string, expected: string, data: NpyData): IsochromatError {
  return new IsochromatError({
    code: 'npy-shape',
    sentence: 'The shape and the numbers to be written do not fit together.',
    subject: path,
    expected,
    found: `${data.length} numbers in a ${data.constructor.name}`,
  });
}
