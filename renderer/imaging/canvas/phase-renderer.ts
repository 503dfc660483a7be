import cornerstone from 'cornerstone-core';
import type { CornerstoneImage, EnabledElement } from 'cornerstone-core';
import { FADE_STEPS, fadeLevels } from '../fade.ts';
import { PHASE_STEPS } from '../colour/phase-map.ts';
import type { PhaseMap } from '../colour/phase-map.ts';

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
  magnitude: Float32Array;
}

interface Drawn {
  canvas: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  pixels: ImageData;
  of: string;
}

const drawings = new WeakMap<HTMLElement, Drawn>();
const displays = new WeakMap<HTMLElement, PhaseDisplay>();

/** Says how phase is to be shown in a pane. */
export function setPhaseDisplay(element: HTMLElement, display: PhaseDisplay): void {
  displays.set(element, display);
}

/** The `render` of a phase image: colours of the map, faded to black where magnitude is noise. */
export function renderPhase(target: EnabledElement): void {
  const { canvas, element, viewport } = target;
  const image = target.image as PhaseImage;
  const context = canvas.getContext('2d', { desynchronized: true })!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = 'black';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const display = displays.get(element);
  if (display === undefined || viewport === undefined) return;
  const drawn = drawnPixels(element, image, display);
  context.imageSmoothingEnabled = !viewport.pixelReplication;
  cornerstone.setToPixelCoordinateSystem(target, context);
  context.drawImage(drawn, 0, 0);
}

function drawnPixels(element: HTMLElement, image: PhaseImage, display: PhaseDisplay): HTMLCanvasElement {
  const of = [image.imageId, display.map.name, display.offset, display.threshold].join(' ');
  let drawn = drawings.get(element);
  if (drawn?.of === of) return drawn.canvas;
  if (drawn === undefined || drawn.canvas.width !== image.columns || drawn.canvas.height !== image.rows) {
    drawn = blank(image.columns, image.rows);
    drawings.set(element, drawn);
  }
  paintPhase(
    new Uint32Array(drawn.pixels.data.buffer),
    image.getPixelData(),
    fadeLevels(image.magnitude, display.threshold),
    fadedColours(display.map, display.offset),
  );
  drawn.context.putImageData(drawn.pixels, 0, 0);
  drawn.of = of;
  return drawn.canvas;
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

function blank(width: number, height: number): Drawn {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  return { canvas, context, pixels: context.createImageData(width, height), of: '' };
}
