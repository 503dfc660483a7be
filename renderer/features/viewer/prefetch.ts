import { bringSlices, loadImage } from '../../imaging/index.ts';
import type { ImageKey } from '../../imaging/index.ts';

/** Slices made ready ahead of the direction of travel, and behind it. */
const AHEAD = 12;
const BEHIND = 2;

/** The order in which slices around one are made ready: those ahead first, nearest first. */
export function around(slice: number, slices: number, direction: 1 | -1): number[] {
  const ahead = Array.from({ length: AHEAD }, (_, i) => slice + direction * (i + 1));
  const behind = Array.from({ length: BEHIND }, (_, i) => slice - direction * (i + 1));
  return [...ahead, ...behind].filter((index) => index >= 0 && index < slices);
}

let turn = 0;

/**
 * Makes images ready between other things to do, one slice after another; a later call stops an earlier one. What fails is left to be
 * asked again when it is shown.
 * @param ready the slice on the screen
 */
export async function prefetch(
  ready: Promise<unknown>,
  volumes: readonly string[],
  slices: readonly number[],
  keysOf: (slice: number) => ImageKey[],
): Promise<void> {
  const mine = ++turn;
  // What is waited for comes first.
  await ready.catch(() => undefined);
  if (mine !== turn) return;
  await Promise.all(volumes.map((volume) => bringSlices(volume, slices).catch(() => undefined)));
  for (const slice of slices) {
    if (mine !== turn) return;
    await Promise.all(keysOf(slice).map((key) => loadImage(key).catch(() => undefined)));
    await othersFirst();
  }
}

/** Lets what waits have its turn: input, and the frame that is due. */
function othersFirst(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
