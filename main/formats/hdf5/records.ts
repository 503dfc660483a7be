import { IsochromatError } from '../../domain/errors.ts';
import type { TypeMetadata } from './element.ts';
import type { Hdf5Library } from './library.ts';

/** One element of a dataset of records; members of members are named with dots: `head.idx.slice`. */
export interface Hdf5Record {
  /** @throws IsochromatError `hdf5-no-member` */
  number(member: string): number;
  /** The bits of an unsigned 64-bit member. */
  bits(member: string): bigint;
  /** A fixed or variable-length list of float32, copied. */
  floats(member: string): Float32Array;
}

interface Member {
  offset: number;
  type: TypeMetadata;
}

/** Reads elements `start` … `start + count` of a one-dimensional dataset of records and shows them one after the other. */
export function readRecords(
  library: Hdf5Library,
  file: bigint,
  dataset: string,
  record: TypeMetadata,
  { start, count, path }: { start: number; count: number; path: string },
  visit: (record: Hdf5Record, index: number) => void,
): boolean {
  const members = new Map<string, Member>();
  collectMembers(record, '', 0, members);
  return library.withMemory(count * record.size, (module, pointer) => {
    const counts = [BigInt(count)];
    if (module.get_dataset_data(file, dataset, counts, [BigInt(start)], [1n], BigInt(pointer)) < 0) return false;
    try {
      const heap = module.HEAPU8;
      const view = new DataView(heap.buffer, heap.byteOffset + pointer, count * record.size);
      for (let i = 0; i < count; i++) visit(recordAt(view, i * record.size, heap, members, path), start + i);
    } finally {
      module.reclaim_vlen_memory_count(file, dataset, '', BigInt(pointer), counts);
    }
    return true;
  });
}

function recordAt(
  view: DataView,
  base: number,
  heap: Uint8Array,
  members: ReadonlyMap<string, Member>,
  path: string,
): Hdf5Record {
  const find = (name: string): { at: number; type: TypeMetadata } => {
    const member = members.get(name);
    if (member === undefined) throw missing(path, name, members);
    return { at: base + member.offset, type: member.type };
  };
  return {
    number(name) {
      const { at, type } = find(name);
      if (type.type === 1) return type.size === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true);
      if (type.size === 2) return type.signed ? view.getInt16(at, true) : view.getUint16(at, true);
      if (type.size === 4) return type.signed ? view.getInt32(at, true) : view.getUint32(at, true);
      return type.size === 1 ? view.getUint8(at) : Number(view.getBigUint64(at, true));
    },
    bits(name) {
      const { at, type } = find(name);
      return type.size === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
    },
    floats(name) {
      const { at, type } = find(name);
      if (type.vlen_type === undefined) {
        const length = Math.floor(type.size / 4);
        return Float32Array.from({ length }, (_, i) => view.getFloat32(at + 4 * i, true));
      }
      // In memory, a list is its length and its address (hvl_t).
      const [length, address] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      if (type.vlen_type.size !== 4 || address + 4 * length > heap.byteLength) throw missing(path, name, members);
      return new Float32Array(heap.slice(address, address + 4 * length).buffer);
    },
  };
}

function collectMembers(type: TypeMetadata, prefix: string, base: number, into: Map<string, Member>): void {
  for (const member of type.compound_type?.members ?? []) {
    const name = prefix === '' ? member.name : `${prefix}.${member.name}`;
    into.set(name, { offset: base + member.offset, type: member });
    collectMembers(member, name, base + member.offset, into);
  }
}

function missing(path: string, name: string, members: ReadonlyMap<string, Member>): IsochromatError {
  return new IsochromatError({
    code: 'hdf5-no-member',
    sentence: `The records of this file have no usable member ${name}.`,
    subject: path,
    found: [...members.keys()].slice(0, 12).join(', '),
  });
}
