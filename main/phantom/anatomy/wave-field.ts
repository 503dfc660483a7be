import type { Random } from '../../domain/random.ts';

/** A box of canonical space in mm. */
export interface Extent {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

interface Wave {
  readonly kx: number;
  readonly ky: number;
  readonly kz: number;
  readonly phase: number;
}

/**
 * A band-limited random field: a sum of plane waves of nearly one wavelength and random direction (Berry's random wave
 * model). Its zero set is a labyrinth of evenly spaced sheets, which is how cortical folds look. Value and gradient are
 * tabulated on a grid and interpolated.
 */
export class WaveField {
  readonly wavelength: number;
  /** Value, ∂x, ∂y, ∂z at the last sampled place; standard deviation of the value is 1. */
  readonly at = new Float64Array(4);
  private readonly extent: Extent;
  private readonly perMillimetre: number;
  private readonly size: [number, number, number];
  private readonly table: Float32Array;

  constructor(random: Random, wavelength: number, spacing: number, extent: Extent, waves = 28, bandwidth = 0.12) {
    this.wavelength = wavelength;
    this.extent = extent;
    this.perMillimetre = 1 / spacing;
    const cells = (axis: 0 | 1 | 2): number => Math.ceil((extent.high[axis] - extent.low[axis]) / spacing) + 2;
    this.size = [cells(0), cells(1), cells(2)];
    this.table = new Float32Array(4 * this.size[0] * this.size[1] * this.size[2]);
    this.addWaves(
      Array.from({ length: waves }, () => {
        const k = ((2 * Math.PI) / wavelength) * (1 + bandwidth * random.uniform(-1, 1));
        const cosine = random.uniform(-1, 1);
        const sine = Math.sqrt(1 - cosine * cosine);
        const turn = random.uniform(0, 2 * Math.PI);
        const phase = random.uniform(0, 2 * Math.PI);
        return { kx: k * sine * Math.cos(turn), ky: k * sine * Math.sin(turn), kz: k * cosine, phase };
      }),
      Math.sqrt(2 / waves),
      spacing,
    );
  }

  /** All waves, row by row so that a row stays in the cache; along it a rotation takes the place of a cosine per cell. */
  private addWaves(waves: readonly Wave[], amplitude: number, spacing: number): void {
    const [nx, ny, nz] = this.size;
    const { table, extent } = this;
    const steps = waves.map(({ kx }) => [Math.cos(kx * spacing), Math.sin(kx * spacing)] as const);
    for (let row = 0; row < ny * nz; row++) {
      const y = extent.low[1] + (row % ny) * spacing;
      const z = extent.low[2] + Math.floor(row / ny) * spacing;
      for (let w = 0; w < waves.length; w++) {
        const { kx, ky, kz, phase } = waves[w]!;
        const [stepRe, stepIm] = steps[w]!;
        const start = phase + kx * extent.low[0] + ky * y + kz * z;
        let re = amplitude * Math.cos(start);
        let im = amplitude * Math.sin(start);
        for (let x = 0, i = 4 * row * nx; x < nx; x++, i += 4) {
          table[i] = table[i]! + re;
          table[i + 1] = table[i + 1]! - kx * im;
          table[i + 2] = table[i + 2]! - ky * im;
          table[i + 3] = table[i + 3]! - kz * im;
          const next = re * stepRe - im * stepIm;
          im = re * stepIm + im * stepRe;
          re = next;
        }
      }
    }
  }

  /** Trilinear interpolation into {@link at}; outside the extent the border value is kept. */
  sample(x: number, y: number, z: number): Float64Array {
    const { low } = this.extent;
    const [nx, ny, nz] = this.size;
    const fx = clamp((x - low[0]) * this.perMillimetre, nx - 1.001);
    const fy = clamp((y - low[1]) * this.perMillimetre, ny - 1.001);
    const fz = clamp((z - low[2]) * this.perMillimetre, nz - 1.001);
    const ix = fx | 0;
    const iy = fy | 0;
    const iz = fz | 0;
    const tx = fx - ix;
    const ty = fy - iy;
    const tz = fz - iz;
    const { table, at } = this;
    const row = 4 * nx;
    const plane = row * ny;
    const i = 4 * ix + row * iy + plane * iz;
    const w00 = (1 - ty) * (1 - tz);
    const w10 = ty * (1 - tz);
    const w01 = (1 - ty) * tz;
    const w11 = ty * tz;
    for (let c = 0; c < 4; c++) {
      const j = i + c;
      const left = w00 * table[j]! + w10 * table[j + row]! + w01 * table[j + plane]! + w11 * table[j + plane + row]!;
      const k = j + 4;
      const right = w00 * table[k]! + w10 * table[k + row]! + w01 * table[k + plane]! + w11 * table[k + plane + row]!;
      at[c] = left + tx * (right - left);
    }
    return at;
  }

  /**
   * Approximate signed distance in mm from the zero sheet, measured within the surface whose unit normal is given: for a
   * sinusoid of wave number k, atan2(n, |∇n|/k)/k is exact, and it never exceeds a quarter wavelength.
   */
  sheetDistance(x: number, y: number, z: number, nx: number, ny: number, nz: number): number {
    const at = this.sample(x, y, z);
    const along = at[1]! * nx + at[2]! * ny + at[3]! * nz;
    const gx = at[1]! - along * nx;
    const gy = at[2]! - along * ny;
    const gz = at[3]! - along * nz;
    const k = (2 * Math.PI) / this.wavelength;
    return Math.atan2(at[0]!, Math.sqrt(gx * gx + gy * gy + gz * gz) / k) / k;
  }
}

function clamp(value: number, high: number): number {
  return value < 0 ? 0 : value > high ? high : value;
}
