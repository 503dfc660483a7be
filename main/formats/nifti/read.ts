import { IsochromatError } from '../../domain/errors.ts';
import type { VolumeGeometry } from '../volume-geometry.ts';
import { openBytes } from './bytes.ts';
import { NIFTI_HEADER_BYTES, parseNiftiHeader } from './header.ts';
import type { NiftiHeader } from './header.ts';
import { orientationOf } from './orientation.ts';

/** A NIfTI image, described; nothing of its voxels is kept. */
export interface NiftiFile {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly slices: number;
  readonly volumes: number;
  /** Voxels are complex numbers. */
  readonly complex: boolean;
  /** As numpy calls it: `int16`, `complex64` … */
  readonly datatype: string;
  /** Millimetres between rows and between columns. */
  readonly pixelSpacing: readonly [number, number];
  /** Of the slices as `readSlices` gives them; null when the header does not say. */
  readonly geometry: VolumeGeometry | null;
  /**
   * The slices of a volume in order, turned as scanners show them: `rows · columns` values with the header's scaling
   * applied, or twice as many interleaved when the image is complex. Memory holds one slice.
   * @throws IsochromatError `nifti-truncated`, `nifti-not-finite`, `gzip-damaged`
   */
  readSlices(volume?: number): AsyncGenerator<Float32Array>;
}

/**
 * Opens a NIfTI-1 or NIfTI-2 image, plain or gzip.
 * @throws IsochromatError `nifti-…`, `gzip-damaged`, `file-…`
 */
export async function openNifti(path: string): Promise<NiftiFile> {
  const bytes = await openBytes(path);
  let header: NiftiHeader;
  try {
    header = parseNiftiHeader(await bytes.read(NIFTI_HEADER_BYTES), bytes, path);
  } finally {
    await bytes.close();
  }
  const { rows, columns, slices, volumes, datatype, voxel } = header;
  return {
    path,
    rows,
    columns,
    slices,
    volumes,
    complex: datatype.complex,
    datatype: datatype.name,
    pixelSpacing: [voxel[1], voxel[0]],
    geometry: orientationOf(header).geometry,
    readSlices: (volume = 0) => readSlices(path, header, volume),
  };
}

async function* readSlices(path: string, header: NiftiHeader, volume: number): AsyncGenerator<Float32Array> {
  const { rows, columns, slices, volumes, datatype, dataOffset } = header;
  if (!Number.isInteger(volume) || volume < 0 || volume >= volumes) {
    throw new IsochromatError({
      code: 'nifti-volume-out-of-range',
      sentence: `There is no volume ${volume}.`,
      subject: path,
      expected: `a whole number from 0 to ${volumes - 1}`,
    });
  }
  const orientation = orientationOf(header);
  const sliceBytes = rows * columns * datatype.bytes;
  const bytes = await openBytes(path);
  try {
    await bytes.skip(dataOffset + volume * slices * sliceBytes);
    for (let slice = 0; slice < slices; slice++) {
      const raw = await bytes.read(sliceBytes);
      if (raw.length < sliceBytes) {
        throw new IsochromatError({
          code: 'nifti-truncated',
          sentence: `The file ends in slice ${slice} of ${slices}.`,
          subject: path,
          expected: `${sliceBytes} bytes a slice`,
          found: `${raw.length} bytes`,
          remedy: 'Copy or convert it again.',
        });
      }
      yield decode(raw, header, orientation, slice, path);
    }
  } finally {
    await bytes.close();
  }
}

function decode(
  raw: Buffer,
  { rows, columns, datatype, littleEndian, slope, intercept }: NiftiHeader,
  { flipRows, flipColumns }: { flipRows: boolean; flipColumns: boolean },
  slice: number,
  path: string,
): Float32Array {
  const parts = datatype.complex ? 2 : 1;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const out = new Float32Array(parts * rows * columns);
  let at = 0;
  for (let y = 0; y < rows; y++) {
    const row = flipRows ? rows - 1 - y : y;
    for (let x = 0; x < columns; x++) {
      const voxel = row * columns + (flipColumns ? columns - 1 - x : x);
      for (let part = 0; part < parts; part++) {
        out[at++] = datatype.read(view, parts * voxel + part, littleEndian) * slope + intercept;
      }
    }
  }
  if (out.every(Number.isFinite)) return out;
  throw new IsochromatError({
    code: 'nifti-not-finite',
    sentence: `Slice ${slice} holds values that are not numbers.`,
    subject: path,
    expected: 'finite values',
    remedy: 'Such values are often written where nothing was measured; replace them by zero and export again.',
  });
}
