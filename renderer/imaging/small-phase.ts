import { PHASE_STEPS } from './colour/phase-map.ts';
import type { PhaseMap } from './colour/phase-map.ts';
import { fadeLevels } from './fade.ts';
import { fadedColours, paintPhase } from './paint-phase.ts';

/**
 * The phase of a thumbnail as the viewer would show it, 0xAABBGGRR each.
 * @param phase bytes, 0 … 255 for −π … π: the ends are one phase
 * @param magnitude bytes, 255 the largest
 * @param share phase fades out below this share of the largest magnitude
 */
export function smallPhase(phase: Uint8Array, magnitude: Uint8Array, map: PhaseMap, share: number): Uint32Array {
  const entries = Int16Array.from(phase, (byte) => Math.round((byte * PHASE_STEPS) / 255) % PHASE_STEPS);
  const colours = new Uint32Array(phase.length);
  paintPhase(colours, entries, fadeLevels(magnitude, 255 * share), fadedColours(map, 0));
  return colours;
}
