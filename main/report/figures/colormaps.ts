import { isInGamut, oklabDistance, oklabToSrgb } from './oklab.ts';
import type { Oklab } from './oklab.ts';

/** 256 colours, red, green, blue from 0 to 255, one after the other. */
export type Colormap = Uint8Array;

const SIZE = 256;

/**
 * Phase from −π to π: a closed loop, so that −π and π meet without a seam. Light at 0, dark at ±π, orange at π/2, blue at
 * −π/2: the loop encloses an area in the plane of lightness and blue–yellow, the only two that people without red or
 * green cones see, so that it stays a loop for them. Every colour is one a screen can show; equal steps in OKLab.
 */
export const PHASE_MAP: Colormap = toColormap(
  evenly(
    (t) => {
      const angle = 2 * Math.PI * t - Math.PI;
      return [
        0.58 + 0.28 * Math.cos(angle),
        0.02 - 0.055 * Math.cos(angle) + 0.02 * Math.sin(angle),
        -0.02 + 0.12 * Math.sin(angle),
      ];
    },
    SIZE,
    true,
  ),
);

/** Errors from 0 upwards: black over violet and red to pale yellow, lightness rising evenly; also readable in grey print. */
export const ERROR_MAP: Colormap = toColormap(
  Array.from({ length: SIZE }, (_, i) => {
    const t = i / (SIZE - 1);
    const hue = ((295 + 172 * t) * Math.PI) / 180;
    return withinGamut(0.13 + 0.83 * t, 0.21 * Math.sin(Math.PI * t ** 0.8) ** 0.8, hue);
  }),
);

/** Magnitude: plain grey, as every viewer shows it. */
export const GREY_MAP: Colormap = Uint8Array.from({ length: 3 * SIZE }, (_, i) => Math.floor(i / 3));

/** Index of a phase in radians; whole turns do not matter. */
export function phaseIndex(radians: number): number {
  const turns = radians / (2 * Math.PI) + 0.5;
  return Math.floor((turns - Math.floor(turns)) * SIZE) % SIZE;
}

/** Index of a value in a window; what lies outside takes the end's colour. */
export function windowIndex(value: number, low: number, high: number): number {
  return Math.max(0, Math.min(SIZE - 1, Math.round(((value - low) / (high - low)) * (SIZE - 1))));
}

/** Colours at equal distances (in OKLab) along a curve over t in [0, 1]; a closed one does not repeat its start. */
function evenly(curve: (t: number) => Oklab, count: number, closed: boolean): Oklab[] {
  const fine = 8192;
  const length = new Float64Array(fine + 1);
  for (let i = 1; i <= fine; i++) length[i] = length[i - 1]! + oklabDistance(curve((i - 1) / fine), curve(i / fine));
  let i = 0;
  return Array.from({ length: count }, (_, k) => {
    const wanted = (length[fine]! * k) / (closed ? count : count - 1);
    while (i < fine && length[i + 1]! < wanted) i++;
    const within = (wanted - length[i]!) / ((length[i + 1] ?? Infinity) - length[i]!);
    return curve((i + within) / fine);
  });
}

/** The colour of this lightness and hue with as much of the chroma as a screen can show. */
function withinGamut(lightness: number, chroma: number, hue: number): Oklab {
  const at = (c: number): Oklab => [lightness, c * Math.cos(hue), c * Math.sin(hue)];
  let high = chroma;
  if (isInGamut(at(high))) return at(high);
  let low = 0;
  for (let k = 0; k < 30; k++) {
    const middle = (low + high) / 2;
    if (isInGamut(at(middle))) low = middle;
    else high = middle;
  }
  return at(low);
}

function toColormap(colours: readonly Oklab[]): Colormap {
  return Uint8Array.from(colours.flatMap((colour) => oklabToSrgb(colour).map((value) => Math.round(255 * value))));
}
