import { FIELD } from './fields.ts';
import { Chain, ellipsoid, smoothUnion } from './geometry.ts';

/** Midbrain, pons, medulla and cerebellum, in template millimetres. */
export class Hindbrain {
  private readonly peduncle = new Chain(
    [
      [13, -11, -2, 6],
      [11, -14, -12, 6],
      [9, -17, -19, 6.5],
    ],
    3,
  );
  private readonly medulla = new Chain(
    [
      [0, -26, -44, 10],
      [0, -33, -56, 8],
      [0, -42, -75, 6],
    ],
    4,
  );
  private readonly cerebellarPeduncle = new Chain(
    [
      [14, -30, -34, 8],
      [20, -42, -34, 8],
      [28, -52, -34, 8],
    ],
    4,
  );

  /** Needs the cavity and tentorium fields. */
  fill(x: number, y: number, z: number, out: Float32Array, at: number): void {
    const mx = Math.abs(x);
    if (z > 14) {
      out[at + FIELD.brainstem] = z - 4;
      out[at + FIELD.cerebellum] = 20;
      out[at + FIELD.folium] = 0;
      return;
    }
    const tegmentum = ellipsoid(x, y + 24, z + 10, 12.5, 9.5, 13);
    const colliculi = ellipsoid(mx - 5, y + 33, z + 9, 5, 4, 8);
    const pons = ellipsoid(x, y + 22, z + 33, 18, 12.5, 14);
    let stem = smoothUnion(tegmentum, this.peduncle.distance(mx, y, z), 3);
    stem = smoothUnion(stem, colliculi, 3);
    stem = smoothUnion(stem, pons, 6);
    stem = smoothUnion(stem, this.medulla.distance(x, y, z), 5);
    out[at + FIELD.brainstem] = stem;

    const hemisphere = ellipsoid(mx - 24, y + 61, z + 37, 31, 34, 25);
    const vermis = ellipsoid(x, y + 64, z + 30, 12, 25, 24);
    const superior = ellipsoid(x, y + 57, z + 20, 43, 31, 20);
    let cerebellum = smoothUnion(smoothUnion(hemisphere, superior, 6), vermis, 4);
    cerebellum = smoothUnion(cerebellum, this.cerebellarPeduncle.distance(mx, y, z), 5);
    cerebellum = Math.max(cerebellum, out[at + FIELD.cavity]! + 1.6, out[at + FIELD.tentorium]! + 1.2);
    out[at + FIELD.cerebellum] = cerebellum;
    // Folia run along arcs about the middle of the brainstem; the count of millimetres across them is wavy.
    const across = Math.hypot(0.62 * mx, y + 34, 0.9 * (z + 32));
    out[at + FIELD.folium] =
      across + 1.7 * Math.sin(mx / 6.1 + 0.5) + 1.1 * Math.sin(0.31 * y + 0.23 * z) + 0.9 * Math.sin(mx / 3.3 + y / 9);
  }
}
