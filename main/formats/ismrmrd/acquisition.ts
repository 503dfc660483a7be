import type { Hdf5Record } from '../hdf5/records.ts';

/** What the head of an ISMRMRD acquisition (one readout of all coils) says, as far as sorting needs it. */
export interface AcquisitionHead {
  samples: number;
  coils: number;
  /** Samples at either end that were not meant to be used. */
  discardPre: number;
  discardPost: number;
  /** Sample at which the readout crosses the centre of k-space. */
  centerSample: number;
  encodingSpace: number;
  /** Line along the phase encoding, as the scanner counts. */
  step1: number;
  step2: number;
  slice: number;
  contrast: number;
  phase: number;
  repetition: number;
  set: number;
  reversed: boolean;
  /** Why it is no part of the image; undefined when it is. */
  notImaging: string | undefined;
  /** Of the slice's centre along its normal, in millimetres. */
  position: number;
}

/** Flags of ISMRMRD (`ismrmrd.h`, ISMRMRD_AcquisitionFlags), numbered from 1, and what a readout with one is called. */
const NOT_IMAGING: Record<number, string> = {
  19: 'noise',
  23: 'navigator',
  24: 'phase correction',
  26: 'feedback',
  27: 'dummy',
  28: 'feedback',
  29: 'surface coil correction',
  30: 'phase stabilisation',
  31: 'phase stabilisation',
};
const CALIBRATION = 20;
const CALIBRATION_AND_IMAGING = 21;
const REVERSED = 22;

/**
 * Reads the head of one record.
 * @param calibrationMode of the header: calibration lines that are embedded in the image's own grid belong to it
 */
export function readHead(record: Hdf5Record, calibrationMode: string | undefined): AcquisitionHead {
  const flags = record.bits('head.flags');
  const has = (flag: number): boolean => ((flags >> BigInt(flag - 1)) & 1n) === 1n;
  const skipped = Object.keys(NOT_IMAGING).map(Number).find(has);
  const separate =
    has(CALIBRATION) && !has(CALIBRATION_AND_IMAGING) && !/embedded|interleaved/i.test(calibrationMode ?? '');
  const index = (name: string): number => record.number(`head.idx.${name}`);
  const position = record.floats('head.position');
  const normal = record.floats('head.slice_dir');
  return {
    samples: record.number('head.number_of_samples'),
    coils: record.number('head.active_channels'),
    discardPre: record.number('head.discard_pre'),
    discardPost: record.number('head.discard_post'),
    centerSample: record.number('head.center_sample'),
    encodingSpace: record.number('head.encoding_space_ref'),
    step1: index('kspace_encode_step_1'),
    step2: index('kspace_encode_step_2'),
    slice: index('slice'),
    contrast: index('contrast'),
    phase: index('phase'),
    repetition: index('repetition'),
    set: index('set'),
    reversed: has(REVERSED),
    notImaging: skipped === undefined ? (separate ? 'calibration' : undefined) : NOT_IMAGING[skipped],
    position: position.reduce((sum, value, axis) => sum + value * (normal[axis] ?? 0), 0),
  };
}
