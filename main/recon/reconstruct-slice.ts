import type { ComplexArray, ComplexImage } from '../domain/complex.ts';
import type { Calibration } from './calibration.ts';
import { combineCoils } from './combine.ts';
import { espiritMaps } from './espirit.ts';
import type { EspiritOptions, SensitivityMaps } from './espirit.ts';
import { transformLastAxes } from './fft.ts';
import type { PhaseReference } from './phase-convention.ts';
import { readoutCrop } from './readout.ts';

export interface ReconstructedSlice {
  /** One image for each set of maps, `rows` × columns of k-space. */
  readonly images: readonly ComplexImage[];
  /** What each coil saw, `[coils, rows, columns]`. */
  readonly coilImages: ComplexArray;
  /** Undefined for a single coil, which needs none. */
  readonly sensitivities: SensitivityMaps | undefined;
}

/**
 * One slice from k-space to its complex image: coil images by centred orthonormal inverse FFT, readout oversampling
 * removed, ESPIRiT maps, combination.
 *
 * @param kspace `[coils, readout, columns]`
 * @param rows rows of the image
 */
export function reconstructSlice(
  kspace: ComplexArray,
  rows: number,
  calibration: Calibration,
  reference: PhaseReference,
  options: EspiritOptions = {},
): ReconstructedSlice {
  const coilImages = transformLastAxes(kspace, [
    readoutCrop(kspace.shape[1]!, rows),
    { along: 'columns', direction: 'inverse' },
  ]);
  const [coils, height, width] = coilImages.shape as readonly [number, number, number];
  if (coils === 1) {
    return { images: [{ rows: height, columns: width, data: coilImages.data }], coilImages, sensitivities: undefined };
  }
  const sensitivities = espiritMaps(calibration, height, width, reference, options);
  const images = Array.from({ length: options.sets ?? 1 }, (_, set) =>
    combineCoils(coilImages, sensitivities.maps, set),
  );
  return { images, coilImages, sensitivities };
}
