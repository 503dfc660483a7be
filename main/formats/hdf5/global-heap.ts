/** Signature of a global heap collection (format specification III.E), where lists and texts of variable length are kept. */
const SIGNATURE = Buffer.from('GCOL', 'latin1');
/** Of a collection, and of each object in it, with addresses of eight bytes. */
const HEADER_BYTES = 16;
/** Objects whose heads are looked at by one read. */
const WINDOW_BYTES = 4096;

/** Fills `bytes` from a place in a file and says how many there were. */
export type ReadAt = (bytes: Uint8Array, position: number) => number;

/** Where a piece that was just read begins a collection; undefined where none does. */
export function globalHeapIn(piece: Buffer): number | undefined {
  // The library reads a collection by itself; only the few hundred bytes that it reads ahead of a description may hold its start.
  if (piece.length > READ_AHEAD_BYTES) return piece.subarray(0, SIGNATURE.length).equals(SIGNATURE) ? 0 : undefined;
  const at = piece.indexOf(SIGNATURE);
  return at < 0 ? undefined : at;
}
const READ_AHEAD_BYTES = 512;

/**
 * Walks through the objects of a collection as the HDF5 library will, which trusts their sizes: at an empty free space it would
 * stand still for ever, and at a size beyond the collection it would leave it.
 * @param position of the collection in the file
 * @returns what is wrong, in words; undefined where the objects fill the collection, or it is none that the library would enter
 */
export function contradictionInGlobalHeap(readAt: ReadAt, position: number, fileBytes: number): string | undefined {
  const window = Buffer.alloc(WINDOW_BYTES);
  let from = position;
  let filled = readAt(window, position);
  if (filled < HEADER_BYTES || window[4] !== 1) return undefined;
  const size = window.readBigUInt64LE(8);
  // The library refuses these by itself.
  if (size < HEADER_BYTES || size > fileBytes - position) return undefined;
  const end = position + Number(size);
  for (let at = position + HEADER_BYTES; at + HEADER_BYTES <= end;) {
    if (at + HEADER_BYTES > from + filled) {
      from = at;
      filled = readAt(window, at);
      if (filled < HEADER_BYTES) return undefined;
    }
    const index = window.readUInt16LE(at - from);
    const stated = window.readBigUInt64LE(at - from + 8);
    // Objects are padded to eight bytes; the free space, number 0, counts its own head.
    const bytes = index === 0 ? stated : BigInt(HEADER_BYTES) + ((stated + 7n) & ~7n);
    if (bytes === 0n) return `its free space at byte ${at} is said to be empty`;
    if (bytes > BigInt(end - at)) {
      return `its object ${index} at byte ${at} claims ${stated} bytes, where ${end - at} are left`;
    }
    at += Number(bytes);
  }
  return undefined;
}
