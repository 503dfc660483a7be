import type { ComplexArray } from '../../domain/complex.ts';
import { fft1c } from '../../recon/fft.ts';
import { FIELD, FIELD_COUNT } from '../anatomy/fields.ts';
import { coverage } from '../anatomy/geometry.ts';
import type { Head } from '../anatomy/head.ts';
import { TISSUES } from '../signal/tissues.ts';
import { fitPolynomial, polynomial } from './shim.ts';

/** Cells along each axis and their size in mm: 288 mm, so that the periodic images of the head are far away. */
const CELLS = 64;
const SPACING = 4.5;

/**
 * The static field of a head, in ppm of B₀: susceptibility of air, bone and iron, convolved with the unit dipole, then shimmed
 * to second order over the brain as a scanner does.
 *
 * In k-space the convolution is ΔB/B₀ = (1/3 − k_z²/k²)·χ (Salomir 2003; Marques & Bowtell 2005), B₀ along z.
 */
export class BackgroundField {
  private readonly ppm: Float32Array;

  constructor(head: Head) {
    const { susceptibility, brain } = susceptibilityMap(head);
    this.ppm = convolveWithDipole(susceptibility, CELLS);
    shim(this.ppm, brain);
  }

  /** Trilinear, at a scanner place in mm. */
  at(x: number, y: number, z: number): number {
    const fx = inside(x / SPACING + CELLS / 2);
    const fy = inside(y / SPACING + CELLS / 2);
    const fz = inside(z / SPACING + CELLS / 2);
    const ix = fx | 0;
    const iy = fy | 0;
    const iz = fz | 0;
    const tx = fx - ix;
    const ty = fy - iy;
    const i = (iz * CELLS + iy) * CELLS + ix;
    const { ppm } = this;
    const plane = (j: number): number => {
      const near = ppm[j]! + tx * (ppm[j + 1]! - ppm[j]!);
      const far = ppm[j + CELLS]! + tx * (ppm[j + CELLS + 1]! - ppm[j + CELLS]!);
      return near + ty * (far - near);
    };
    const low = plane(i);
    return low + (fz - iz) * (plane(i + CELLS * CELLS) - low);
  }
}

function inside(index: number): number {
  return index < 0 ? 0 : index > CELLS - 1.001 ? CELLS - 1.001 : index;
}

/** χ in ppm relative to water on the grid `[z, y, x]`, and which cells are brain. */
function susceptibilityMap(head: Head): { susceptibility: Float32Array; brain: Uint8Array } {
  const susceptibility = new Float32Array(CELLS ** 3);
  const brain = new Uint8Array(CELLS ** 3);
  const f = new Float32Array(FIELD_COUNT);
  const air = TISSUES.air.susceptibility.value;
  const bone = TISSUES.compactBone.susceptibility.value;
  const iron = (['caudate', 'putamen', 'pallidum', 'thalamus', 'nigra'] as const).map(
    (name) => [FIELD[name], TISSUES[name].susceptibility.value - TISSUES.white.susceptibility.value] as const,
  );
  const centre = CELLS / 2;
  for (let z = 0, i = 0; z < CELLS; z++) {
    for (let y = 0; y < CELLS; y++) {
      for (let x = 0; x < CELLS; x++, i++) {
        head.describeCoarsely((x - centre) * SPACING, (y - centre) * SPACING, (z - centre) * SPACING, f, 0);
        const skin = f[FIELD.skin]!;
        let chi = air * coverage(-skin, SPACING);
        if (skin < SPACING / 2) {
          const cavity = f[FIELD.cavity]!;
          chi += (air - chi) * coverage(f[FIELD.air]!, SPACING);
          chi += bone * coverage(cavity - 6, SPACING) * coverage(-cavity, SPACING);
          if (cavity < 0) for (const [field, value] of iron) chi += value * coverage(f[field]!, SPACING);
          if (cavity < -5) brain[i] = 1;
        }
        susceptibility[i] = chi;
      }
    }
  }
  return { susceptibility, brain };
}

/** Field in units of χ of a cubic susceptibility map `[z, y, x]` with `cells` along each side. */
export function convolveWithDipole(susceptibility: Float32Array, cells: number): Float32Array {
  const data = new Float32Array(2 * susceptibility.length);
  for (let i = 0; i < susceptibility.length; i++) data[2 * i] = susceptibility[i]!;
  const shape = [cells, cells, cells];
  const spectrum = [0, 1, 2].reduce<ComplexArray>((array, axis) => fft1c(array, axis, 'forward'), { shape, data });
  const centre = Math.floor(cells / 2);
  for (let z = 0, i = 0; z < cells; z++) {
    const kz2 = (z - centre) ** 2;
    for (let y = 0; y < cells; y++) {
      const kyz2 = kz2 + (y - centre) ** 2;
      for (let x = 0; x < cells; x++, i += 2) {
        const k2 = kyz2 + (x - centre) ** 2;
        // The mean field is the scanner's centre frequency.
        const kernel = k2 === 0 ? 0 : 1 / 3 - kz2 / k2;
        spectrum.data[i] = spectrum.data[i]! * kernel;
        spectrum.data[i + 1] = spectrum.data[i + 1]! * kernel;
      }
    }
  }
  const field = [0, 1, 2].reduce<ComplexArray>((array, axis) => fft1c(array, axis, 'inverse'), spectrum);
  return Float32Array.from({ length: susceptibility.length }, (_, i) => field.data[2 * i]!);
}

/** Takes away the best second-order polynomial over the brain. */
function shim(field: Float32Array, brain: Uint8Array): void {
  const place = (i: number): [number, number, number] => {
    const at = (index: number): number => (2 * index) / CELLS - 1;
    return [at(i % CELLS), at(Math.floor(i / CELLS) % CELLS), at(Math.floor(i / CELLS ** 2))];
  };
  const coefficients = fitPolynomial((add) => {
    for (let i = 0; i < field.length; i += 3) if (brain[i] === 1) add(...place(i), field[i]!);
  });
  for (let i = 0; i < field.length; i++) field[i] = field[i]! - polynomial(coefficients, ...place(i));
}
