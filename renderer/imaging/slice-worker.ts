import { BlockFiller } from './block-filler.ts';
import type { Slice } from './components.ts';
import { buffersOf, prepare } from './prepare.ts';
import type { BlockAsked, BlockBrought } from './slice-bringer.ts';

// Beside the page: brings blocks of slices and makes ready what their pictures are drawn from, so that neither takes of a frame's time.

self.addEventListener('message', ({ data: asked }: MessageEvent<BlockAsked>) => void answer(asked));

async function answer({ id, path, components }: BlockAsked): Promise<void> {
  try {
    const slices = (await bring(path)).map((slice) => ({ slice, prepared: prepare(slice, components) }));
    const transfer = slices.flatMap(({ slice, prepared }) => [slice.data.buffer, ...buffersOf(prepared)]);
    postMessage({ id, slices } satisfies BlockBrought, { transfer: transfer as ArrayBuffer[] });
  } catch {
    // Why is said where the slice is shown: it is asked for once more there.
    postMessage({ id, slices: null } satisfies BlockBrought);
  }
}

/** What is kept is kept by the page: the browser would write every slice to the disk besides. */
async function bring(path: string): Promise<Slice[]> {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok || response.headers.get('x-type') !== 'complex64') throw new Error('This is no block of slices.');
  const block = new BlockFiller((response.headers.get('x-shape') ?? '').split(',').map(Number));
  // Piece by piece, which is twice as quick as having the browser put the pieces together first.
  const reader = response.body!.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) block.put(piece.value);
  return block.slices();
}
