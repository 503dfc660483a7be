import type { Study } from '../../study/index.ts';
import type { Gate } from './gate.ts';
import { readImageSlices } from './volume-slices.ts';

/** Bytes that are read at a time: memory holds one such piece of a range of any length, or one slice where that is larger. */
const PIECE = 4 * 2 ** 20;

/** Complex slices of a range as they lie on the disk, several with one opening of the file; read as fast as they are taken. */
export async function* complexPieces(
  study: Study,
  volume: string,
  { rows, columns }: { rows: number; columns: number },
  { first, last, gate, most = PIECE }: { first: number; last: number; gate: Gate; most?: number },
): AsyncGenerator<Uint8Array> {
  const together = Math.max(1, Math.floor(most / (rows * columns * 8)));
  for (let from = first; from <= last; from += together) {
    const to = Math.min(from + together - 1, last);
    const { buffer, byteOffset, byteLength } = await gate.through(() => readImageSlices(study, volume, from, to));
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}
