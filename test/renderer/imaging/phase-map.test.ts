import { describe, expect, it } from 'vitest';
import { colourDifference } from '../../../renderer/imaging/colour/difference.ts';
import {
  PHASE_STEPS,
  phaseColours,
  phaseCss,
  phaseEntries,
  phaseEntry,
  phaseGreys,
} from '../../../renderer/imaging/colour/phase-map.ts';
import { srgbToLab } from '../../../renderer/imaging/colour/spaces.ts';
import type { Triple } from '../../../renderer/imaging/colour/spaces.ts';
import { DICHROMATS, seenBy } from './colour-vision.ts';

const map = phaseColours();
const colour = (k: number): Triple => {
  const i = 3 * (((k % PHASE_STEPS) + PHASE_STEPS) % PHASE_STEPS);
  return [map.colours[i]! / 255, map.colours[i + 1]! / 255, map.colours[i + 2]! / 255];
};

describe('the colour difference', () => {
  it.each<[Triple, Triple, number]>([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 3.1571, -77.2803], [50, 0, -82.7485], 2.8615],
    [[50, 2.8361, -74.02], [50, 0, -82.7485], 3.4412],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
    [[50, -0.001, 2.49], [50, 0.0009, -2.49], 4.8045],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ])('of %j and %j is that of the published test data', (a, b, expected) => {
    expect(colourDifference(a, b)).toBeCloseTo(expected, 4);
    expect(colourDifference(b, a)).toBeCloseTo(expected, 4);
  });

  it('starts from CIELAB as others compute it', () => {
    const [l, a, b] = srgbToLab([1, 0, 0]);
    expect([l, a, b].map((x) => Math.round(x * 10) / 10)).toEqual([53.2, 80.1, 67.2]);
    expect(srgbToLab([1, 1, 1])[0]).toBeCloseTo(100, 3);
  });
});

describe('the cyclic phase map', () => {
  it('has even steps: equal phase differences look equal all the way round', () => {
    // Bytes round colours, so steps of 1/64 turn are compared.
    const stride = PHASE_STEPS / 64;
    const steps = Array.from({ length: 64 }, (_, i) =>
      colourDifference(srgbToLab(colour(i * stride)), srgbToLab(colour((i + 1) * stride))),
    );
    const mean = steps.reduce((a, b) => a + b) / steps.length;
    expect(mean).toBeGreaterThan(2); // well above what an eye just sees
    for (const step of steps) expect(Math.abs(step - mean) / mean).toBeLessThan(0.15);
  });

  it('meets itself at ±π: the step over the ends is no larger than others', () => {
    const over = colourDifference(srgbToLab(colour(PHASE_STEPS - 1)), srgbToLab(colour(0)));
    const steps = Array.from({ length: PHASE_STEPS - 1 }, (_, k) =>
      colourDifference(srgbToLab(colour(k)), srgbToLab(colour(k + 1))),
    );
    expect(over).toBeLessThanOrEqual(Math.max(...steps));
  });

  it('rises in lightness from −π to 0 and falls from 0 to π, so that its order is seen without colours', () => {
    const lightness = Array.from({ length: 65 }, (_, i) => srgbToLab(colour((i * PHASE_STEPS) / 64))[0]);
    for (let i = 0; i < 64; i++) {
      if (i < 32) expect(lightness[i + 1]!).toBeGreaterThan(lightness[i]!);
      else expect(lightness[i + 1]!).toBeLessThan(lightness[i]!);
    }
    expect(lightness[32]! - lightness[0]!).toBeGreaterThan(55);
  });

  const closest = (sees: (colour: Triple) => Triple): number => {
    const seen = Array.from({ length: 32 }, (_, i) => srgbToLab(sees(colour((i * PHASE_STEPS) / 32))));
    let least = Infinity;
    for (let i = 0; i < 32; i++) {
      for (let apart = 4; apart <= 16; apart++) {
        least = Math.min(least, colourDifference(seen[i]!, seen[(i + apart) % 32]!));
      }
    }
    return least;
  };

  it('holds apart any two phases 45° or more from each other', () => {
    expect(closest((c) => c)).toBeGreaterThan(20);
  });

  it.each(Object.keys(DICHROMATS))('holds them apart in %s too', (name) => {
    expect(closest((c) => seenBy(DICHROMATS[name]!, c))).toBeGreaterThan(12);
  });

  it('is dark enough nowhere to be taken for what was faded out', () => {
    for (let k = 0; k < PHASE_STEPS; k += 8) expect(srgbToLab(colour(k))[0]).toBeGreaterThan(20);
  });
});

describe('entries of a map', () => {
  it('go from −π over 0 in the middle to π, and wrap', () => {
    expect(phaseEntry(-Math.PI)).toBe(0);
    expect(phaseEntry(0)).toBe(PHASE_STEPS / 2);
    expect(phaseEntry(Math.PI / 2)).toBe((3 * PHASE_STEPS) / 4);
    expect(phaseEntry(Math.PI / 2 + 6 * Math.PI)).toBe((3 * PHASE_STEPS) / 4);
    expect(phaseEntry(Math.PI)).toBe(0);
  });

  it('are made by the million as one by one, but for phases on the line between two', () => {
    const phases = Array.from({ length: 5000 }, (_, i) => -3.3 + (6.6 * i) / 5000);
    const entries = phaseEntries(Float32Array.from(phases.flatMap((p) => [2 * Math.cos(p), 2 * Math.sin(p)])));
    let apart = 0;
    phases.forEach((phase, i) => {
      const between = Math.abs(entries[i]! - phaseEntry(phase));
      expect(Math.min(between, PHASE_STEPS - between)).toBeLessThanOrEqual(1);
      if (between > 0) apart++;
    });
    expect(apart / phases.length).toBeLessThan(0.01);
    expect(Array.from(phaseEntries(Float32Array.of(0, 0, -1, 0, 0, -3)))).toEqual([512, 0, 256]);
  });

  it('are lightest at 0 and dark at ±π', () => {
    expect(phaseCss(map, 0)).not.toBe(phaseCss(map, Math.PI));
    const grey = phaseGreys();
    expect([grey.colours[0], grey.colours.at(-1)]).toEqual([0, 255]);
  });
});
