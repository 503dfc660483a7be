import type { DataSet, Element } from 'dicom-parser';

/** The compressed bytes of one frame of encapsulated pixel data (PS3.5 A.4). */
export type FrameBytes = Uint8Array;

interface Fragment {
  /** Offset of the fragment's item from the first fragment's item, as offset tables count it. */
  offset: number;
  bytes: Uint8Array;
}

/**
 * Splits encapsulated pixel data into frames: by the extended or basic offset table, else one fragment a frame, else,
 * where a single frame has several fragments, all of them together, else by where a fragment begins a JPEG stream.
 * Reads the items by their lengths: a sequence delimiter's bytes may occur inside compressed data.
 * @returns undefined when the items do not fit the frames
 */
export function splitFrames(dataSet: DataSet, pixels: Element, frames: number): FrameBytes[] | undefined {
  const items = readItems(dataSet.byteArray as Uint8Array, pixels.dataOffset, dataSet.byteArray.length);
  const table = items[0];
  const fragments = items.slice(1);
  if (table === undefined || fragments.length === 0) return undefined;
  const origin = fragments[0]!.offset;
  const starts = offsetTable(dataSet, table.bytes, frames);
  if (starts !== undefined) {
    const bounds = [...starts, Infinity];
    const parts = starts.map((start, f) =>
      fragments.filter(({ offset }) => offset - origin >= start && offset - origin < bounds[f + 1]!),
    );
    if (parts.every((part) => part.length > 0)) return parts.map(joined);
  }
  if (frames === 1) return [joined(fragments)];
  if (fragments.length === frames) return fragments.map(({ bytes }) => bytes);
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const begins = fragment.bytes[0] === 0xff && (fragment.bytes[1] === 0xd8 || fragment.bytes[1] === 0x4f);
    if (begins || groups.length === 0) groups.push([fragment]);
    else groups.at(-1)!.push(fragment);
  }
  return groups.length === frames ? groups.map(joined) : undefined;
}

function readItems(bytes: Uint8Array, start: number, end: number): Fragment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Fragment[] = [];
  for (let at = start; at + 8 <= end;) {
    const isItem = view.getUint16(at, true) === 0xfffe && view.getUint16(at + 2, true) === 0xe000;
    if (!isItem) break;
    const length = view.getUint32(at + 4, true);
    // A last fragment that is cut off is given as far as it goes; its decoder says what is missing.
    items.push({ offset: at, bytes: bytes.subarray(at + 8, Math.min(end, at + 8 + length)) });
    at += 8 + length;
  }
  return items;
}

function offsetTable(dataSet: DataSet, basic: Uint8Array, frames: number): number[] | undefined {
  const extended = dataSet.elements['x7fe00001'];
  const [bytes, width] =
    extended === undefined
      ? [basic, 4]
      : [(dataSet.byteArray as Uint8Array).subarray(extended.dataOffset, extended.dataOffset + extended.length), 8];
  if (bytes.length !== frames * width) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (i: number): number =>
    width === 8 ? Number(view.getBigUint64(8 * i, true)) : view.getUint32(4 * i, true);
  const starts = Array.from({ length: frames }, (_, i) => read(i));
  return starts.every((start, i) => i === 0 || start > starts[i - 1]!) ? starts : undefined;
}

function joined(fragments: Fragment[]): Uint8Array {
  if (fragments.length === 1) return fragments[0]!.bytes;
  const out = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of fragments) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}
