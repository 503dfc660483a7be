import type { ViewedVolume } from './volume-facts.ts';

type WithCoils = Pick<ViewedVolume, 'coils'> | null;

/** The coil, from 0, that a pane of this volume shows: its last where it has fewer than are chosen. */
export function shownCoil(chosen: number, volume: WithCoils): number {
  return Math.min(chosen, (volume?.coils ?? 1) - 1);
}

/** The next or the previous coil of what is shown; after the last comes the first. */
export function steppedCoil(chosen: number, volume: WithCoils, by: 1 | -1): number {
  const coils = volume?.coils ?? 1;
  return (shownCoil(chosen, volume) + by + coils) % coils;
}
