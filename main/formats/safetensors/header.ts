import { IsochromatError } from '../../domain/errors.ts';

/** Element types of the safetensors format, with the array that holds them; 16-bit floats stay as their bits. */
export const TENSOR_DTYPES = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  U16: Uint16Array,
  I16: Int16Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  U32: Uint32Array,
  I32: Int32Array,
  F32: Float32Array,
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
} as const;

export type TensorDtype = keyof typeof TENSOR_DTYPES;
export type TensorData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | BigUint64Array
  | BigInt64Array
  | Float64Array;

/** Where a tensor stands in the file, as its header says. */
interface TensorEntry {
  name: string;
  dtype: TensorDtype;
  shape: number[];
  /** Bytes from the beginning of the data. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  entries: TensorEntry[];
  /** Free text that its writer left. */
  metadata: Record<string, string>;
  /** Where the data begin. */
  dataOffset: number;
}

/** The reference implementation's own limit. */
export const LONGEST_HEADER = 100_000_000;
const HIGHEST_RANK = 16;

/**
 * Reads the JSON header (https://github.com/huggingface/safetensors, "Format") and checks that the tensors fill the data
 * without gap or overlap, so that nothing is allocated on its word alone.
 * @throws IsochromatError `safetensors-header`, `safetensors-dtype`, `safetensors-offsets`, `safetensors-truncated`
 */
export function parseSafetensorsHeader(
  text: string,
  dataOffset: number,
  fileBytes: number,
  path: string,
): SafetensorsHeader {
  const document = parseObject(text, path);
  const metadata = new Map<string, string>();
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (name === '__metadata__') {
      if (!isObject(value)) throw badHeader(path, '__metadata__ is not a table of texts');
      for (const [key, item] of Object.entries(value)) {
        if (typeof item !== 'string') throw badHeader(path, `__metadata__.${key} is not a text`);
        metadata.set(key, item);
      }
    } else {
      entries.push(parseEntry(name, value, path));
    }
  }
  entries.sort((one, other) => one.begin - other.begin || one.end - other.end);
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== position) {
      throw new IsochromatError({
        code: 'safetensors-offsets',
        sentence: `The tensors of this file overlap or leave gaps at ${name}.`,
        subject: path,
        expected: `data from byte ${position}`,
        found: `data from byte ${begin}`,
        remedy: 'The file is damaged; copy it again or use an earlier checkpoint.',
      });
    }
    position = end;
  }
  if (dataOffset + position !== fileBytes) {
    throw new IsochromatError({
      code: 'safetensors-truncated',
      sentence:
        dataOffset + position > fileBytes ? 'This file ends too early.' : 'This file holds more than its header says.',
      subject: path,
      expected: `${dataOffset + position} bytes`,
      found: `${fileBytes} bytes`,
      remedy: 'The file is damaged; copy it again or use an earlier checkpoint.',
    });
  }
  return { entries, metadata: Object.fromEntries(metadata), dataOffset };
}

function parseObject(text: string, path: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch (cause) {
    throw badHeader(path, cause instanceof Error ? cause.message : 'no JSON');
  }
  if (!isObject(document)) throw badHeader(path, JSON.stringify(text.slice(0, 40)));
  return document;
}

function parseEntry(name: string, value: unknown, path: string): TensorEntry {
  if (!isObject(value)) throw badHeader(path, `${name} is not described`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(TENSOR_DTYPES, dtype)) {
    throw new IsochromatError({
      code: 'safetensors-dtype',
      sentence: `The tensor ${name} is of a type that is not read here.`,
      subject: path,
      expected: Object.keys(TENSOR_DTYPES).join(', '),
      found: JSON.stringify(dtype) ?? 'none',
    });
  }
  if (!isCounts(shape) || shape.length > HIGHEST_RANK)
    throw badHeader(path, `the shape of ${name} is no list of sizes`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw badHeader(path, `the data_offsets of ${name} are not two numbers`);
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, n) => product * n, TENSOR_DTYPES[dtype as TensorDtype].BYTES_PER_ELEMENT);
  if (end - begin !== bytes) {
    throw new IsochromatError({
      code: 'safetensors-offsets',
      sentence: `The size of the tensor ${name} and its place do not fit together.`,
      subject: path,
      expected: `${bytes} bytes for shape (${shape.join(', ')}) of ${dtype}`,
      found: `bytes ${begin} to ${end}`,
      remedy: 'The file is damaged; copy it again or use an earlier checkpoint.',
    });
  }
  return { name, dtype: dtype as TensorDtype, shape, begin, end };
}

/** Says that a header cannot be understood, and why. */
export function badHeader(path: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'safetensors-header',
    sentence: 'This is not a safetensors file, or its header is damaged.',
    subject: path,
    expected: 'a length and a JSON header',
    found,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
