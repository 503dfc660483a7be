import type { ComplexPart, Slice } from './components.ts';
import type { Prepared } from './prepare.ts';

export interface BlockAsked {
  id: number;
  path: string;
  components: readonly ComplexPart[];
}
export interface BlockBrought {
  id: number;
  /** null: it did not come. */
  slices: { slice: Slice; prepared: Prepared }[] | null;
}

type Brought = NonNullable<BlockBrought['slices']>;

let worker: Worker | undefined;
let counter = 0;
const waiting = new Map<number, { resolve: (slices: Brought) => void; reject: (thrown: Error) => void }>();

/**
 * Brings a block of slices, ready to be drawn, without taking the page's time.
 * @param path below this origin
 * @throws where it does not come, whatever the reason
 */
export function bringBlock(path: string, components: readonly ComplexPart[]): Promise<Brought> {
  startBringing();
  const id = ++counter;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker!.postMessage({ id, path, components } satisfies BlockAsked);
  });
}

/** Starts the worker, so that the first block need not wait for it. */
export function startBringing(): void {
  worker ??= started();
}

function started(): Worker {
  const made = new Worker(new URL('./slice-worker.ts', import.meta.url), { type: 'module' });
  made.addEventListener('message', ({ data: { id, slices } }: MessageEvent<BlockBrought>) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (slices === null) asked?.reject(new Error('The slices did not come.'));
    else asked?.resolve(slices);
  });
  // Where it cannot run, slices come one by one, as they are shown; the next block tries again.
  made.addEventListener('error', () => {
    made.terminate();
    if (worker === made) worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error('The slices cannot be brought beside the page.'));
    waiting.clear();
  });
  return made;
}
