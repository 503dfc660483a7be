import { fadedColours, fadeLevels, paintPhase, phaseEntry } from '../../imaging/index.ts';
import type { PhaseMap } from '../../imaging/index.ts';

/**
 * Paints a patch, magnitude left and phase right, into an image of twice its width.
 * @param planes `[2, size, size]`: real parts, then imaginary parts
 */
export function paintPatch(planes: Float32Array, size: number, map: PhaseMap, fade: number): ImageData {
  const pixels = size * size;
  const magnitude = new Float32Array(pixels);
  const entries = new Int16Array(pixels);
  let largest = 0;
  for (let i = 0; i < pixels; i++) {
    const [re, im] = [planes[i]!, planes[pixels + i]!];
    magnitude[i] = Math.hypot(re, im);
    entries[i] = phaseEntry(Math.atan2(im, re));
    if (magnitude[i]! > largest) largest = magnitude[i]!;
  }
  const phase = new Uint32Array(pixels);
  paintPhase(phase, entries, fadeLevels(magnitude, fade * largest), fadedColours(map, 0));
  const image = new ImageData(2 * size, size);
  const out = new Uint32Array(image.data.buffer);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const i = row * size + column;
      const grey = largest > 0 ? Math.round((255 * magnitude[i]!) / largest) : 0;
      out[2 * row * size + column] = ((255 << 24) | (grey << 16) | (grey << 8) | grey) >>> 0;
    }
    out.set(phase.subarray(row * size, (row + 1) * size), 2 * row * size + size);
  }
  return image;
}
