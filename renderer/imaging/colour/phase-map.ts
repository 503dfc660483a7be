import { colourDifference } from './difference.ts';
import { oklabToSrgb, srgbToLab } from './spaces.ts';
import type { Triple } from './spaces.ts';

/** Steps of a phase map around the circle. */
export const PHASE_STEPS = 1024;

/** Colours around the circle of phase, `PHASE_STEPS` × (red, green, blue) as bytes; entry 0 is −π, the middle 0. */
export interface PhaseMap {
  name: 'colour' | 'grey';
  colours: Uint8ClampedArray;
}

/**
 * Our cyclic colours: an ellipse in OKLab whose long axis is lightness, so that nobody needs to see colours to read it. Phase 0 is light,
 * ±π dark, +π/2 orange, −π/2 blue; light leans to green and dark to purple. Of the ellipses within the gamut of a display
 * whose two halves are equally long, this one holds apart best any two phases 45° or more from each other, for normal
 * and for dichromatic readers.
 */
const ELLIPSE = {
  lightness: 0.64,
  lightnessAxis: 0.3,
  chromaAxis: 0.13,
  /** Moves the centre towards orange: blue steps look larger, and both halves are to be equal. */
  chromaCentre: 0.02,
  tiltAxis: 0.06,
  hue: (55 * Math.PI) / 180,
};

/** A point of the ellipse: `angle` goes round once, 0 at the light end, and is not yet even in perception. */
function onEllipse(angle: number): Triple {
  const { lightness, lightnessAxis, chromaAxis, chromaCentre, tiltAxis, hue } = ELLIPSE;
  const along = chromaCentre + chromaAxis * Math.sin(angle);
  const across = tiltAxis * Math.cos(angle);
  return [
    lightness + lightnessAxis * Math.cos(angle),
    along * Math.cos(hue) - across * Math.sin(hue),
    along * Math.sin(hue) + across * Math.cos(hue),
  ];
}

/** The colours, equal steps of phase being equal steps of CIEDE2000. */
export function phaseColours(): PhaseMap {
  const fine = 8 * PHASE_STEPS;
  const walk = Array.from({ length: fine }, (_, i) => oklabToSrgb(onEllipse(-Math.PI + (2 * Math.PI * i) / fine)));
  const lab = walk.map(srgbToLab);
  const length = new Float64Array(fine + 1);
  for (let i = 0; i < fine; i++) length[i + 1] = length[i]! + colourDifference(lab[i]!, lab[(i + 1) % fine]!);
  const colours = new Uint8ClampedArray(3 * PHASE_STEPS);
  let at = 0;
  for (let k = 0; k < PHASE_STEPS; k++) {
    while (length[at + 1]! < (k * length[fine]!) / PHASE_STEPS) at++;
    const [red, green, blue] = walk[at]!;
    colours.set([255 * red, 255 * green, 255 * blue], 3 * k);
  }
  return { name: 'colour', colours };
}

/** Phase as grey, for those who want it: from black at −π to white at +π, with the jump that this brings. */
export function phaseGreys(): PhaseMap {
  const colours = new Uint8ClampedArray(3 * PHASE_STEPS);
  for (let k = 0; k < PHASE_STEPS; k++) colours.fill((255 * k) / (PHASE_STEPS - 1), 3 * k, 3 * k + 3);
  return { name: 'grey', colours };
}

const made = new Map<PhaseMap['name'], PhaseMap>();

/** The map of a name, made once. */
export function phaseMap(name: PhaseMap['name']): PhaseMap {
  const known = made.get(name) ?? (name === 'colour' ? phaseColours() : phaseGreys());
  made.set(name, known);
  return known;
}

/** Entry of a map for a phase in radians, whatever turns it has made. */
export function phaseEntry(phase: number): number {
  const turns = phase / (2 * Math.PI) + 0.5;
  return Math.floor((turns - Math.floor(turns)) * PHASE_STEPS) % PHASE_STEPS;
}

/** A phase as a CSS colour, for legends and charts. */
export function phaseCss(map: PhaseMap, phase: number): string {
  const k = 3 * phaseEntry(phase);
  return `rgb(${map.colours[k]} ${map.colours[k + 1]} ${map.colours[k + 2]})`;
}

/**
 * Entries of every sample's phase. Scrolling makes them by the million, so the arc tangent is a polynomial (odd, of degree 11 on −1 … 1,
 * minimax), off by less than 2·10⁻⁵ rad: a three-hundredth of the distance between two entries.
 * @param data interleaved re, im; 0 has phase 0
 */
export function phaseEntries(data: Float32Array): Int16Array {
  const out = new Int16Array(data.length / 2);
  const scale = PHASE_STEPS / (2 * Math.PI);
  for (let i = 0; i < out.length; i++) {
    const re = data[2 * i]!;
    const im = data[2 * i + 1]!;
    const x = re < 0 ? -re : re;
    const y = im < 0 ? -im : im;
    const steep = y > x;
    const larger = steep ? y : x;
    const t = larger > 0 ? (steep ? x : y) / larger : 0;
    const s = t * t;
    let angle =
      t * (0.99997726 + s * (-0.33262347 + s * (0.19354346 + s * (-0.11643287 + s * (0.05265332 - s * 0.0117212)))));
    if (steep) angle = Math.PI / 2 - angle;
    if (re < 0) angle = Math.PI - angle;
    if (im < 0) angle = -angle;
    out[i] = (angle * scale + PHASE_STEPS / 2) & (PHASE_STEPS - 1);
  }
  return out;
}
