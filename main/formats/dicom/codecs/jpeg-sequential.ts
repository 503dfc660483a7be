import { inverseDct } from './inverse-dct.ts';
import type { DecodedFrame } from './webassembly.ts';

/*
 * JPEG baseline and extended sequential (processes 1, 2 and 4 of ISO 10918-1) for one component of 8 or 12 bits, which
 * is all that an MR image can be. No kept library decodes 12 bits.
 */

const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];

/** Canonical Huffman code: for each length the first code, the first index and the number of codes. */
interface HuffmanTable {
  counts: Uint8Array;
  values: Uint8Array;
}

interface Stream {
  bytes: Uint8Array;
  at: number;
  bits: number;
  count: number;
}

interface Frame {
  precision: number;
  rows: number;
  columns: number;
  quantisation: number;
}

/** @throws Error saying which part of the stream makes no sense */
export function decodeJpegSequential(bytes: Uint8Array): DecodedFrame {
  const quantisations = new Map<number, Uint16Array>();
  const huffman = new Map<number, HuffmanTable>();
  let frame: Frame | undefined;
  let restartInterval = 0;
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Error('the JPEG stream does not begin with a start marker');
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = bytes[at] === 0xff ? bytes[at + 1] : undefined;
    if (marker === undefined) throw new Error(`a JPEG marker is missing at byte ${at}`);
    if (marker === 0xd9) throw new Error('the JPEG stream ends before its image');
    const length = word(bytes, at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || body.length !== length - 2) throw new Error('a JPEG segment is cut off');
    if (marker === 0xdb) readQuantisations(body, quantisations);
    else if (marker === 0xc4) readHuffmanTables(body, huffman);
    else if (marker === 0xdd) restartInterval = word(body, 0);
    else if (marker === 0xc0 || marker === 0xc1) frame = readFrame(body);
    else if (marker >= 0xc2 && marker <= 0xcf && marker !== 0xc8)
      throw new Error('this JPEG process is not sequential');
    else if (marker === 0xda) {
      if (frame === undefined) throw new Error('the JPEG scan comes before its frame header');
      if (body[0] !== 1) throw new Error(`the JPEG image has ${body[0]} components; one was expected`);
      const quantisation = quantisations.get(frame.quantisation);
      const dc = huffman.get(body[2]! >> 4);
      const ac = huffman.get(0x10 | (body[2]! & 15));
      if (!quantisation || !dc || !ac) throw new Error('the JPEG scan refers to a table that is not there');
      const stream = { bytes, at: at + 2 + length, bits: 0, count: 0 };
      return decodeScan(stream, frame, quantisation, dc, ac, restartInterval);
    }
    at += 2 + length;
  }
}

function decodeScan(
  stream: Stream,
  frame: Frame,
  quantisation: Uint16Array,
  dc: HuffmanTable,
  ac: HuffmanTable,
  restartInterval: number,
): DecodedFrame {
  const { rows, columns, precision } = frame;
  const across = Math.ceil(columns / 8);
  const blocks = across * Math.ceil(rows / 8);
  const samples = new Uint16Array(rows * columns);
  const largest = 2 ** precision - 1;
  const block = new Float64Array(64);
  let predictor = 0;
  for (let index = 0; index < blocks; index++) {
    if (restartInterval > 0 && index > 0 && index % restartInterval === 0) {
      skipRestartMarker(stream);
      predictor = 0;
    }
    block.fill(0);
    predictor += signed(stream, huffmanValue(stream, dc));
    block[0] = predictor * quantisation[0]!;
    for (let k = 1; k < 64; k++) {
      const symbol = huffmanValue(stream, ac);
      const size = symbol & 15;
      if (size === 0 && symbol !== 0xf0) break;
      k += symbol >> 4;
      if (k > 63) throw new Error('a JPEG block has too many coefficients');
      if (size > 0) block[ZIGZAG[k]!] = signed(stream, size) * quantisation[k]!;
    }
    inverseDct(block, precision);
    const [top, left] = [8 * Math.floor(index / across), 8 * (index % across)];
    for (let r = 0; r < Math.min(8, rows - top); r++) {
      for (let c = 0; c < Math.min(8, columns - left); c++) {
        const value = block[8 * r + c]! + (largest + 1) / 2;
        samples[(top + r) * columns + left + c] = Math.min(largest, Math.max(0, value));
      }
    }
  }
  const raw = precision > 8 ? new Uint8Array(samples.buffer) : Uint8Array.from(samples);
  return { rows, columns, samplesPerPixel: 1, bitsPerSample: precision, bytes: raw };
}

function readFrame(body: Uint8Array): Frame {
  const [precision, components] = [body[0]!, body[5]!];
  if (components !== 1) throw new Error(`the JPEG image has ${components} components; one was expected`);
  if (precision !== 8 && precision !== 12)
    throw new Error(`the JPEG image has ${precision} bits; 8 or 12 were expected`);
  const [rows, columns] = [word(body, 1), word(body, 3)];
  if (rows === 0 || columns === 0) throw new Error('the JPEG image has no size');
  return { precision, rows, columns, quantisation: body[8]! };
}

function readQuantisations(body: Uint8Array, into: Map<number, Uint16Array>): void {
  for (let at = 0; at < body.length;) {
    const wide = body[at]! >> 4 === 1;
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) table[k] = wide ? word(body, at + 1 + 2 * k) : body[at + 1 + k]!;
    into.set(body[at]! & 15, table);
    at += 1 + (wide ? 128 : 64);
  }
}

function readHuffmanTables(body: Uint8Array, into: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= body.length;) {
    const counts = body.slice(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    into.set(body[at]!, { counts, values: body.slice(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

function huffmanValue(stream: Stream, { counts, values }: HuffmanTable): number {
  for (let length = 0, code = 0, first = 0, index = 0; length < 16; length++) {
    code |= bit(stream);
    const count = counts[length]!;
    if (code - first < count) return values[index + code - first]!;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new Error('a JPEG code is in no table');
}

/** The next `size` bits as a signed difference (F.2.2.1, EXTEND). */
function signed(stream: Stream, size: number): number {
  if (size > 16) throw new Error('a JPEG coefficient is too large');
  let value = 0;
  for (let i = 0; i < size; i++) value = (value << 1) | bit(stream);
  return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

function bit(stream: Stream): number {
  if (stream.count === 0) {
    const byte = stream.bytes[stream.at];
    if (byte === undefined) throw new Error('the JPEG data are cut off');
    if (byte === 0xff) {
      if (stream.bytes[stream.at + 1] !== 0) throw new Error('the JPEG data end before the image does');
      stream.at++;
    }
    stream.at++;
    stream.bits = byte;
    stream.count = 8;
  }
  return (stream.bits >> --stream.count) & 1;
}

function skipRestartMarker(stream: Stream): void {
  stream.count = 0;
  const marker = stream.bytes[stream.at + 1];
  if (stream.bytes[stream.at] !== 0xff || marker === undefined || marker < 0xd0 || marker > 0xd7) {
    throw new Error('a JPEG restart marker is missing');
  }
  stream.at += 2;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
