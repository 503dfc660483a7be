import { elementOf } from './element.ts';
import type { TypeMetadata } from './element.ts';
import type { Hdf5Library, Hdf5Module } from './library.ts';

/** Values of attributes that are read: text, numbers, and short lists of them. */
export type Hdf5Attribute = string | number | (string | number)[];

/** Texts and attributes are small; larger ones are left alone. */
const LARGEST_VALUE = 1 << 24;

/** What h5wasm says about an attribute or a dataset. */
export type ValueMetadata = TypeMetadata & { shape: number[] | null; total_size: number };

/**
 * Reads a small value, text or numbers; undefined when it is something else, nothing, or too large.
 * @param fill makes HDF5 write the raw value to an address, and says whether it did
 * @param attribute name, or '' for a dataset
 */
export function readValue(
  library: Hdf5Library,
  file: bigint,
  object: string,
  attribute: string,
  metadata: ValueMetadata,
  fill: (module: Hdf5Module, pointer: bigint) => number,
): Hdf5Attribute | undefined {
  const { size, total_size: elements, shape } = metadata;
  const bytes = size * elements;
  if (shape === null || elements < 1 || bytes < 1 || bytes > LARGEST_VALUE) return undefined;
  const element = elementOf(metadata);
  if (element.kind === 'other' || element.kind === 'complex') return undefined;
  return library.withMemory(bytes, (module, pointer) => {
    if (fill(module, BigInt(pointer)) < 0) return undefined;
    const raw = module.HEAPU8.slice(pointer, pointer + bytes);
    const items: (string | number)[] = [];
    if (element.kind === 'text') {
      for (let i = 0; i < elements; i++)
        items.push(textAt(module, raw.subarray(i * size, (i + 1) * size), metadata.vlen));
      if (metadata.vlen) module.reclaim_vlen_memory(file, object, attribute, BigInt(pointer));
    } else {
      const view = new DataView(raw.buffer);
      for (let i = 0; i < elements; i++) items.push(numberAt(view, i * size, metadata));
    }
    return shape.length === 0 ? items[0] : items;
  });
}

/** Text of fixed length ends at its first zero byte; of variable length it stands elsewhere in the library's memory. */
function textAt(module: Hdf5Module, raw: Uint8Array, variableLength: boolean): string {
  if (!variableLength) return new TextDecoder().decode(raw.subarray(0, lengthOf(raw)));
  const pointer = new DataView(raw.buffer, raw.byteOffset).getUint32(0, true);
  if (pointer === 0) return '';
  const rest = module.HEAPU8.subarray(pointer, pointer + LARGEST_VALUE);
  return new TextDecoder().decode(rest.slice(0, lengthOf(rest)));
}

function lengthOf(text: Uint8Array): number {
  const end = text.indexOf(0);
  return end < 0 ? text.length : end;
}

/** h5wasm delivers numbers little-endian. */
function numberAt(view: DataView, at: number, { type, size, signed }: TypeMetadata): number {
  if (type === 1) return size === 8 ? view.getFloat64(at, true) : size === 4 ? view.getFloat32(at, true) : Number.NaN;
  if (size === 8) return Number(signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true));
  if (size === 4) return signed ? view.getInt32(at, true) : view.getUint32(at, true);
  if (size === 2) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
  return signed ? view.getInt8(at) : view.getUint8(at);
}
