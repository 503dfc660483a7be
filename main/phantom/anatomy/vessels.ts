import { Random } from '../../domain/random.ts';
import { FIELD } from './fields.ts';
import { Chain } from './geometry.ts';
import type { Knot } from './geometry.ts';
import type { HeadParameters } from './head-parameters.ts';

/** Cerebral arteries, deep veins and dural sinuses, in template millimetres. */
export class Vessels {
  private readonly arteries: Chain;
  private readonly branches: readonly [Chain, Chain];
  private readonly basilar: Chain;
  private readonly veins: Chain;

  constructor(parameters: HeadParameters) {
    const random = Random.for('phantom-vessels', parameters.seed);
    const near = (value: number, sd = 1): number => value + sd * random.normal();
    const calibre = random.uniform(0.85, 1.2);
    const r = (radius: number): number => radius * calibre;
    this.arteries = new Chain(
      [
        [12, -2, -44, r(2.4)],
        [10, 4, -26, r(2.4)],
        [8, 5, -13, r(2.1)],
        [20, near(6), -12, r(1.8)],
        [33, near(5), -11, r(1.6)],
        [40, near(9), -5, r(1.4)],
      ],
      1,
      [
        [8, 5, -13, r(1.5)],
        [2.5, 16, -9, r(1.4)],
        [2.2, 33, -2, r(1.3)],
        [2.2, 38, 12, r(1.2)],
        [2.2, 28, 27, r(1.1)],
      ],
      [
        [1, -13, -19, r(1.4)],
        [14, -18, -17, r(1.3)],
        [19, -28, -10, r(1.2)],
        [15, -48, -4, r(1.1)],
      ],
    );
    // Branches of the middle cerebral artery climb over the insula and turn out under the operculum.
    const branch = (): Knot[] => {
      const y = random.uniform(-14, 20);
      return [
        [40, 8, -6, r(1.2)],
        [41, near(y, 2), near(4, 2), r(1.1)],
        [42.5, near(y - 4, 2), near(12, 2), r(1)],
        [54, near(y - 6, 3), near(16, 3), r(0.9)],
      ];
    };
    const tree = (): Chain => new Chain(branch(), 0.5, branch(), branch(), branch());
    this.branches = [tree(), tree()];
    this.basilar = new Chain([
      [near(0), -15, -58, r(2)],
      [near(0), -8, -40, r(1.9)],
      [0, -12, -19, r(1.8)],
    ]);
    this.veins = new Chain(
      [
        [4, 3, 13, 0.8],
        [2.2, -14, 16, 1.1],
        [1.8, -36, 13, 1.4],
        [0, -45, 10, 2.6],
        [0, -52, 5, 2.4],
      ],
      1,
      [
        [20, 4, 22, 0.6],
        [12, 8, 20, 0.7],
        [4, 3, 13, 0.8],
      ],
    );
  }

  fill(x: number, y: number, z: number, out: Float32Array, at: number): void {
    const mx = Math.abs(x);
    const branches = this.branches[x < 0 ? 1 : 0];
    out[at + FIELD.artery] = Math.min(
      this.arteries.distance(mx, y, z),
      this.basilar.distance(x, y, z),
      branches.distance(mx, y, z),
    );
    out[at + FIELD.vein] = this.veins.distance(mx, y, z);
    // The superior sagittal sinus is a wedge under the vault; the straight sinus lies where falx and tentorium meet; the transverse
    // sinus where the tentorium meets the skull.
    const depth = -out[at + FIELD.cavity]!;
    const inSkull = Math.abs(depth - 2.2) - 2.6;
    const sagittal =
      z > -16 && (y < -40 || z > 0) ? Math.max(inSkull, Math.abs(x - 0.8) - 2.6 + 0.5 * (depth - 1.5)) : 9;
    const straight = y < -48 && y > -100 ? Math.hypot(x, 0.93 * (z + 1 + 0.17 * (-y - 48)) - 1.5) - 2.2 : 9;
    const tent = Math.abs(out[at + FIELD.tentorium]!);
    const transverse = y < -38 ? Math.max(tent - 2.6, Math.abs(depth - 2) - 2.6) : 9;
    out[at + FIELD.sinus] = Math.min(sagittal, straight, transverse);
  }
}
