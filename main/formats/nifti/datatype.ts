/** Numbers that a NIfTI voxel can be made of (nifti1.h, DT_…), by code. */
export interface NiftiDatatype {
  name: string;
  bytes: number;
  complex: boolean;
  /** Reads number `index` (of a complex voxel: its part) at the beginning of a slice's bytes. */
  read(view: DataView, index: number, littleEndian: boolean): number;
}

export const NIFTI_DATATYPES: Readonly<Record<number, NiftiDatatype>> = {
  2: { name: 'uint8', bytes: 1, complex: false, read: (view, i) => view.getUint8(i) },
  4: { name: 'int16', bytes: 2, complex: false, read: (view, i, little) => view.getInt16(2 * i, little) },
  8: { name: 'int32', bytes: 4, complex: false, read: (view, i, little) => view.getInt32(4 * i, little) },
  16: { name: 'float32', bytes: 4, complex: false, read: (view, i, little) => view.getFloat32(4 * i, little) },
  32: { name: 'complex64', bytes: 8, complex: true, read: (view, i, little) => view.getFloat32(4 * i, little) },
  64: { name: 'float64', bytes: 8, complex: false, read: (view, i, little) => view.getFloat64(8 * i, little) },
  256: { name: 'int8', bytes: 1, complex: false, read: (view, i) => view.getInt8(i) },
  512: { name: 'uint16', bytes: 2, complex: false, read: (view, i, little) => view.getUint16(2 * i, little) },
  768: { name: 'uint32', bytes: 4, complex: false, read: (view, i, little) => view.getUint32(4 * i, little) },
  1024: { name: 'int64', bytes: 8, complex: false, read: (view, i, little) => Number(view.getBigInt64(8 * i, little)) },
  1280: {
    name: 'uint64',
    bytes: 8,
    complex: false,
    read: (view, i, little) => Number(view.getBigUint64(8 * i, little)),
  },
  1792: { name: 'complex128', bytes: 16, complex: true, read: (view, i, little) => view.getFloat64(8 * i, little) },
};
