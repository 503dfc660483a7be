import type { Findings, FoundVolume } from './handler.ts';

/** For formats in which one file holds one volume, there is nothing to put together. */
export function pairNothing(readings: readonly FoundVolume[]): Findings {
  return { volumes: [...readings], refused: [] };
}
