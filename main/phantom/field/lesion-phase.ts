import type { SusceptibilitySphere } from '../lesions/lesion.ts';
import { sphereField } from './dipole.ts';

/** Where the field of a sphere has fallen to 1/512 of its largest value, in radii. */
const REACH = 8;

/** Phase that the spheres in and near a slice cause, by the sum of their closed forms. */
export class LesionPhase {
  private readonly spheres: readonly SusceptibilitySphere[];
  private readonly size: number;
  private readonly pixel: number;
  private readonly radiansPerPpm: number;

  constructor(spheres: readonly SusceptibilitySphere[], size: number, pixel: number, radiansPerPpm: number) {
    this.spheres = spheres;
    this.size = size;
    this.pixel = pixel;
    this.radiansPerPpm = radiansPerPpm;
  }

  /** Radians at every pixel of the plane at height z; undefined when no sphere reaches it. */
  at(z: number): Float32Array | undefined {
    const { size, pixel, radiansPerPpm } = this;
    const near = this.spheres.filter(({ centre, radius }) => Math.abs(centre[2] - z) < REACH * radius);
    if (near.length === 0) return undefined;
    const phase = new Float32Array(size * size);
    for (const sphere of near) {
      const range = (centre: number): [number, number] => {
        const middle = centre / pixel + size / 2;
        const half = (REACH * sphere.radius) / pixel;
        return [Math.max(0, Math.ceil(middle - half)), Math.min(size - 1, Math.floor(middle + half))];
      };
      const [left, right] = range(sphere.centre[0]);
      const [top, bottom] = range(sphere.centre[1]);
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
          const ppm = sphereField(sphere, (column - size / 2) * pixel, (row - size / 2) * pixel, z);
          phase[row * size + column] = phase[row * size + column]! + radiansPerPpm * ppm;
        }
      }
    }
    return phase;
  }
}
