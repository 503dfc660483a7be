import { NIFTI_DATATYPES } from '../../../main/formats/nifti/datatype.ts';

export interface BuiltImage {
  version?: 1 | 2;
  bigEndian?: boolean;
  /** Code of the standard: 4 = int16, 16 = float32, 32 = complex64. */
  datatype: number;
  /** columns, rows, slices and perhaps volumes. */
  shape: number[];
  voxel?: [number, number, number];
  slope?: number;
  intercept?: number;
  /** Rows of the sform. */
  affine?: number[][];
  /** In the order of the file; complex ones interleaved. */
  values: ArrayLike<number>;
}

/** Writes a NIfTI file by the standard's own offsets (nifti1.h, nifti2.h), independent of the reader. */
export function niftiBytes(image: BuiltImage): Buffer {
  const { version = 1, bigEndian = false, datatype, shape, voxel = [1, 1, 1], affine } = image;
  const { slope = 1, intercept = 0, values } = image;
  const { bytes, complex } = NIFTI_DATATYPES[datatype]!;
  const parts = complex ? 2 : 1;
  const offset = version === 1 ? 352 : 544;
  const out = Buffer.alloc(offset + values.length * (bytes / parts));
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const little = !bigEndian;
  const dims = [shape.length, ...shape, ...Array<number>(7 - shape.length).fill(1)];
  view.setInt32(0, version === 1 ? 348 : 540, little);
  out.write(version === 1 ? 'n+1\0' : 'n+2\0\r\n\x1a\n', version === 1 ? 344 : 4, 'latin1');
  const at =
    version === 1
      ? { type: 70, dims: 40, pixdim: 76, sform: 254, rows: 280 }
      : { type: 12, dims: 16, pixdim: 104, sform: 348, rows: 400 };
  const real = (position: number, value: number): void =>
    version === 1 ? view.setFloat32(position, value, little) : view.setFloat64(position, value, little);
  const width = version === 1 ? 4 : 8;
  view.setInt16(at.type, datatype, little);
  view.setInt16(at.type + 2, bytes * 8, little);
  dims.forEach((extent, i) =>
    version === 1
      ? view.setInt16(at.dims + 2 * i, extent, little)
      : view.setBigInt64(at.dims + 8 * i, BigInt(extent), little),
  );
  [1, ...voxel].forEach((size, i) => real(at.pixdim + width * i, size));
  if (version === 1) view.setFloat32(108, offset, little);
  else view.setBigInt64(168, BigInt(offset), little);
  real(version === 1 ? 112 : 176, slope);
  real(version === 1 ? 116 : 184, intercept);
  if (affine !== undefined) {
    if (version === 1) view.setInt16(at.sform, 1, little);
    else view.setInt32(at.sform, 1, little);
    affine.flat().forEach((value, i) => real(at.rows + width * i, value));
  }
  for (let i = 0; i < values.length; i++) {
    const position = offset + (i * bytes) / parts;
    if (datatype === 2) view.setUint8(position, values[i]!);
    else if (datatype === 4) view.setInt16(position, values[i]!, little);
    else if (datatype === 512) view.setUint16(position, values[i]!, little);
    else if (datatype === 16 || datatype === 32) view.setFloat32(position, values[i]!, little);
    else if (datatype === 64) view.setFloat64(position, values[i]!, little);
    else throw new Error(`The test writes no type ${datatype}.`);
  }
  return out;
}
