/** What stands at the edges of an image: R, L, A, P, H (head), F (feet). */
export interface Edges {
  left: string;
  right: string;
  top: string;
  bottom: string;
}

/** How the image is turned on the screen. */
export interface Turn {
  /** Mirrored left to right / top to bottom, before it is rotated. */
  flippedHorizontally: boolean;
  flippedVertically: boolean;
  /** Clockwise. */
  rotation: 0 | 90 | 180 | 270;
}

export const UPRIGHT: Turn = { flippedHorizontally: false, flippedVertically: false, rotation: 0 };

/** The letters at the edges of the image as it is displayed. */
export function displayedEdges(edges: Edges, { flippedHorizontally, flippedVertically, rotation }: Turn): Edges {
  let { left, right, top, bottom } = edges;
  if (flippedHorizontally) [left, right] = [right, left];
  if (flippedVertically) [top, bottom] = [bottom, top];
  for (let turned = 0; turned < rotation; turned += 90) {
    [left, top, right, bottom] = [bottom, left, top, right];
  }
  return { left, right, top, bottom };
}

/** Radiological convention: the patient's right is on the left of the screen, the front (or the head) above. */
export function isRadiological({ left, right }: Edges): boolean | null {
  if (left === 'R' && right === 'L') return true;
  return left === 'L' && right === 'R' ? false : null;
}

/**
 * The turn that brings an axial, sagittal or coronal slice into the position in which it is read: axial and coronal with the
 * patient's right on the left, the front or the head above; sagittal with the front on the left and the head above.
 */
export function readingTurn(edges: Edges): Turn {
  const wanted = (['A', 'H'] as const).filter((letter) => Object.values(edges).includes(letter));
  const above = wanted.at(-1) ?? 'A';
  const leftwards = Object.values(edges).includes('R') ? 'R' : 'A';
  for (const rotation of [0, 90, 180, 270] as const) {
    for (const flippedHorizontally of [false, true]) {
      const turn: Turn = { flippedHorizontally, flippedVertically: false, rotation };
      const seen = displayedEdges(edges, turn);
      if (seen.top === above && seen.left === leftwards) return turn;
    }
  }
  return UPRIGHT;
}
