import { coverage, ramp } from '../anatomy/geometry.ts';
import { TISSUE } from '../signal/tissues.ts';
import type { TissueName } from '../signal/tissues.ts';
import type { LesionShape } from './lesion.ts';

const PARENCHYMA: readonly TissueName[] = [
  'grey',
  'white',
  'brainstem',
  'caudate',
  'putamen',
  'pallidum',
  'thalamus',
  'nigra',
];
const parenchyma = PARENCHYMA.map((name) => TISSUE[name]);
/** A mass or cyst also takes the place of the CSF and vessels where it grows. */
const anything = [...parenchyma, TISSUE.csf, TISSUE.vein, TISSUE.artery, TISSUE.choroid];

/** What one lesion did to one pixel: share of the pixel that the lesion and its oedema take. */
export interface LesionShare {
  lesion: number;
  oedema: number;
}

/**
 * Replaces tissue by a lesion at one place. Lesions convert what is there instead of lying on top, so that oedema spares the
 * cortex and a plaque stays in the white matter.
 * @param weights shares of tissues, changed in place; their sum stays
 * @param width of a pixel, mm
 */
export function convertToLesion(
  shape: LesionShape,
  x: number,
  y: number,
  z: number,
  weights: Float64Array,
  width: number,
  share: LesionShare,
): void {
  share.lesion = 0;
  share.oedema = 0;
  const { lesion } = shape;
  const dx = x - lesion.centre[0];
  const dy = y - lesion.centre[1];
  const dz = z - lesion.centre[2];
  if (dx * dx + dy * dy + dz * dz > shape.reach * shape.reach) return;
  const d = shape.distance(x, y, z);
  switch (lesion.kind) {
    case 'mass': {
      const inside = coverage(d, 1.5 * width);
      const core = coverage(d + lesion.rim * (1 + 0.08 * shape.ripple(dx * 2, dy * 2, dz * 2)), 2 * width);
      take(weights, anything, inside * core, TISSUE.necrosis);
      share.lesion =
        take(weights, anything, (inside * (1 - core)) / Math.max(1e-6, 1 - inside * core), TISSUE.tumour) +
        inside * core;
      // Vasogenic oedema spreads in fingers along the white matter.
      const fingers = lesion.oedema * (0.75 + 0.12 * shape.ripple(dx * 1.6 + 3, dy * 1.6 - 5, dz));
      share.oedema = take(weights, [TISSUE.white], 0.92 * ramp(fingers - d, -1.5, 1.5), TISSUE.oedema);
      break;
    }
    case 'white matter lesion':
      share.lesion = take(
        weights,
        [TISSUE.white, TISSUE.brainstem],
        0.95 * coverage(d, 1.6),
        lesion.active ? TISSUE.activePlaque : TISSUE.gliosis,
      );
      break;
    case 'lacune':
      share.lesion = take(weights, parenchyma, coverage(d + 1, width), TISSUE.csf);
      share.lesion += take(weights, parenchyma, 0.8 * coverage(d - 0.6, 1.6), TISSUE.gliosis);
      break;
    case 'cyst':
      share.lesion = take(weights, anything, coverage(d, width), TISSUE.cystFluid);
      break;
    case 'calcification':
      share.lesion = take(weights, parenchyma, coverage(d, width), TISSUE.calcification);
      break;
    case 'cavernoma': {
      // A mulberry of blood of different ages in a ring of haemosiderin.
      const inside = coverage(d, width);
      const core = coverage(d + 1.6, width) * ramp(shape.ripple(dx * 3, dy * 3, dz * 3), -0.4, 0.8);
      share.lesion = take(weights, anything, inside * core, TISSUE.tumour);
      share.lesion += take(weights, anything, inside, TISSUE.haemosiderin);
      break;
    }
    case 'microbleed':
      if (lesion.detectability === 'both')
        share.lesion = take(weights, parenchyma, coverage(d, width), TISSUE.haemosiderin);
      break;
    case 'perivascular space':
      share.lesion = take(weights, parenchyma, coverage(d, width), TISSUE.csf);
      break;
  }
}

/** Moves a share of the given tissues to another; returns how much of the pixel moved. */
function take(weights: Float64Array, from: readonly number[], share: number, to: number): number {
  if (share <= 0) return 0;
  let moved = 0;
  for (const tissue of from) {
    const part = weights[tissue]! * share;
    weights[tissue] = weights[tissue]! - part;
    moved += part;
  }
  weights[to] = weights[to]! + moved;
  return moved;
}
