import type { ComplexImage } from '../../domain/complex.ts';
import { Random } from '../../domain/random.ts';
import { fft2c } from '../../recon/fft.ts';
import { FIELD_OF_VIEW } from '../volume-plan.ts';
import type { VolumePlan } from '../volume-plan.ts';
import { Coils } from './coils.ts';

import { addNoise } from './gaussian-noise.ts';

/** What a scanner keeps of one slice. */
export interface AcquiredSlice {
  /** `[coils, 2·size, size]` interleaved, DC at the centre; the readout (rows) is oversampled twice. */
  readonly kspace: Float32Array;
  /** Root sum of squares over the coils of the central rows, `[size, size]`. */
  readonly reconstruction: Float32Array;
}

/** Receives slices of one volume: coils, readout oversampling, noise, Fourier transform. */
export class Receiver {
  private readonly coils: Coils;
  private readonly random: Random;
  private readonly plan: VolumePlan;
  private readonly noise: number;

  /** @param whiteMatter signal of white matter in the images, to which the noise is scaled */
  constructor(plan: VolumePlan, whiteMatter: number) {
    this.plan = plan;
    this.coils = new Coils(plan.coils, plan.acquisitionSeed, plan.size, FIELD_OF_VIEW / plan.size);
    this.random = Random.for('phantom-noise', plan.acquisitionSeed);
    // Noise of the optimally combined image is that of one coil where ‖s‖ = 1; per real component.
    this.noise = whiteMatter / plan.signalToNoise;
  }

  receive(image: ComplexImage, z: number): AcquiredSlice {
    const { coils, size } = this.plan;
    const rows = 2 * size;
    const first = Math.floor((rows - size) / 2);
    const data = new Float32Array(2 * coils * rows * size);
    const energy = new Float32Array(size * size);
    for (let coil = 0; coil < coils; coil++) {
      const sensitivity = this.coils.sensitivity(coil, z);
      const whole = data.subarray(2 * coil * rows * size, 2 * (coil + 1) * rows * size);
      const middle = whole.subarray(2 * first * size, 2 * (first + size) * size);
      for (let i = 0; i < middle.length; i += 2) {
        const a = image.data[i]!;
        const b = image.data[i + 1]!;
        const c = sensitivity[i]!;
        const d = sensitivity[i + 1]!;
        middle[i] = a * c - b * d;
        middle[i + 1] = a * d + b * c;
      }
      // White noise stays white under an orthonormal transform, so it may as well be added here; the image then holds it too.
      addNoise(whole, this.noise, this.random);
      for (let p = 0; p < energy.length; p++) {
        const re = middle[2 * p]!;
        const im = middle[2 * p + 1]!;
        energy[p] = energy[p]! + re * re + im * im;
      }
    }
    const kspace = fft2c({ shape: [coils, rows, size], data }).data;
    return { kspace, reconstruction: energy.map(Math.sqrt) };
  }
}
