import { isCoilComponent, loadCoil, loadSlice, loadSpectrum, sampleAt, sliceAtHand } from '../../imaging/index.ts';
import type { Component, Point, Sample } from '../../imaging/index.ts';
import type { ViewedVolume } from './volume-facts.ts';

/** What the pointer reads off a pane. */
export interface Reading {
  /** null outside of the image. */
  sample: Sample | null;
  /** k-space: below its largest sample. */
  decibels?: number;
}

/**
 * Reads what a pane shows at a place: the image, one coil of it, or its k-space.
 * @returns null where it did not arrive
 */
export async function readingAt(
  shown: { volume: ViewedVolume; slice: number; component: Component; coil: number },
  point: Point,
): Promise<Reading | null> {
  const { slice, component, coil } = shown;
  const { id: volume, coilSlices } = shown.volume;
  try {
    if (isCoilComponent(component)) {
      if (!coilSlices.includes(slice)) return { sample: null };
      return { sample: sampleAt(await loadCoil(volume, slice, coil, component), point) };
    }
    const data = sliceAtHand(volume, slice) ?? (await loadSlice(volume, slice));
    const sample = sampleAt(data, point);
    if (component !== 'kspace' || sample === null) return { sample };
    const spectrum = await loadSpectrum(volume, slice);
    return { sample, decibels: spectrum[sample.row * data.columns + sample.column]! };
  } catch {
    return null;
  }
}
