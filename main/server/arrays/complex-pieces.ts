import { openNpy } from '../../formats/npy.ts';
import type { Study } from '../../study/index.ts';
import type { Gate } from './gate.ts';

/**
 * Complex slices of a range as they lie on the disk, with one opening of the file. Every piece lies in `memory`, over the one before: it has
 * to be done with when the next is asked for.
 * @param range.memory for one slice at least; a piece is as many whole slices as it holds
 */
export async function* complexPieces(
  study: Study,
  volume: string,
  { rows, columns }: { rows: number; columns: number },
  range: { first: number; last: number; gate: Gate; memory: Uint8Array<ArrayBuffer> },
): AsyncGenerator<Uint8Array> {
  const { first, last, gate, memory } = range;
  const each = rows * columns * 8;
  const together = Math.floor(memory.byteLength / each);
  const file = await openNpy(study.layout.at(`volumes/${volume}/image.npy`));
  try {
    for (let from = first; from <= last; from += together) {
      const count = Math.min(together, last - from + 1);
      const samples = new Float32Array(memory.buffer, memory.byteOffset, (count * each) / 4);
      await gate.through(() => file.read(from, count, samples));
      yield memory.subarray(0, count * each);
    }
  } finally {
    await file.close();
  }
}
