import { PHASE_STEPS } from './colour/phase-map.ts';
import type { PhaseMap } from './colour/phase-map.ts';
import { FADE_STEPS } from './fade.ts';

/** The colour of every pixel, as 0xAABBGGRR. */
export function paintPhase(out: Uint32Array, entries: Int16Array, levels: Uint8Array, colours: Uint32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = colours[levels[i]! * PHASE_STEPS + entries[i]!]!;
}

let latest: { map: PhaseMap; offset: number; colours: Uint32Array } | undefined;

/** The map for every step of fading, turned by the offset: `[FADE_STEPS, PHASE_STEPS]` as 0xAABBGGRR. */
export function fadedColours(map: PhaseMap, offset: number): Uint32Array {
  // Panes and walls of patches ask for the same again and again.
  if (latest?.map === map && latest.offset === offset) return latest.colours;
  const { colours } = map;
  const turn = Math.round((offset / (2 * Math.PI)) * PHASE_STEPS);
  const out = new Uint32Array(FADE_STEPS * PHASE_STEPS);
  for (let level = 0; level < FADE_STEPS; level++) {
    const share = level / (FADE_STEPS - 1);
    for (let k = 0; k < PHASE_STEPS; k++) {
      const from = 3 * ((((k + turn) % PHASE_STEPS) + PHASE_STEPS) % PHASE_STEPS);
      const channel = (c: number): number => Math.round(colours[from + c]! * share);
      out[level * PHASE_STEPS + k] = ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
    }
  }
  latest = { map, offset, colours: out };
  return out;
}
