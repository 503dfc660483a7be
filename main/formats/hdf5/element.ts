/** Numbers in a class of HDF5 types (H5T_class_t). */
const CLASS = { integer: 0, float: 1, string: 3, compound: 6, enumeration: 8, variableLength: 9 } as const;

/** What h5wasm says about a type; the members of a compound are types with a name and an offset. */
export interface TypeMetadata {
  type: number;
  size: number;
  signed: boolean;
  littleEndian: boolean;
  vlen: boolean;
  compound_type?: { members: (TypeMetadata & { name: string; offset: number })[] };
  vlen_type?: TypeMetadata;
  enum_type?: { type: number; members: Record<string, number> };
}

/** The kinds of elements that occur in MRI files. */
export type Hdf5Element =
  /** A compound of two floating-point members, real part first, without gaps: `complex64` (8 bytes) or `complex128` (16). */
  | { kind: 'complex'; bytes: 8 | 16; littleEndian: boolean }
  | { kind: 'float' | 'integer'; bytes: number; signed: boolean; littleEndian: boolean }
  | { kind: 'boolean'; bytes: 1 }
  | { kind: 'text'; bytes: number; variableLength: boolean }
  | { kind: 'other'; bytes: number; description: string };

/** Names of the two parts of a complex number, as h5py, MATLAB, Julia and ISMRMRD write them. */
const PARTS = [
  ['r', 'i'],
  ['real', 'imag'],
  ['re', 'im'],
];

/** Says in our terms what h5wasm says in HDF5's. */
export function elementOf(metadata: TypeMetadata): Hdf5Element {
  const { type, size, signed, littleEndian } = metadata;
  if (type === CLASS.float || type === CLASS.integer) {
    return { kind: type === CLASS.float ? 'float' : 'integer', bytes: size, signed, littleEndian };
  }
  if (type === CLASS.string) return { kind: 'text', bytes: size, variableLength: metadata.vlen };
  if (type === CLASS.enumeration && size === 1 && isBoolean(metadata.enum_type?.members)) {
    return { kind: 'boolean', bytes: 1 };
  }
  if (type === CLASS.compound) {
    const members = metadata.compound_type?.members ?? [];
    const bytes = complexBytes(members, size);
    if (bytes !== undefined) return { kind: 'complex', bytes, littleEndian: members[0]!.littleEndian };
    return { kind: 'other', bytes: size, description: `records of ${members.map(({ name }) => name).join(', ')}` };
  }
  return { kind: 'other', bytes: size, description: `elements of HDF5 class ${type}` };
}

/** An element type in words, for messages. */
export function describeElement(element: Hdf5Element): string {
  if (element.kind === 'complex') return `complex${element.bytes * 8}`;
  if (element.kind === 'float') return `float${element.bytes * 8}`;
  if (element.kind === 'integer') return `${element.signed ? 'int' : 'uint'}${element.bytes * 8}`;
  return element.kind === 'other' ? element.description : element.kind;
}

function complexBytes(
  members: { name: string; offset: number; type: number; size: number }[],
  size: number,
): 8 | 16 | undefined {
  const [real, imaginary] = members;
  if (members.length !== 2 || (size !== 8 && size !== 16)) return undefined;
  const named = PARTS.some(([re, im]) => real!.name.toLowerCase() === re && imaginary!.name.toLowerCase() === im);
  const packed = real!.offset === 0 && imaginary!.offset === size / 2;
  const floats = members.every((member) => member.type === CLASS.float && member.size === size / 2);
  return named && packed && floats ? size : undefined;
}

function isBoolean(members: Record<string, number> | undefined): boolean {
  return members !== undefined && members['FALSE'] === 0 && members['TRUE'] === 1;
}
