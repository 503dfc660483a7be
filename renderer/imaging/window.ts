import { isPhase } from './components.ts';
import type { Component } from './components.ts';

/** Which values are shown, in the image's units: black at centre − width/2, white at centre + width/2. */
export interface GreyWindow {
  centre: number;
  width: number;
}

export interface WindowPreset {
  name: string;
  /** The window, from percentiles of the slice's magnitude. */
  of: (levels: Levels) => GreyWindow;
}

/** Percentiles of the values that are not background. */
export interface Levels {
  low: number;
  median: number;
  high: number;
  largest: number;
}

/** Keys 1 … 6. */
export const WINDOW_PRESETS: readonly WindowPreset[] = [
  { name: 'Brain', of: ({ high }) => between(0, high) },
  { name: 'Full range', of: ({ largest }) => between(0, largest) },
  { name: 'Low signal', of: ({ high }) => between(0, high / 3) },
  { name: 'High signal', of: ({ median, largest }) => between(median, largest) },
  { name: 'Narrow', of: ({ low, high }) => between(low, high) },
  { name: 'Noise', of: ({ high }) => between(0, high / 12) },
];

export function between(black: number, white: number): GreyWindow {
  return { centre: (black + white) / 2, width: Math.max(white - black, Number.EPSILON) };
}

/** 0 (black) … 1 (white). */
export function windowed(value: number, { centre, width }: GreyWindow): number {
  return Math.min(Math.max((value - centre) / width + 0.5, 0), 1);
}

/**
 * A window after the pointer was dragged: sideways its width, upwards its centre lower (brighter), as radiologists are used to.
 * The whole width of a pane is the whole range of the image.
 * @param by pixels, rightwards and downwards
 * @param pane side of the pane in pixels
 */
export function draggedWindow(from: GreyWindow, by: { x: number; y: number }, pane: number, range: number): GreyWindow {
  const step = (1.5 * range) / Math.max(pane, 1);
  return {
    centre: from.centre + by.y * step,
    width: Math.max(from.width + by.x * step, range / 4096),
  };
}

/** Levels of an image's magnitude. Background is what is below a twentieth of its 99.5th percentile. */
export function levelsOf(values: Float32Array): Levels {
  const sample = everyNth(values, 6_000);
  const top = quantile(sample, 0.995);
  const signal = sample.filter((value) => value > top / 20);
  const of = signal.length > 0 ? signal : sample;
  return {
    low: quantile(of, 0.05),
    median: quantile(of, 0.5),
    high: top,
    largest: sample.at(-1) ?? 1,
  };
}

/**
 * The window that a component opens with: magnitude as "Brain", re and im symmetrically about zero.
 * @param levels asked for only where the window depends on them
 */
export function openingWindow(component: Component, levels: () => Levels): GreyWindow {
  if (isPhase(component)) return { centre: 0, width: 2 * Math.PI };
  // Decibels below the largest sample: noise begins at about −80.
  if (component === 'kspace') return between(-80, 0);
  // Sensitivities of all coils together have unit length.
  if (component === 'sensitivity-magnitude') return between(0, 1);
  if (component === 'magnitude' || component === 'coil-magnitude') return WINDOW_PRESETS[0]!.of(levels());
  const { high } = levels();
  return between(-high, high);
}

/** Finite absolute values in growing order; at most `most`, the very largest among them. */
function everyNth(values: Float32Array, most: number): Float32Array {
  const step = Math.max(1, Math.floor(values.length / most));
  let largest = 0;
  const picked: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = Math.abs(values[i]!);
    if (!(value < Infinity)) continue;
    if (value > largest) largest = value;
    if (i % step === 0) picked.push(value);
  }
  picked.push(largest);
  return Float32Array.from(picked).sort();
}

function quantile(sorted: Float32Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
