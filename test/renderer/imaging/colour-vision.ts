import { fromLinear, toLinear } from '../../../renderer/imaging/colour/spaces.ts';
import type { Triple } from '../../../renderer/imaging/colour/spaces.ts';

/** Dichromatic vision in linear sRGB (Machado, Oliveira & Fernandes 2009, severity 1). */
export const DICHROMATS: Record<string, readonly [Triple, Triple, Triple]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

export function seenBy(matrix: readonly [Triple, Triple, Triple], colour: Triple): Triple {
  const light = colour.map(toLinear);
  const channel = (row: Triple): number =>
    fromLinear(Math.min(Math.max(row[0] * light[0]! + row[1] * light[1]! + row[2] * light[2]!, 0), 1));
  return [channel(matrix[0]), channel(matrix[1]), channel(matrix[2])];
}
