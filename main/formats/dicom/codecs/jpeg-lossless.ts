import { Decoder } from '@cornerstonejs/jpeg-lossless-decoder-js';
import type { DecodedFrame } from './webassembly.ts';

/** JPEG Lossless, process 14 (ISO 10918-1 annex H), any predictor. */
export function decodeJpegLossless(encoded: Uint8Array): DecodedFrame {
  const decoder = new Decoder();
  const decoded = decoder.decode(new Uint8Array(encoded).buffer, 0, encoded.length) as
    Uint8Array | Uint16Array | ArrayBuffer;
  const bytes = ArrayBuffer.isView(decoded)
    ? new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength)
    : new Uint8Array(decoded);
  const { dimX, dimY, numComp, precision } = decoder.frame;
  return { rows: dimY, columns: dimX, samplesPerPixel: numComp, bitsPerSample: precision, bytes };
}
