import { IsochromatError } from '../../domain/errors.ts';
import { writeFileAtomically, writeFully } from '../atomic-file.ts';
import { bytesOf } from '../npy/dtype.ts';
import { LONGEST_HEADER, TENSOR_DTYPES } from './header.ts';
import type { TensorData, TensorDtype } from './header.ts';

/** A tensor to be written; without `dtype` the array's own type. */
export interface TensorContent {
  shape: readonly number[];
  dtype?: TensorDtype;
  data: TensorData;
}

/** What an array's elements are when nothing else is said. */
const OWN_DTYPE: Record<string, TensorDtype> = {
  Uint8Array: 'U8',
  Int8Array: 'I8',
  Uint16Array: 'U16',
  Int16Array: 'I16',
  Uint32Array: 'U32',
  Int32Array: 'I32',
  Float32Array: 'F32',
  BigUint64Array: 'U64',
  BigInt64Array: 'I64',
  Float64Array: 'F64',
};

/**
 * Writes named tensors, whole or not at all; the reference implementation reads them. Wider types come first, so that
 * every tensor is aligned in the file, and names are sorted, so that equal content is an equal file.
 * @throws IsochromatError `safetensors-shape` when shape and data do not fit; `write-failed`
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorContent> | Readonly<Record<string, TensorContent>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const named = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const ordered = named
    .map(([name, tensor]) => ({ name, ...checked(path, name, tensor) }))
    .sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1));
  const fields: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [['__metadata__', metadata]];
  let end = 0;
  for (const { name, dtype, shape, data } of ordered) {
    const begin = end;
    end += data.byteLength;
    fields.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  const json = Buffer.from(
    `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  );
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8), 0);
  json.copy(header, 8);
  if (header.length > LONGEST_HEADER)
    throw shapeError(path, 'the header', `at most ${LONGEST_HEADER} bytes`, `${header.length}`);
  await writeFileAtomically(path, async (file) => {
    await writeFully(file, header, 0);
    let position = header.length;
    for (const { data } of ordered) {
      await writeFully(file, bytesOf(data), position);
      position += data.byteLength;
    }
  });
}

function checked(path: string, name: string, tensor: TensorContent): Required<TensorContent> {
  const { shape, data } = tensor;
  const dtype = tensor.dtype ?? OWN_DTYPE[data.constructor.name];
  const elements = shape.reduce((product, n) => product * n, 1);
  if (
    name === '__metadata__' ||
    dtype === undefined ||
    !(data instanceof TENSOR_DTYPES[dtype]) ||
    elements !== data.length
  ) {
    const found = `${data.length} numbers in a ${data.constructor.name}`;
    throw shapeError(path, name, `${elements} elements of ${dtype} for shape (${shape.join(', ')})`, found);
  }
  return { shape, dtype, data };
}

function shapeError(path: string, name: string, expected: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'safetensors-shape',
    sentence: `The tensor ${name} cannot be written.`,
    subject: path,
    expected,
    found,
  });
}
