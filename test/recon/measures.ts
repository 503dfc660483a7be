import { readNpyAs } from '../../main/formats/npy.ts';
import { dataFile } from '../data.ts';
import type { ComplexArray } from '../../main/domain/complex.ts';
import { ifft2c } from '../../main/recon/fft.ts';
import { calibrationRegion } from '../../main/recon/calibration.ts';
import { combineCoils } from '../../main/recon/combine.ts';
import { espiritMaps } from '../../main/recon/espirit.ts';
import type { EspiritOptions, SensitivityMaps } from '../../main/recon/espirit.ts';
import { coilCovariance, phaseReference } from '../../main/recon/phase-reference.ts';

export const BRAIN_A = 'brainA_8coil_fully_sampled';
export const BRAIN_B = 'brainB_8coil_poisson_undersampled';
export const BRAIN_C = 'brainC_8coil_r2_small_fov';

export async function complexFile(...parts: string[]): Promise<ComplexArray> {
  const { shape, data } = await readNpyAs(dataFile(...parts), 'complex64');
  return { shape, data };
}

/** Maps and combined images of one slice of k-space, phase reference from that slice. */
export function reconstructAlone(
  kspace: ComplexArray,
  options: EspiritOptions = {},
): SensitivityMaps & { combined: Float32Array } {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const calibration = calibrationRegion(kspace);
  const reference = phaseReference([coilCovariance(calibration)]);
  const maps = espiritMaps(calibration, rows, columns, reference, options);
  return { ...maps, combined: combineCoils(ifft2c(kspace), maps.maps).data };
}

export function energyOf(a: Float32Array): number {
  return a.reduce((sum, v) => sum + v * v, 0);
}

/** ‖a − b‖ / ‖b‖ */
export function nrmse(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let energy = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    energy += b[i]! ** 2;
  }
  return Math.sqrt(difference / energy);
}

/** |Σ_c conj(reference)·maps| at every pixel where the reference is not zero, ascending. */
export function agreement(reference: ComplexArray, maps: ComplexArray, set = 0): Float64Array {
  const [coils, rows, columns] = reference.shape.slice(-3) as [number, number, number];
  const samples = rows * columns;
  const values: number[] = [];
  for (let p = 0; p < samples; p++) {
    let re = 0;
    let im = 0;
    let energy = 0;
    for (let c = 0; c < coils; c++) {
      const i = 2 * ((set * coils + c) * samples + p);
      const [x, y, u, v] = [reference.data[i]!, reference.data[i + 1]!, maps.data[i]!, maps.data[i + 1]!];
      re += x * u + y * v;
      im += x * v - y * u;
      energy += x * x + y * y;
    }
    if (energy > 0.5) values.push(Math.hypot(re, im));
  }
  return Float64Array.from(values).sort();
}

/** `a` where `b` is not zero, turned by the one phase that brings it nearest to `b`. */
export function turnedTo(a: Float32Array, b: Float32Array): Float32Array {
  let re = 0;
  let im = 0;
  for (let i = 0; i < a.length; i += 2) {
    re += a[i]! * b[i]! + a[i + 1]! * b[i + 1]!;
    im += a[i]! * b[i + 1]! - a[i + 1]! * b[i]!;
  }
  const size = Math.hypot(re, im);
  const out = new Float32Array(a.length);
  for (let i = 0; i < a.length; i += 2) {
    if (b[i] === 0 && b[i + 1] === 0) continue;
    out[i] = (a[i]! * re - a[i + 1]! * im) / size;
    out[i + 1] = (a[i]! * im + a[i + 1]! * re) / size;
  }
  return out;
}
