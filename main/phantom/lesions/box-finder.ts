import type { Box } from '../../domain/annotations.ts';
import type { TissueClass } from '../../domain/tissue.ts';
import { visibleRadius } from '../field/dipole.ts';
import { LESION_LABELS, OEDEMA_LABEL, VARIANT_LABEL } from './lesion.ts';
import type { LesionShape } from './lesion.ts';
import type { LesionShare } from './lesion-tissue.ts';

/** Phase in radians that a reader would notice. */
const VISIBLE_PHASE = 0.35;
/** Share of a pixel that a reader would notice. */
const VISIBLE_SHARE = 0.3;

/** Rows and columns that something covers. */
class Bounds {
  top = Infinity;
  left = Infinity;
  bottom = -Infinity;
  right = -Infinity;

  add(row: number, column: number): void {
    this.top = Math.min(this.top, row);
    this.left = Math.min(this.left, column);
    this.bottom = Math.max(this.bottom, row);
    this.right = Math.max(this.right, column);
  }
}

/** Draws the boxes of one slice around what is seen of each lesion, with a margin of a pixel as a careful reader would. */
export class BoxFinder {
  private readonly lesions: Bounds[];
  private readonly oedema: Bounds[];
  private readonly slice: number;
  private readonly size: number;

  constructor(lesions: number, slice: number, size: number) {
    this.lesions = Array.from({ length: lesions }, () => new Bounds());
    this.oedema = Array.from({ length: lesions }, () => new Bounds());
    this.slice = slice;
    this.size = size;
  }

  add(index: number, row: number, column: number, share: LesionShare): void {
    if (share.lesion > VISIBLE_SHARE) this.lesions[index]!.add(row, column);
    if (share.oedema > VISIBLE_SHARE) this.oedema[index]!.add(row, column);
  }

  /** Extends the boxes of lesions with a field of their own to where it turns the phase visibly. */
  addPhase(shapes: readonly LesionShape[], z: number, pixel: number, radiansPerPpm: number): void {
    shapes.forEach(({ lesion }, index) => {
      for (const sphere of lesion.spheres) {
        const visible = visibleRadius(sphere, VISIBLE_PHASE / radiansPerPpm);
        const height = Math.abs(sphere.centre[2] - z);
        if (height >= visible) continue;
        const half = Math.sqrt(visible * visible - height * height);
        const column = sphere.centre[0] / pixel + this.size / 2;
        const row = sphere.centre[1] / pixel + this.size / 2;
        this.lesions[index]!.add(Math.round(row - half / pixel), Math.round(column - half / pixel));
        this.lesions[index]!.add(Math.round(row + half / pixel), Math.round(column + half / pixel));
      }
    });
  }

  boxes(shapes: readonly LesionShape[], tissueClass: TissueClass): Box[] {
    const found: Box[] = [];
    shapes.forEach(({ lesion }, index) => {
      if (lesion.kind === 'perivascular space') {
        if (tissueClass === 'normal' && lesion.radii[0] > 2.2) this.push(found, this.lesions[index]!, VARIANT_LABEL);
        return;
      }
      this.push(found, this.lesions[index]!, LESION_LABELS[lesion.kind]);
      this.push(found, this.oedema[index]!, OEDEMA_LABEL);
    });
    return found;
  }

  private push(found: Box[], bounds: Bounds, label: string): void {
    const top = Math.max(0, bounds.top - 1);
    const left = Math.max(0, bounds.left - 1);
    const height = Math.min(this.size - 1, bounds.bottom + 1) - top + 1;
    const width = Math.min(this.size - 1, bounds.right + 1) - left + 1;
    // Two pixels and their margin: less is a trace from the neighbouring slice.
    if (!(height >= 4 && width >= 4)) return;
    found.push({ slice: this.slice, top, left, height, width, label });
  }
}
