import type { ComplexArray } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { Hdf5File } from '../hdf5/file.ts';
import { parseIsmrmrdHeader } from '../ismrmrd-header.ts';
import type { IsmrmrdHeader } from '../ismrmrd-header.ts';
import { checkKspaceSlice } from '../kspace-check.ts';
import { addReadout, gridOf, placeOf } from './grid.ts';
import type { KspaceGrid } from './grid.ts';
import { BATCH, surveyReadouts } from './survey.ts';
import type { SliceReadouts, VolumeReadouts } from './survey.ts';

/** One volume of a raw data file, to be reconstructed like a fastMRI file. */
export interface IsmrmrdVolume {
  readonly contrast: number;
  readonly repetition: number;
  readonly set: number;
  readonly phase: number;
  readonly slices: number;
  readonly coils: number;
  readonly readout: number;
  readonly columns: number;
  /** The image meant, in pixels of the acquired size: the encoded matrix without oversampling. */
  readonly reconRows: number;
  readonly reconColumns: number;
  /** 1 where a column was measured; undefined when all were. */
  readonly columnMask: Uint8Array | undefined;
  /** Columns at either side without any readout: partial Fourier, or a matrix larger than what was measured. */
  readonly zeroFilledColumns: { left: number; right: number };
  /**
   * K-space of one slice, `[coils, readout, columns]`, DC at the centre, readouts of the same line averaged.
   * @throws IsochromatError `ismrmrd-slice-all-zero`, `ismrmrd-slice-not-finite`, `hdf5-damaged`
   */
  readKspaceSlice(slice: number, into?: Float32Array): ComplexArray;
}

export interface IsmrmrdFile {
  readonly path: string;
  readonly header: IsmrmrdHeader;
  readonly volumes: readonly IsmrmrdVolume[];
  /** How many readouts are no part of an image, by reason: noise, navigator … */
  readonly skipped: Readonly<Record<string, number>>;
  close(): void;
}

/**
 * Opens ISMRMRD raw data in HDF5 (Inati 2017, doi:10.1002/mrm.26089) and sorts its readouts: Cartesian, 2-D multi-slice,
 * first encoding. Every readout is looked at once; samples are read again slice by slice, so memory holds one slice.
 * @throws IsochromatError `ismrmrd-…`, `hdf5-…`, `file-…`
 */
export async function openIsmrmrd(path: string): Promise<IsmrmrdFile> {
  const file = await Hdf5File.open(path);
  try {
    const group = groupOf(file);
    const xml = file.readText(`${group}/xml`);
    const header = parseIsmrmrdHeader(xml ?? '', path);
    const dataset = `${group}/data`;
    const { volumes, coils, skipped } = surveyReadouts(file, dataset, header);
    const grid = gridOf(header, coils, path);
    return {
      path,
      header,
      volumes: volumes.map((volume) => describe(file, dataset, header, grid, volume)),
      skipped,
      close: () => file.close(),
    };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

function groupOf(file: Hdf5File): string {
  const groups = file.namesIn('/').filter((name) => file.kindOf(`${name}/data`) === 'dataset');
  const group = groups.find((name) => file.kindOf(`${name}/xml`) === 'dataset');
  if (group !== undefined) return group;
  throw new IsochromatError({
    code: 'ismrmrd-not-raw',
    sentence: 'This HDF5 file holds no ISMRMRD raw data.',
    subject: file.path,
    expected: 'a group with data (readouts) and xml (header)',
    found: file.namesIn('/').slice(0, 12).join(', ') || 'nothing',
  });
}

function describe(
  file: Hdf5File,
  dataset: string,
  header: IsmrmrdHeader,
  grid: KspaceGrid,
  volume: VolumeReadouts,
): IsmrmrdVolume {
  const measured = new Uint8Array(grid.columns);
  for (const { readouts } of volume.slices) {
    for (const { number, head } of readouts) measured[placeOf(head, grid, number, file.path).column] = 1;
  }
  const { encodedFieldOfView: encoded, reconFieldOfView: meant } = header;
  const { contrast, repetition, set, phase } = volume;
  return {
    contrast,
    repetition,
    set,
    phase,
    slices: volume.slices.length,
    coils: grid.coils,
    readout: grid.readout,
    columns: grid.columns,
    reconRows: withoutOversampling(grid.readout, encoded.x, meant.x, header.reconMatrix.x),
    reconColumns: withoutOversampling(grid.columns, encoded.y, meant.y, header.reconMatrix.y),
    columnMask: measured.includes(0) ? measured : undefined,
    zeroFilledColumns: { left: measured.indexOf(1), right: grid.columns - 1 - measured.lastIndexOf(1) },
    readKspaceSlice: (slice, into) => {
      const readouts = volume.slices[slice];
      if (readouts === undefined) throw noSlice(file.path, slice, volume.slices.length);
      return {
        shape: [grid.coils, grid.readout, grid.columns],
        data: readSlice(file, dataset, grid, readouts, slice, into),
      };
    },
  };
}

/** Pixels of the acquired size inside the field of view that was meant; without sizes, the reconstructed matrix. */
function withoutOversampling(matrix: number, encoded: number, meant: number, reconstructed: number): number {
  const pixels = encoded > 0 && meant > 0 ? Math.round((matrix * meant) / encoded) : reconstructed;
  return Math.max(1, Math.min(pixels, Math.max(matrix, reconstructed)));
}

function readSlice(
  file: Hdf5File,
  dataset: string,
  grid: KspaceGrid,
  { readouts }: SliceReadouts,
  slice: number,
  into: Float32Array | undefined,
): Float32Array {
  const length = 2 * grid.coils * grid.readout * grid.columns;
  const kspace = into?.length === length ? into.fill(0) : new Float32Array(length);
  const heads = new Map(readouts.map(({ number, head }) => [number, head]));
  const repeats = new Uint32Array(grid.columns);
  for (const [start, count] of runsOf(readouts.map(({ number }) => number))) {
    file.readRecords(dataset, start, count, (record, number) => {
      const head = heads.get(number)!;
      const place = placeOf(head, grid, number, file.path);
      addReadout(record.floats('data'), head, place, grid, kspace);
      repeats[place.column]! += 1;
    });
  }
  averageColumns(kspace, repeats, grid.columns);
  checkKspaceSlice(kspace, slice, file.path, 'ismrmrd');
  return kspace;
}

/** Divides each column by how often it was measured. */
function averageColumns(kspace: Float32Array, repeats: Uint32Array, columns: number): void {
  if (repeats.every((count) => count <= 1)) return;
  for (let i = 0; i < kspace.length; i++) kspace[i]! /= Math.max(1, repeats[(i >> 1) % columns]!);
}

/** Consecutive numbers as [first, how many], none longer than a batch. */
function runsOf(numbers: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === number && last[1] < BATCH) last[1] += 1;
    else runs.push([number, 1]);
  }
  return runs;
}

function noSlice(path: string, slice: number, slices: number): IsochromatError {
  return new IsochromatError({
    code: 'slice-out-of-range',
    sentence: `There is no slice ${slice}.`,
    subject: path,
    expected: `a whole number from 0 to ${slices - 1}`,
    found: String(slice),
  });
}
