/** OKLab (Ottosson 2020): L from 0 (black) to 1 (white), a green–red, b blue–yellow. Distances are about as seen. */
export type Oklab = readonly [L: number, a: number, b: number];
/** sRGB components from 0 to 1, gamma-encoded as on a screen. */
export type Srgb = readonly [red: number, green: number, blue: number];

export function oklabToSrgb([L, a, b]: Oklab): Srgb {
  const [red, green, blue] = oklabToLinear([L, a, b]);
  return [encode(red), encode(green), encode(blue)];
}

export function srgbToOklab([red, green, blue]: Srgb): Oklab {
  const [r, g, b] = [decode(red), decode(green), decode(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Whether a screen can show this colour. */
export function isInGamut(colour: Oklab): boolean {
  return oklabToLinear(colour).every((value) => value >= -1e-6 && value <= 1 + 1e-6);
}

export function oklabDistance(p: Oklab, q: Oklab): number {
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function oklabToLinear([L, a, b]: Oklab): Srgb {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

export function encode(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}

export function decode(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
