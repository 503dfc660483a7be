import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { IsochromatError } from '../../domain/errors.ts';
import { fitsInMemory, IMAGE_LIMIT } from '../image-limits.ts';
import { NIFTI_DATATYPES } from './datatype.ts';
import type { NiftiDatatype } from './datatype.ts';

/** What a NIfTI header says, checked against the size of its file. */
export interface NiftiHeader {
  /** i, j, k of the standard: columns, rows and slices. */
  columns: number;
  rows: number;
  slices: number;
  /** Images of the same slices: echoes, repetitions. */
  volumes: number;
  datatype: NiftiDatatype;
  littleEndian: boolean;
  slope: number;
  intercept: number;
  dataOffset: number;
  /** Voxel to millimetres, RAS+: 3 × 4; undefined when the header does not say. */
  affine: number[][] | undefined;
  /** Millimetres of a voxel along i, j, k. */
  voxel: [number, number, number];
}

/** Bytes that hold either header. */
export const NIFTI_HEADER_BYTES = 544;
const LARGEST_EXTENT = 8192;
const MOST_VOLUMES = 10_000;
/** deflate ends at 1032. */
const HIGHEST_COMPRESSION = 1100;

/** True for the first bytes (decompressed) of a NIfTI file of either version and byte order. */
export function looksLikeNifti(head: Uint8Array): boolean {
  return versionOf(Buffer.from(head.buffer, head.byteOffset, head.byteLength)) !== undefined;
}

function versionOf(head: Buffer): 1 | 2 | undefined {
  if (head.length < 348) return undefined;
  const sizes = [head.readInt32LE(0), head.readInt32BE(0)];
  if (sizes.includes(348)) return 1;
  return sizes.includes(540) && head.length >= 540 ? 2 : undefined;
}

/**
 * Reads a NIfTI-1 or NIfTI-2 header (nifti.nimh.nih.gov).
 * @param head first bytes of the file, decompressed
 * @param file its size on the disk, and whether that is compressed
 * @throws IsochromatError `nifti-not-nifti`, `nifti-pair`, `nifti-datatype`, `nifti-shape`, `nifti-truncated`
 */
export function parseNiftiHeader(
  head: Buffer,
  file: { fileBytes: number; compressed: boolean },
  path: string,
): NiftiHeader {
  const version = versionOf(head);
  if (version === undefined) {
    throw new IsochromatError({
      code: 'nifti-not-nifti',
      sentence: 'This is not a NIfTI file, whatever its name says.',
      subject: path,
      expected: 'a header of 348 or 540 bytes',
      found: head.length < 348 ? `${head.length} bytes` : `a first number of ${head.readInt32LE(0)}`,
    });
  }
  const header = version === 1 ? new NIFTI1() : new NIFTI2();
  const magic = head.toString('latin1', version === 1 ? 344 : 4, version === 1 ? 347 : 7);
  if (magic.startsWith('ni') && magic[2] !== '\0') {
    throw new IsochromatError({
      code: 'nifti-pair',
      sentence: 'This NIfTI image keeps its voxels in a second file (.img).',
      subject: path,
      remedy: 'Convert it to a single file, for example with nibabel or fslchfiletype NIFTI_GZ.',
    });
  }
  // Extensions are not read: the copy of the header announces none, and the buffer ends with it.
  const copy = Buffer.alloc(NIFTI_HEADER_BYTES + 12);
  head.copy(copy, 0, 0, version === 1 ? 348 : 540);
  header.readHeader(copy.buffer.slice(copy.byteOffset, copy.byteOffset + copy.length) as ArrayBuffer);
  const datatype = NIFTI_DATATYPES[header.datatypeCode];
  if (datatype === undefined) {
    throw new IsochromatError({
      code: 'nifti-datatype',
      sentence: 'The voxels of this NIfTI image are of a type that is not read here.',
      subject: path,
      expected: Object.values(NIFTI_DATATYPES)
        .map(({ name }) => name)
        .join(', '),
      found: `type ${header.datatypeCode}${header.datatypeCode === 128 ? ' (colours)' : ''}`,
    });
  }
  const shape = shapeOf(header.dims, path);
  const dataOffset = header.vox_offset;
  const dataBytes = shape.reduce((product, n) => product * n, datatype.bytes);
  const possible = file.fileBytes * (file.compressed ? HIGHEST_COMPRESSION : 1);
  if (!Number.isInteger(dataOffset) || dataOffset < 348 || dataOffset + dataBytes > possible) {
    throw new IsochromatError({
      code: 'nifti-truncated',
      sentence: 'This NIfTI file is too short for the image that its header announces.',
      subject: path,
      expected: `${dataBytes} bytes for ${shape.join(' × ')} voxels of ${datatype.name} from byte ${dataOffset}`,
      found: `a file of ${file.fileBytes} bytes${file.compressed ? ', compressed' : ''}`,
      remedy: 'Copy or convert it again.',
    });
  }
  if (!fitsInMemory(shape[1], shape[0])) {
    throw new IsochromatError({
      code: 'nifti-shape',
      sentence: 'The slices of this NIfTI image are larger than any of a head.',
      subject: path,
      expected: IMAGE_LIMIT,
      found: `${shape[1]} rows of ${shape[0]} columns`,
    });
  }
  const { scl_slope: slope, scl_inter: intercept } = header;
  const scaled = Number.isFinite(slope) && slope !== 0 && Number.isFinite(intercept) && !datatype.complex;
  const [columns, rows, slices, volumes] = shape;
  const voxel = [1, 2, 3].map((axis) => Math.abs(header.pixDims[axis] ?? 0) || 1) as [number, number, number];
  return {
    columns,
    rows,
    slices,
    volumes,
    datatype,
    littleEndian: header.littleEndian,
    slope: scaled ? slope : 1,
    intercept: scaled ? intercept : 0,
    dataOffset,
    affine: affineOf(header),
    voxel,
  };
}

function shapeOf(dims: number[], path: string): [number, number, number, number] {
  const rank = dims[0] ?? 0;
  const extents = [1, 2, 3, 4].map((axis) => (axis <= rank ? (dims[axis] ?? 0) : 1));
  const further = dims.slice(5, rank + 1).every((n) => n === 1);
  const [columns = 0, rows = 0, slices = 0, volumes = 0] = extents;
  const sensible = [columns, rows, slices].every((n) => Number.isInteger(n) && n >= 1 && n <= LARGEST_EXTENT);
  if (rank >= 2 && rank <= 7 && further && sensible && volumes >= 1 && volumes <= MOST_VOLUMES) {
    return [columns, rows, slices, volumes];
  }
  throw new IsochromatError({
    code: 'nifti-shape',
    sentence: 'This NIfTI image is not a stack of slices.',
    subject: path,
    expected: `columns × rows × slices, and volumes, each at most ${LARGEST_EXTENT}`,
    found: `${rank} dimensions: ${dims.slice(1, 8).join(' × ')}`,
  });
}

function affineOf(header: NIFTI1 | NIFTI2): number[][] | undefined {
  if (header.sform_code < 1 && header.qform_code < 1) return undefined;
  const affine = header.affine.slice(0, 3).map((row) => row.slice(0, 4));
  const length = (axis: number): number => Math.hypot(...affine.map((row) => row[axis] ?? 0));
  const usable = affine.flat().every(Number.isFinite) && [0, 1, 2].every((axis) => length(axis) > 0);
  return usable ? affine : undefined;
}
