import type { ComplexArray } from '../domain/complex.ts';
import { CALIBRATION_SIZE, calibrationRegion } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { transformLastAxes } from './fft.ts';
import { readoutCrop, someColumns } from './readout.ts';

/**
 * The calibration data of one slice over the field of view of its image: readout oversampling is removed first, so
 * only columns near the centre, which can matter, are transformed.
 *
 * @param kspace `[coils, readout, columns]`
 * @param rows rows of the image, at most `readout`
 */
export function calibrate(kspace: ComplexArray, rows: number, size = CALIBRATION_SIZE): Calibration {
  const columns = kspace.shape[2]!;
  if (rows >= kspace.shape[1]!) return calibrationRegion(kspace, size);
  const reach = Math.min(size, Math.floor(columns / 2));
  const first = Math.floor(columns / 2) - reach;
  const central = someColumns(kspace, first, Math.min(2 * reach, columns));
  const steps = [readoutCrop(kspace.shape[1]!, rows), { along: 'rows', direction: 'forward' }] as const;
  return calibrationRegion(transformLastAxes(central, steps), size);
}
