import type { ComplexImage } from '../../domain/complex.ts';
import { Random } from '../../domain/random.ts';
import { fft1c } from '../../recon/fft.ts';
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
    const middle = new Float32Array(2 * coils * size * size);
    const energy = new Float32Array(size * size);
    for (let coil = 0; coil < coils; coil++) {
      const sensitivity = this.coils.sensitivity(coil, z);
      const own = middle.subarray(2 * coil * size * size, 2 * (coil + 1) * size * size);
      for (let i = 0; i < own.length; i += 2) {
        const a = image.data[i]!;
        const b = image.data[i + 1]!;
        const c = sensitivity[i]!;
        const d = sensitivity[i + 1]!;
        own[i] = a * c - b * d;
        own[i + 1] = a * d + b * c;
      }
      // White noise stays white under an orthonormal transform, so it may as well be added here; the image then holds it too.
      addNoise(own, this.noise, this.random);
      for (let p = 0; p < energy.length; p++) {
        const re = own[2 * p]!;
        const im = own[2 * p + 1]!;
        energy[p] = energy[p]! + re * re + im * im;
      }
    }
    // Along the phase encoding only the rows that hold the head need a transform; above and below there is noise alone.
    const hybrid = fft1c({ shape: [coils, size, size], data: middle }, -1, 'forward').data;
    const data = new Float32Array(2 * coils * rows * size);
    for (let coil = 0; coil < coils; coil++) {
      const whole = data.subarray(2 * coil * rows * size, 2 * (coil + 1) * rows * size);
      whole.set(hybrid.subarray(2 * coil * size * size, 2 * (coil + 1) * size * size), 2 * first * size);
      addNoise(whole.subarray(0, 2 * first * size), this.noise, this.random);
      addNoise(whole.subarray(2 * (first + size) * size), this.noise, this.random);
    }
    const kspace = fft1c({ shape: [coils, rows, size], data }, -2, 'forward').data;
    return { kspace, reconstruction: energy.map(Math.sqrt) };
  }
}
