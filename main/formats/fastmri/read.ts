import { basename } from 'node:path';
import type { ComplexArray } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { isSequence } from '../../domain/sequences.ts';
import type { Sequence } from '../../domain/sequences.ts';
import { Hdf5File } from '../hdf5/file.ts';
import type { Hdf5Dataset } from '../hdf5/file.ts';
import type { Hdf5Attribute } from '../hdf5/values.ts';
import { parseIsmrmrdHeader } from '../ismrmrd-header.ts';
import type { IsmrmrdHeader } from '../ismrmrd-header.ts';
import { checkKspace, checkReconstruction, refuseOtherLayouts } from './layout.ts';
import { readKspaceSlice, readReconstructionSlice } from './slices.ts';
import { zeroFilledColumns } from './zero-filled.ts';

/** A multi-coil acquisition in the layout of the fastMRI data set, open for reading slice by slice. */
export interface FastMriFile {
  readonly path: string;
  /** The acquisition as the file names it: `AXT1`, `CORPD_FBK` … */
  readonly acquisition: string | undefined;
  /** The same, when it is one of ours; from the file's name when the attribute is missing. */
  readonly sequence: Sequence | undefined;
  readonly patientId: string | undefined;
  readonly slices: number;
  readonly coils: number;
  /** Samples of a readout, oversampling included: the rows of k-space. */
  readonly readout: number;
  /** Phase encodings: the columns of k-space. */
  readonly columns: number;
  readonly header: IsmrmrdHeader;
  /** Rows and columns of the intended image (reconSpace); it may be wider than k-space. */
  readonly reconRows: number;
  readonly reconColumns: number;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
  /** 1 where a column was measured; only in under-sampled (test) files. */
  readonly columnMask: Uint8Array | undefined;
  /** How many columns at either side were never measured but filled with zeros. */
  readonly zeroFilledColumns: { left: number; right: number };
  readonly hasReconstruction: boolean;
  /**
   * K-space of one slice, `[coils, readout, columns]`, DC at the centre.
   * @param into an array of that length to be filled and used, which saves making one a slice
   * @param check false: the numbers are not looked at, which takes about as long as reading them, less where `into` is of
   *   `borrowFloats`
   * @throws IsochromatError `fastmri-slice-all-zero`, `fastmri-slice-not-finite` naming the slice; `hdf5-damaged`
   */
  readKspaceSlice(slice: number, into?: Float32Array, check?: boolean): ComplexArray;
  /**
   * `reconstruction_rss` of one slice, row-major, `reconRows` × `reconColumns`; undefined when the file has none.
   * @throws IsochromatError `fastmri-reconstruction-damaged` naming the slice
   */
  readReconstructionSlice(slice: number): Float32Array | undefined;
  close(): void;
}

/**
 * Opens a fastMRI file (Zbontar 2018, arXiv:1811.08839, "multi-coil"): `kspace[slice, coil, readout, phase]`, complex.
 * Structure is checked here; the numbers of a slice when it is read, so that one bad slice is named and not the file.
 * @throws IsochromatError `file-…` and `hdf5-…` when it cannot be opened, `fastmri-…` and `ismrmrd-header-…` when it is
 *   not what it should be
 */
export async function openFastMri(path: string): Promise<FastMriFile> {
  const file = await Hdf5File.open(path);
  try {
    return describe(file, path);
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

function describe(file: Hdf5File, path: string): FastMriFile {
  refuseOtherLayouts(file);
  const kspace = file.dataset('kspace');
  const [slices, coils, readout, columns] = checkKspace(kspace, path);
  const header = readHeader(file, path);
  const { reconRows, reconColumns } = intendedSize(header, path);
  const reconstruction =
    file.kindOf('reconstruction_rss') === 'dataset' ? file.dataset('reconstruction_rss') : undefined;
  if (reconstruction !== undefined) checkReconstruction(reconstruction, slices, path);
  const attributes = file.attributes();
  const acquisition = textOf(attributes['acquisition']);
  return {
    path,
    acquisition,
    sequence: sequenceOf(acquisition, path),
    patientId: textOf(attributes['patient_id']),
    slices,
    coils,
    readout,
    columns,
    header,
    reconRows,
    reconColumns,
    attributes,
    columnMask: readMask(file, columns),
    zeroFilledColumns: zeroFilledColumns(file, kspace, header),
    hasReconstruction: reconstruction !== undefined,
    readKspaceSlice: (slice, into, check) => readKspaceSlice(file, kspace, slice, into, check),
    readReconstructionSlice: (slice) =>
      reconstruction === undefined ? undefined : readReconstructionSlice(file, reconstruction, slice),
    close: () => file.close(),
  };
}

function readHeader(file: Hdf5File, path: string): IsmrmrdHeader {
  const xml = file.kindOf('ismrmrd_header') === 'dataset' ? file.readText('ismrmrd_header') : undefined;
  if (xml !== undefined) return parseIsmrmrdHeader(xml, path);
  throw new IsochromatError({
    code: 'fastmri-no-header',
    sentence: 'The file has no acquisition header.',
    subject: path,
    expected: 'a dataset ismrmrd_header holding XML',
    found: file.namesIn('/').join(', '),
    remedy: 'The matrix sizes stand in that header; export the file again with it.',
  });
}

function intendedSize(header: IsmrmrdHeader, path: string): { reconRows: number; reconColumns: number } {
  const { x: reconRows, y: reconColumns } = header.reconMatrix;
  const sensible = (n: number): boolean => Number.isInteger(n) && n >= 8 && n <= 8192;
  if (sensible(reconRows) && sensible(reconColumns)) return { reconRows, reconColumns };
  throw new IsochromatError({
    code: 'fastmri-image-size',
    sentence: 'The header asks for an image of an impossible size.',
    subject: path,
    expected: 'reconSpace/matrixSize of 8 to 8192 rows and columns',
    found: `${reconRows} × ${reconColumns}`,
  });
}

function readMask(file: Hdf5File, columns: number): Uint8Array | undefined {
  if (file.kindOf('mask') !== 'dataset') return undefined;
  const mask: Hdf5Dataset = file.dataset('mask');
  if (mask.shape.length !== 1 || mask.shape[0] !== columns || mask.element.bytes > 8) return undefined;
  const { bytes } = mask.element;
  const raw = new Uint8Array(columns * bytes);
  file.read(mask, [0], [columns], raw);
  return Uint8Array.from({ length: columns }, (_, i) =>
    Number(raw.subarray(i * bytes, (i + 1) * bytes).some((b) => b !== 0)),
  );
}

function sequenceOf(acquisition: string | undefined, path: string): Sequence | undefined {
  if (acquisition !== undefined) return isSequence(acquisition) ? acquisition : undefined;
  // file_brain_AXT1_201_6002717.h5
  return basename(path).split('_').find(isSequence);
}

function textOf(value: Hdf5Attribute | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
