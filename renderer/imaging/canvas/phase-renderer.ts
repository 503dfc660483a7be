import type { CornerstoneImage, EnabledElement } from 'cornerstone-core';
import { fadeLevels } from '../fade.ts';
import { fadedColours, paintPhase } from '../paint-phase.ts';
import type { DisplayCopy } from '../display-copy.ts';
import type { PhaseMap } from '../colour/phase-map.ts';
import { drawImage } from './pixel-canvas.ts';

/** How phase is shown. */
export interface PhaseDisplay {
  map: PhaseMap;
  /** Added to every phase, radians. */
  offset: number;
  /** Below this magnitude phase fades out; 0 shows all. */
  threshold: number;
}

/** An image of phase. cornerstone's renderers know one number a pixel; this one needs phase and magnitude. */
export interface PhaseImage extends CornerstoneImage {
  /** The magnitude that says where phase fades out. */
  signal: DisplayCopy;
}

const displays = new WeakMap<HTMLElement, PhaseDisplay>();

/** Says how phase is to be shown in a pane. */
export function setPhaseDisplay(element: HTMLElement, display: PhaseDisplay): void {
  displays.set(element, display);
}

/** The `render` of a phase image: colours of the map, faded to black where magnitude is noise. */
export function renderPhase(target: EnabledElement): void {
  const image = target.image as PhaseImage;
  const display = displays.get(target.element);
  if (display === undefined) return;
  const { map, offset, threshold } = display;
  drawImage(target, [image.imageId, map.name, offset, threshold].join(' '), (colours) =>
    paintPhase(
      colours,
      image.getPixelData(),
      fadeLevels(image.signal.stored, threshold / image.signal.scale),
      fadedColours(map, offset),
    ),
  );
}
