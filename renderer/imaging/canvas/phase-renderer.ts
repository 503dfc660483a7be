import type { CornerstoneImage, EnabledElement } from 'cornerstone-core';
import { FADE_STEPS, fadeLevels } from '../fade.ts';
import { PHASE_STEPS } from '../colour/phase-map.ts';
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

/** The colour of every pixel, as 0xAABBGGRR. */
export function paintPhase(out: Uint32Array, entries: Int16Array, levels: Uint8Array, colours: Uint32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = colours[levels[i]! * PHASE_STEPS + entries[i]!]!;
}

let latest: { map: PhaseMap; offset: number; colours: Uint32Array } | undefined;

/** The map for every step of fading, turned by the offset: `[FADE_STEPS, PHASE_STEPS]` as 0xAABBGGRR. */
export function fadedColours(map: PhaseMap, offset: number): Uint32Array {
  // Panes and walls of patches ask for the same again and again.
  if (latest?.map === map && latest.offset === offset) return latest.colours;
  const { colours } = map;
  const turn = Math.round((offset / (2 * Math.PI)) * PHASE_STEPS);
  const out = new Uint32Array(FADE_STEPS * PHASE_STEPS);
  for (let level = 0; level < FADE_STEPS; level++) {
    const share = level / (FADE_STEPS - 1);
    for (let k = 0; k < PHASE_STEPS; k++) {
      const from = 3 * ((((k + turn) % PHASE_STEPS) + PHASE_STEPS) % PHASE_STEPS);
      const channel = (c: number): number => Math.round(colours[from + c]! * share);
      out[level * PHASE_STEPS + k] = ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
    }
  }
  latest = { map, offset, colours: out };
  return out;
}
