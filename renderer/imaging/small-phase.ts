import { fadedColours, paintPhase } from './canvas/phase-renderer.ts';
import { PHASE_STEPS } from './colour/phase-map.ts';
import type { PhaseMap } from './colour/phase-map.ts';
import { fadeLevels } from './fade.ts';

/**
 * Paints the phase of a thumbnail as the viewer would.
 * @param out colours, as 0xAABBGGRR
 * @param phase bytes, 0 … 255 for −π … π: the ends are one phase
 * @param magnitude bytes, 255 the largest
 * @param share phase fades out below this share of the largest magnitude
 */
export function paintSmallPhase(
  out: Uint32Array,
  phase: Uint8Array,
  magnitude: Uint8Array,
  map: PhaseMap,
  share: number,
): void {
  const entries = Int16Array.from(phase, (byte) => Math.round((byte * PHASE_STEPS) / 255) % PHASE_STEPS);
  paintPhase(out, entries, fadeLevels(Float32Array.from(magnitude), 255 * share), fadedColours(map, 0));
}
