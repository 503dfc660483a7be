import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { ERROR_MAP, GREY_MAP, PHASE_MAP, phaseIndex } from './colormaps.ts';
import type { Colormap } from './colormaps.ts';
import { pngDataUri } from './png.ts';

/** The cyclic map bent to a ring, angles as in the complex plane: 0 at the right, π/2 above. */
export function phaseWheel(): Markup {
  const side = 144;
  const data = new Uint8Array(4 * side * side);
  const centre = (side - 1) / 2;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const radius = Math.hypot(row - centre, column - centre) / centre;
      const i = 4 * (row * side + column);
      const index = phaseIndex(Math.atan2(centre - row, column - centre));
      data.set(PHASE_MAP.subarray(3 * index, 3 * index + 3), i);
      data[i + 3] = 255 * edge(1 - radius, centre) * edge(radius - 0.58, centre);
    }
  }
  const image = pngDataUri({ width: side, height: side, channels: 4, data });
  return markup`<svg class="wheel" role="img" aria-label="Colour wheel of the phase: light at 0, orange at plus half pi, dark at pi, blue at minus half pi" width="136" height="104" viewBox="0 0 136 104"><image href="${image}" x="32" y="16" width="72" height="72"/><text x="110" y="56">0</text><text x="68" y="11" text-anchor="middle">π/2</text><text x="26" y="56" text-anchor="end">±π</text><text x="68" y="102" text-anchor="middle">−π/2</text></svg>`;
}

/** Opacity across an edge, a pixel wide. */
function edge(distance: number, scale: number): number {
  return Math.max(0, Math.min(1, distance * scale + 0.5));
}

/** A horizontal bar of a colour map with the values of its ends. */
export function colourBar(kind: 'grey' | 'error', low: string, high: string, title: string): Markup {
  const map: Colormap = kind === 'grey' ? GREY_MAP : ERROR_MAP;
  const image = pngDataUri({ width: 256, height: 1, channels: 3, data: map });
  return markup`<div class="bar"><span class="bar-title">${title}</span><span class="bar-scale"><span>${low}</span><img src="${image}" alt="Colour bar from ${low} to ${high}" width="128" height="12"><span>${high}</span></span></div>`;
}
