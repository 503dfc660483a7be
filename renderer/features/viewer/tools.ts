import type { Point, View } from '../../imaging/index.ts';

export const TOOLS = ['window', 'pan', 'zoom', 'box', 'roi', 'profile', 'ruler'] as const;
export type Tool = (typeof TOOLS)[number];

/** What was measured on a slice: from one corner or end to the other, in image coordinates. */
export interface Measurement {
  id: number;
  kind: 'roi' | 'profile' | 'ruler';
  volume: string;
  slice: number;
  from: Point;
  to: Point;
}

const ZOOM = { least: 0.2, most: 40 };

/** Zooms about a place that stays where it is. @param at from the pane's middle, CSS pixels */
export function zoomedAbout(view: View, factor: number, at: Point, fitted: { width: number; height: number }): View {
  const zoom = Math.min(Math.max(view.zoom * factor, ZOOM.least), ZOOM.most);
  const grown = zoom / view.zoom;
  const along = (pan: number, place: number, size: number): number => {
    const from = pan * size * view.zoom;
    return (place - (place - from) * grown) / (size * zoom);
  };
  return {
    ...view,
    zoom,
    pan: { x: along(view.pan.x, at.x, fitted.width), y: along(view.pan.y, at.y, fitted.height) },
  };
}

/** Moves the image with the pointer. @param by CSS pixels */
export function panned(view: View, by: Point, fitted: { width: number; height: number }): View {
  return {
    ...view,
    pan: {
      x: view.pan.x + by.x / (fitted.width * view.zoom),
      y: view.pan.y + by.y / (fitted.height * view.zoom),
    },
  };
}

/** The upright rectangle between two corners. */
export function rectangleBetween(a: Point, b: Point): { top: number; left: number; height: number; width: number } {
  return {
    top: Math.min(a.y, b.y),
    left: Math.min(a.x, b.x),
    height: Math.abs(a.y - b.y),
    width: Math.abs(a.x - b.x),
  };
}

/** How many slices a wheel has turned: one a notch for mice, and no more than three at once for touch pads. */
export function wheelSteps(event: { deltaY: number; deltaMode: number }): number {
  const pixels = event.deltaMode === 0 ? event.deltaY : event.deltaY * (event.deltaMode === 1 ? 40 : 400);
  if (pixels === 0) return 0;
  return Math.sign(pixels) * Math.min(3, Math.max(1, Math.round(Math.abs(pixels) / 100)));
}
