import { IsochromatError } from '../../domain/errors.ts';
import { NPY_DTYPES } from './dtype.ts';
import type { NpyDtype } from './dtype.ts';

/** What the header of a `.npy` file says. Format: numpy.lib.format, NEP 1, versions 1.0 to 3.0. */
export interface NpyHeader {
  shape: number[];
  dtype: NpyDtype;
  bigEndian: boolean;
  /** Columns first (Fortran order). */
  fortranOrder: boolean;
  /** Where the elements begin. */
  dataOffset: number;
  /** Bytes of all elements. */
  dataBytes: number;
}

const MAGIC = '\x93NUMPY';
/** The longest header we believe; numpy's own of plain arrays are below 200 bytes. */
const LONGEST_HEADER = 65536;
/** numpy's own limit. */
const HIGHEST_RANK = 64;
/** Bytes that a reader needs before it can say how long the header is. */
export const NPY_PREAMBLE_BYTES = 12;

const DTYPE_OF_CODE = new Map(Object.entries(NPY_DTYPES).map(([name, { code }]) => [code as string, name as NpyDtype]));

/**
 * Reads the first bytes of a file.
 * @param preamble at least the first 12 bytes (fewer when the file has fewer)
 * @returns where the header text begins and how long it is
 * @throws IsochromatError `npy-not-npy`, `npy-version`, `npy-header-too-long`, `npy-truncated`
 */
export function parseNpyPreamble(preamble: Uint8Array, path: string): { start: number; length: number; utf8: boolean } {
  const magic = Buffer.from(preamble.subarray(0, 6)).toString('latin1');
  if (magic !== MAGIC) {
    throw new IsochromatError({
      code: 'npy-not-npy',
      sentence: 'This is not a numpy array file.',
      subject: path,
      expected: 'a file that begins with \\x93NUMPY',
      found: preamble.length === 0 ? 'an empty file' : `${JSON.stringify(magic)}`,
    });
  }
  const view = new DataView(preamble.buffer, preamble.byteOffset, preamble.byteLength);
  if (preamble.byteLength < NPY_PREAMBLE_BYTES) throw truncated(path, 'the header', `${preamble.byteLength} bytes`);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) {
    throw new IsochromatError({
      code: 'npy-version',
      sentence: 'This numpy array file is of a version that is not known.',
      subject: path,
      expected: 'version 1, 2 or 3',
      found: `version ${version}.${view.getUint8(7)}`,
    });
  }
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > LONGEST_HEADER) {
    throw new IsochromatError({
      code: 'npy-header-too-long',
      sentence: 'The header of this numpy array file is absurdly long.',
      subject: path,
      expected: `at most ${LONGEST_HEADER} bytes`,
      found: `${length} bytes`,
    });
  }
  return { start, length, utf8: version === 3 };
}

/**
 * Understands the header text, a Python dictionary such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`,
 * and holds it against the size of the file, so that nothing is allocated on its word alone.
 * @throws IsochromatError `npy-header`, `npy-dtype`, `npy-truncated`, `npy-trailing-bytes`
 */
export function parseNpyHeader(text: string, dataOffset: number, fileBytes: number, path: string): NpyHeader {
  const descr = /(['"])descr\1\s*:\s*(['"])([^'"]*)\2/.exec(text)?.[3];
  const order = /(['"])fortran_order\1\s*:\s*(True|False)\b/.exec(text)?.[2];
  const tuple = /(['"])shape\1\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[2];
  if (descr === undefined && /(['"])descr\1\s*:\s*\[/.test(text))
    throw unknownDtype(path, 'a record of several fields');
  if (descr === undefined || order === undefined || tuple === undefined || !/^\s*\{.*\}\s*$/s.test(text)) {
    throw new IsochromatError({
      code: 'npy-header',
      sentence: 'The header of this numpy array file cannot be understood.',
      subject: path,
      expected: "a dictionary with 'descr', 'fortran_order' and 'shape'",
      found: JSON.stringify(text.slice(0, 120)),
    });
  }
  const dtype = DTYPE_OF_CODE.get(descr.slice(1));
  if (dtype === undefined || !'<>|='.includes(descr[0]!)) throw unknownDtype(path, descr);
  const shape = parseShape(tuple, path);
  const elements = shape.reduce((product, n) => product * n, 1);
  const dataBytes = elements * NPY_DTYPES[dtype].bytes;
  const present = fileBytes - dataOffset;
  if (!Number.isSafeInteger(dataBytes) || dataBytes > present) {
    throw truncated(
      path,
      `${dataBytes} bytes for shape (${shape.join(', ')}) of ${dtype}`,
      `${Math.max(present, 0)} bytes`,
    );
  }
  if (dataBytes < present) {
    throw new IsochromatError({
      code: 'npy-trailing-bytes',
      sentence: 'There is more in this numpy array file than its header says.',
      subject: path,
      expected: `${dataBytes} bytes for shape (${shape.join(', ')}) of ${dtype}`,
      found: `${present} bytes`,
      remedy: 'The file may be damaged or hold several arrays; save one array a file.',
    });
  }
  return { shape, dtype, bigEndian: descr[0] === '>', fortranOrder: order === 'True', dataOffset, dataBytes };
}

/**
 * The first bytes of a version 1.0 file up to the elements, 64-byte aligned as numpy writes them.
 * @param totalBytes fixes the length, so that a header can be replaced in place; default: as short as possible
 */
export function formatNpyHeader(dtype: NpyDtype, shape: readonly number[], totalBytes?: number): Uint8Array {
  const { code, bytes } = NPY_DTYPES[dtype];
  const descr = `${bytes === 1 ? '|' : '<'}${code}`;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = totalBytes ?? Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(total, ' ');
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt8(1, 6);
  header.writeUInt8(0, 7);
  header.writeUInt16LE(total - 10, 8);
  header.write(text, 10, 'latin1');
  header.write('\n', total - 1, 'latin1');
  return header;
}

function parseShape(tuple: string, path: string): number[] {
  const parts = tuple.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  const shape = parts.map((part) => (/^\d+L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  if (shape.length > HIGHEST_RANK || !shape.every(Number.isSafeInteger)) {
    throw new IsochromatError({
      code: 'npy-header',
      sentence: 'The shape in this numpy array file cannot be understood.',
      subject: path,
      expected: `at most ${HIGHEST_RANK} whole numbers`,
      found: `(${tuple.slice(0, 80)})`,
    });
  }
  return shape;
}

function truncated(path: string, expected: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'npy-truncated',
    sentence: 'This numpy array file ends too early.',
    subject: path,
    expected,
    found,
    remedy: 'Copy or download the file again.',
  });
}

function unknownDtype(path: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'npy-dtype',
    sentence: 'The elements of this numpy array file are of a type that is not read here.',
    subject: path,
    expected: Object.keys(NPY_DTYPES).join(', '),
    found,
    remedy: 'Convert the array in numpy, for example with .astype("complex64").',
  });
}
