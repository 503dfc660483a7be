import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_MAP, GREY_MAP, PHASE_MAP, phaseIndex, windowIndex } from '../../main/report/figures/colormaps.ts';
import type { Colormap } from '../../main/report/figures/colormaps.ts';
import { decode, encode, isInGamut, oklabDistance, oklabToSrgb, srgbToOklab } from '../../main/report/figures/oklab.ts';
import type { Oklab, Srgb } from '../../main/report/figures/oklab.ts';

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const DICHROMACY = {
  'without red cones': [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  'without green cones': [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
};

function srgbAt(map: Colormap, i: number): Srgb {
  return [map[3 * i]! / 255, map[3 * i + 1]! / 255, map[3 * i + 2]! / 255];
}

function seenWith(matrix: readonly number[], colour: Srgb): Oklab {
  const linear = colour.map(decode);
  const row = (k: number): number =>
    encode(matrix[k]! * linear[0]! + matrix[k + 1]! * linear[1]! + matrix[k + 2]! * linear[2]!);
  return srgbToOklab([row(0), row(3), row(6)]);
}

describe('OKLab', () => {
  it('has the published values of white and red, and comes back', () => {
    expect(srgbToOklab([1, 1, 1])[0]).toBeCloseTo(1, 4);
    const [L, a, b] = srgbToOklab([1, 0, 0]);
    expect([L, a, b].map((v) => Math.round(v * 1000) / 1000)).toEqual([0.628, 0.225, 0.126]);
    const component = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(component, component, component, (r, g, bl) => {
        const back = oklabToSrgb(srgbToOklab([r, g, bl]));
        [r, g, bl].forEach((v, i) => expect(back[i]).toBeCloseTo(v, 4));
      }),
    );
    expect(isInGamut([0.9, 0.3, 0])).toBe(false);
  });
});

describe('the phase map', () => {
  const lab = Array.from({ length: 256 }, (_, i) => srgbToOklab(srgbAt(PHASE_MAP, i)));

  it('takes even steps all around, the seam at ±π included', () => {
    // Over eight colours, because rounding to 8 bits is as large as one step.
    const steps = lab.map((colour, i) => oklabDistance(colour, lab[(i + 8) % 256]!));
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.15);
  });

  it.each(Object.entries(DICHROMACY))('keeps phases apart that differ by 45° or more, also %s', (_name, matrix) => {
    const seen = Array.from({ length: 256 }, (_, i) => seenWith(matrix, srgbAt(PHASE_MAP, i)));
    let nearest = Infinity;
    for (let i = 0; i < 256; i++) {
      for (let gap = 32; gap <= 128; gap++)
        nearest = Math.min(nearest, oklabDistance(seen[i]!, seen[(i + gap) % 256]!));
    }
    // A just noticeable difference is about 0.02.
    expect(nearest).toBeGreaterThan(0.1);
  });

  it('is lightest at 0 and darkest at ±π', () => {
    const lightness = lab.map(([L]) => L);
    expect(Math.abs(lightness.indexOf(Math.max(...lightness)) - phaseIndex(0))).toBeLessThanOrEqual(3);
    const darkest = lightness.indexOf(Math.min(...lightness));
    expect(Math.min(darkest, 256 - darkest)).toBeLessThanOrEqual(3);
  });

  it('does not mind whole turns, and stays inside its table', () => {
    fc.assert(
      fc.property(fc.double({ min: -3.1, max: 3.1, noNaN: true }), fc.integer({ min: -3, max: 3 }), (angle, turns) => {
        const there = phaseIndex(angle + 2 * Math.PI * turns);
        const apart = Math.abs(there - phaseIndex(angle));
        expect(Math.min(apart, 256 - apart)).toBeLessThanOrEqual(1);
      }),
    );
    for (const angle of [-Math.PI, Math.PI, -1e-17, 0]) {
      expect(phaseIndex(angle)).toBeGreaterThanOrEqual(0);
      expect(phaseIndex(angle)).toBeLessThan(256);
    }
  });
});

describe('the error map', () => {
  it('grows lighter in even steps from nearly black to nearly white', () => {
    const lightness = Array.from({ length: 256 }, (_, i) => srgbToOklab(srgbAt(ERROR_MAP, i))[0]);
    const steps = lightness.slice(16).map((L, i) => L - lightness[i]!);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.25);
    expect(lightness[0]).toBeLessThan(0.15);
    expect(lightness[255]).toBeGreaterThan(0.94);
  });
});

describe('windows', () => {
  it('put their ends on the first and last colour and hold what lies outside', () => {
    expect([-1, 0, 0.5, 1, 9].map((v) => windowIndex(v, 0, 1))).toEqual([0, 0, 128, 255, 255]);
    expect(GREY_MAP[3 * 128]).toBe(128);
  });
});
