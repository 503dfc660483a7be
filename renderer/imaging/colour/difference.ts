import type { Triple } from './spaces.ts';

const SEVENTH_OF_25 = 25 ** 7;
const degrees = Math.PI / 180;

/**
 * Colour difference ΔE₀₀ of two CIELAB colours (CIEDE2000; Sharma, Wu & Dalal 2005, whose equation numbers these are). One is about what an
 * eye just sees.
 */
export function colourDifference([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const meanChroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(meanChroma ** 7 / (meanChroma ** 7 + SEVENTH_OF_25))); // Eq. 4
  const chroma1 = Math.hypot(a1 * (1 + g), b1);
  const chroma2 = Math.hypot(a2 * (1 + g), b2);
  const hue1 = hueAngle(a1 * (1 + g), b1); // Eq. 7
  const hue2 = hueAngle(a2 * (1 + g), b2);
  const grey = chroma1 * chroma2 === 0;

  let turn = grey ? 0 : hue2 - hue1; // Eq. 10
  if (turn > 180) turn -= 360;
  else if (turn < -180) turn += 360;
  const lightness = l2 - l1;
  const chroma = chroma2 - chroma1;
  const hue = 2 * Math.sqrt(chroma1 * chroma2) * Math.sin((turn / 2) * degrees); // Eq. 11

  const l = (l1 + l2) / 2;
  const c = (chroma1 + chroma2) / 2;
  const h = meanHue(hue1, hue2, grey); // Eq. 14
  const t = // Eq. 15
    1 -
    0.17 * Math.cos((h - 30) * degrees) +
    0.24 * Math.cos(2 * h * degrees) +
    0.32 * Math.cos((3 * h + 6) * degrees) -
    0.2 * Math.cos((4 * h - 63) * degrees);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const sc = 1 + 0.045 * c;
  const sh = 1 + 0.015 * c * t;
  const rotation = // Eq. 16, 17, 21
    -2 * Math.sqrt(c ** 7 / (c ** 7 + SEVENTH_OF_25)) * Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * degrees);
  const squares = (lightness / sl) ** 2 + (chroma / sc) ** 2 + (hue / sh) ** 2 + rotation * (chroma / sc) * (hue / sh);
  return Math.sqrt(Math.max(squares, 0)); // Eq. 22
}

function hueAngle(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const angle = Math.atan2(b, a) / degrees;
  return angle < 0 ? angle + 360 : angle;
}

function meanHue(hue1: number, hue2: number, grey: boolean): number {
  if (grey) return hue1 + hue2;
  if (Math.abs(hue1 - hue2) <= 180) return (hue1 + hue2) / 2;
  return hue1 + hue2 < 360 ? (hue1 + hue2 + 360) / 2 : (hue1 + hue2 - 360) / 2;
}
