import { FIELD } from './fields.ts';
import { Chain, ellipsoid, turnedEllipsoid } from './geometry.ts';
import type { TurnedEllipsoid } from './geometry.ts';
import type { HeadParameters } from './head-parameters.ts';

const PUTAMEN: TurnedEllipsoid = { centre: [26, 4, 2], radii: [5.4, 17, 11.5], angle: 0.26 };
const PALLIDUM: TurnedEllipsoid = { centre: [19.6, -1, 0], radii: [4, 9.5, 7], angle: 0.36 };
const THALAMUS: TurnedEllipsoid = { centre: [12, -18, 7.5], radii: [8.6, 15.5, 9.5], angle: 0.33 };

/** Ventricles, choroid plexus, basal ganglia, thalami and hippocampi, in template millimetres (one side; the other is its mirror image). */
export class DeepBrain {
  private readonly lateral: readonly [Chain, Chain];
  private readonly choroid: Chain;
  private readonly third: Chain;
  private readonly fourth: Chain;
  private readonly caudate: Chain;
  private readonly hippocampus: Chain;
  private readonly nigra: Chain;
  private readonly thirdWidth: number;

  constructor(parameters: HeadParameters) {
    const [left, right] = parameters.ventricles;
    this.lateral = [lateralVentricle(left), lateralVentricle(right)];
    this.thirdWidth = 1.1 + 1.1 * (left - 0.6);
    this.choroid = new Chain([
      [12, -18, 21, 0.9],
      [18, -31, 17.5, 1.5],
      [21.5, -37, 11, 2.3],
      [26, -35, 3, 1.8],
      [30.5, -29, -6, 1],
    ]);
    this.third = new Chain(
      [
        [0, 3, -9, 3],
        [0, -2, 2, 6.5],
        [0, -16, 5, 7],
        [0, -25, 2, 2.5],
        [0, -33, -9, 1],
        [0, -40, -22, 1],
        [0, -44, -28, 2.5],
      ],
      3,
    );
    this.fourth = new Chain(
      [
        [0, -42, -28, 2.5],
        [0, -46, -35, 5.5],
        [0, -46, -46, 2],
      ],
      3,
    );
    this.caudate = new Chain(
      [
        [10, 19, -4, 4.5],
        [12.5, 16, 5, 6.4],
        [13.5, 7, 13, 5.2],
        [16, -6, 20.5, 3.6],
        [19.5, -20, 22, 2.6],
        [25, -34, 15, 1.8],
      ],
      3,
    );
    this.hippocampus = new Chain(
      [
        [21, -6, -20, 5],
        [26, -14, -18, 4.5],
        [29, -26, -12, 4],
        [25, -36, -3, 3],
      ],
      3,
    );
    this.nigra = new Chain([
      [7, -14, -13, 1.8],
      [13, -20, -11, 1.6],
    ]);
  }

  fill(x: number, y: number, z: number, out: Float32Array, at: number): void {
    const mx = Math.abs(x);
    // Between the bodies of the lateral ventricles stands the septum, about 1 mm on each side.
    const lateral = Math.max(this.lateral[x < 0 ? 1 : 0].distance(mx, y, z), 1 - mx);
    // The third ventricle is a slit: its chain is squeezed from side to side.
    const squeeze = 4.6 / this.thirdWidth;
    const third = this.third.distance(mx * squeeze, y, z) / (mx * squeeze > 1 ? Math.min(squeeze, 2) : 1);
    const fourth = this.fourth.distance(mx * 0.75, y, z);
    out[at + FIELD.ventricle] = Math.min(lateral, third, fourth);
    // The choroid plexus is a frond that lies on the floor of the ventricle.
    const frond = 0.7 * Math.sin(1.5 * mx + 0.8 * y) * Math.sin(1.1 * y - 0.9 * z);
    out[at + FIELD.choroid] = Math.max(this.choroid.distance(mx, y, z) + frond, lateral + 0.2);
    const clear = lateral - 0.2;
    out[at + FIELD.caudate] = Math.max(this.caudate.distance(mx, y, z), -clear);
    out[at + FIELD.putamen] = mx < 45 ? turnedEllipsoid(PUTAMEN, mx, y, z) : 9;
    out[at + FIELD.pallidum] = mx < 40 ? turnedEllipsoid(PALLIDUM, mx, y, z) : 9;
    out[at + FIELD.thalamus] = mx < 36 ? turnedEllipsoid(THALAMUS, mx, y, z) : 9;
    out[at + FIELD.hippocampus] = this.hippocampus.distance(mx, y, z);
    const red = ellipsoid(mx - 4.6, y + 20, z + 8, 2.9, 2.9, 3.6);
    const dentate = Math.max(
      ellipsoid(mx - 14, y + 57, z + 34, 7, 5.5, 5),
      -ellipsoid(mx - 13, y + 58, z + 34, 4.8, 3.4, 3.6),
    );
    out[at + FIELD.nigra] = Math.min(this.nigra.distance(mx, y, z), red, dentate);
  }
}

/** Frontal horn, body, trigone, occipital and temporal horns; radii grow with `size`. */
function lateralVentricle(size: number): Chain {
  const r = (radius: number): number => Math.max(0.6, radius * size);
  // A wide ventricle also reaches further outwards, since its medial wall is held by the septum.
  const out = (x: number, radius: number): number => x + radius * (size - 1) * 0.8;
  return new Chain(
    [
      [out(30, 2), -12, -18, r(1.6)],
      [out(33, 2), -22, -13, r(2.2)],
      [out(31, 3), -33, -3, r(3.4)],
      [out(24.5, 6), -39, 9, r(6.2)],
      [out(20, 5), -33, 18, r(5.6)],
      [out(13, 4), -20, 23.5, r(4.6)],
      [out(8.5, 4), -6, 23, r(4.4)],
      [out(6, 4), 6, 18.5, r(4.4)],
      [out(9, 4), 20, 13, r(4.6)],
      [out(14, 3), 31, 8, r(3.2)],
      [out(17, 1), 35, 3, r(1.4)],
    ],
    3,
    [
      [out(24.5, 6), -39, 9, r(6.2)],
      [out(26, 4), -56, 8, r(4)],
      [out(26, 2), -72, 6, r(1.6)],
    ],
  );
}
