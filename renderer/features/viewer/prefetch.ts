import { bringSlices, hasImage, loadImage, sliceAtHand } from '../../imaging/index.ts';
import type { ComplexPart, ImageKey } from '../../imaging/index.ts';

/** Slices made ready ahead of the direction of travel, and behind it: so many that two whole requests are missing when one is asked for. */
const AHEAD = 15;
const BEHIND = 2;

/** The order in which slices around one are made ready: those ahead first, nearest first. */
export function around(slice: number, slices: number, direction: 1 | -1): number[] {
  const ahead = Array.from({ length: AHEAD }, (_, i) => slice + direction * (i + 1));
  const behind = Array.from({ length: BEHIND }, (_, i) => slice - direction * (i + 1));
  return [...ahead, ...behind].filter((index) => index >= 0 && index < slices);
}

/** What is to be made ready. */
interface Wish {
  /** The slice on the screen. */
  ready: Promise<unknown>;
  volumes: readonly string[];
  slices: readonly number[];
  /** What panes show of them. */
  components: readonly ComplexPart[];
  keysOf: (slice: number) => ImageKey[];
}

let wish: Wish | undefined;
let working = false;

/**
 * Makes images ready between other things to do, one slice after another. Of several wishes the latest counts: one that comes while slices
 * are on their way takes effect when they are there, so that scrolling faster than they come neither piles them up nor keeps them from
 * coming. What fails is left to be asked again when it is shown.
 */
export function prefetch(latest: Wish): void {
  wish = latest;
  if (!working) void work();
}

async function work(): Promise<void> {
  working = true;
  while (wish !== undefined) {
    // What is waited for comes first.
    await wish.ready.catch(() => undefined);
    const now: Wish = wish;
    const { volumes, slices, components } = now;
    await Promise.all(volumes.map((volume) => bringSlices(volume, slices, components).catch(() => undefined)));
    await makeImages(now);
    if (wish === now) wish = undefined;
  }
  working = false;
}

/** As long as nothing else is wished. */
async function makeImages(now: Wish): Promise<void> {
  for (const slice of now.slices) {
    if (wish !== now) return;
    // Those that were not brought yet come with their neighbours, beside the page.
    const missing = now.keysOf(slice).filter((key) => !hasImage(key) && sliceAtHand(key.volume, slice) !== undefined);
    if (missing.length === 0) continue;
    await Promise.all(missing.map((key) => loadImage(key).catch(() => undefined)));
    await othersFirst();
  }
}

/** Lets what waits have its turn: input, and the frame that is due. */
function othersFirst(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
