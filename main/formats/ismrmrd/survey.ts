import { IsochromatError } from '../../domain/errors.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import type { IsmrmrdHeader } from '../ismrmrd-header.ts';
import { readHead } from './acquisition.ts';
import type { AcquisitionHead } from './acquisition.ts';

/** Where the readouts of one slice stand in the file. */
export interface SliceReadouts {
  slice: number;
  /** Along the slices' normal, in millimetres. */
  position: number;
  readouts: { number: number; head: AcquisitionHead }[];
}

/** Readouts that make one volume: all slices of one contrast, repetition, set and phase. */
export interface VolumeReadouts {
  contrast: number;
  repetition: number;
  set: number;
  phase: number;
  slices: SliceReadouts[];
}

export interface Survey {
  volumes: VolumeReadouts[];
  coils: number;
  /** How many readouts were left out, by reason. */
  skipped: Record<string, number>;
}

/** Readouts that are read at a time: a few megabytes. */
export const BATCH = 32;
/** Beyond this no 2-D multi-slice acquisition goes. */
const MOST_READOUTS = 4_000_000;

/**
 * Goes once through all readouts of a file and notes what belongs where; their samples are not kept.
 * @param dataset path of the readouts in the file
 * @throws IsochromatError `ismrmrd-no-readouts`, `ismrmrd-too-many`, `ismrmrd-coils`, `ismrmrd-readout-damaged`
 */
export function surveyReadouts(file: Hdf5File, dataset: string, header: IsmrmrdHeader): Survey {
  const [total = 0, ...rest] = file.dataset(dataset).shape;
  if (rest.length > 0 || total > MOST_READOUTS) {
    throw new IsochromatError({
      code: 'ismrmrd-too-many',
      sentence: 'The readouts of this file are too many or not in a row.',
      subject: file.path,
      expected: `a list of at most ${MOST_READOUTS}`,
      found: `shape (${[total, ...rest].join(', ')})`,
    });
  }
  const volumes = new Map<string, Map<number, SliceReadouts>>();
  const skipped: Record<string, number> = {};
  let coils: number | undefined;
  for (let start = 0; start < total; start += BATCH) {
    file.readRecords(dataset, start, Math.min(BATCH, total - start), (record, number) => {
      const head = readHead(record, header.calibrationMode);
      const reason = head.notImaging ?? (head.encodingSpace === 0 ? undefined : 'other encoding');
      if (reason !== undefined) {
        skipped[reason] = (skipped[reason] ?? 0) + 1;
        return;
      }
      checkLength(record.floats('data').length, head, number, file.path);
      coils ??= head.coils;
      if (head.coils !== coils) throw otherCoils(file.path, number, coils, head.coils);
      const key = [head.contrast, head.repetition, head.set, head.phase].join();
      const slices = volumes.get(key) ?? new Map<number, SliceReadouts>();
      volumes.set(key, slices);
      const slice = slices.get(head.slice) ?? { slice: head.slice, position: head.position, readouts: [] };
      slices.set(head.slice, slice);
      slice.readouts.push({ number, head });
    });
  }
  if (coils === undefined || coils === 0) {
    throw new IsochromatError({
      code: 'ismrmrd-no-readouts',
      sentence: 'This raw data file holds no readouts of an image.',
      subject: file.path,
      found:
        total === 0
          ? 'no readouts'
          : Object.entries(skipped)
              .map(([reason, n]) => `${n} × ${reason}`)
              .join(', '),
      remedy: 'Choose the file of the imaging scan, not of a noise or adjustment scan.',
    });
  }
  return { volumes: [...volumes].map(([key, slices]) => volumeOf(key, slices)), coils, skipped };
}

function volumeOf(key: string, slices: Map<number, SliceReadouts>): VolumeReadouts {
  const [contrast = 0, repetition = 0, set = 0, phase = 0] = key.split(',').map(Number);
  const list = [...slices.values()];
  // Slices are numbered in the order of their positions or of their excitation; positions tell.
  const positions = new Set(list.map(({ position }) => position));
  const spatial = positions.size === list.length && list.length > 1;
  list.sort((a, b) => (spatial ? a.position - b.position : a.slice - b.slice));
  return { contrast, repetition, set, phase, slices: list };
}

function checkLength(length: number, head: AcquisitionHead, number: number, path: string): void {
  if (length === 2 * head.samples * head.coils) return;
  throw new IsochromatError({
    code: 'ismrmrd-readout-damaged',
    sentence: `Readout ${number} does not hold what its head says.`,
    subject: path,
    expected: `${head.samples} samples of ${head.coils} coils`,
    found: `${length / 2} samples`,
    remedy: 'Copy the file again or convert the raw data again.',
  });
}

function otherCoils(path: string, number: number, expected: number, found: number): IsochromatError {
  return new IsochromatError({
    code: 'ismrmrd-coils',
    sentence: `Readout ${number} was received by another number of coils than those before it.`,
    subject: path,
    expected: `${expected} coils`,
    found: `${found} coils`,
    remedy: 'The file mixes scans; convert each scan into a file of its own.',
  });
}
