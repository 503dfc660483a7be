import { expect, it } from 'vitest';
import { phaseEntry, phaseMap } from '../../../renderer/imaging/colour/phase-map.ts';
import { smallPhase } from '../../../renderer/imaging/small-phase.ts';

const colourOf = (phase: number): number => {
  const { colours } = phaseMap('colour');
  const [red, green, blue] = colours.subarray(3 * phaseEntry(phase));
  return ((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;
};

it('small pictures of phase have the colors of the map, black where magnitude is below half of the share', () => {
  const bytes = Uint8Array.of(0, 64, 128, 191, 255, 128);
  const picture = smallPhase(bytes, Uint8Array.of(255, 255, 255, 255, 255, 2), phaseMap('colour'), 0.05);
  bytes.subarray(0, 5).forEach((byte, i) => {
    const phase = (byte / 255) * 2 * Math.PI - Math.PI;
    // Rounded, an entry is the nearest one; of a phase it is the one below.
    const near = [-1, 0, 1].map((step) => colourOf(phase + (step * 2 * Math.PI) / 1024));
    expect(near).toContain(picture[i]);
  });
  // Both ends are one phase.
  expect(picture[0]).toBe(picture[4]);
  expect(picture[5]).toBe(0xff000000);
  expect(smallPhase(bytes, new Uint8Array(6), phaseMap('colour'), 0)[5]).toBe(picture[2]);
});
