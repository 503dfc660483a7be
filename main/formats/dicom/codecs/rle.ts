/**
 * One frame of RLE Lossless (PS3.5 annex G): PackBits segments, one per byte plane, the most significant plane first.
 * Segments that end early leave zeros; bytes beyond the frame are padding.
 * @returns little-endian samples, `pixels · bytesPerSample` bytes; undefined when the segment table makes no sense
 */
export function decodeRle(encoded: Uint8Array, pixels: number, bytesPerSample: number): Uint8Array | undefined {
  if (encoded.byteLength < 64) return undefined;
  const header = new DataView(encoded.buffer, encoded.byteOffset, 64);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerSample) return undefined;
  const offsets = Array.from({ length: segments }, (_, i) => header.getUint32(4 + 4 * i, true));
  offsets.push(encoded.byteLength);
  const out = new Uint8Array(pixels * bytesPerSample);
  for (let segment = 0; segment < segments; segment++) {
    const [start, end] = [offsets[segment]!, offsets[segment + 1]!];
    if (start < 64 || end < start || end > encoded.byteLength) return undefined;
    unpack(encoded.subarray(start, end), out, bytesPerSample - 1 - segment, bytesPerSample);
  }
  return out;
}

/** PackBits: n ≥ 0 copies n+1 bytes, −127…−1 repeats the next byte 1−n times, −128 does nothing. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, stride: number): void {
  let at = first;
  for (let i = 0; i < packed.length && at < out.length;) {
    const count = (packed[i++]! << 24) >> 24;
    if (count >= 0) {
      for (let k = 0; k <= count && i < packed.length && at < out.length; k++, at += stride) out[at] = packed[i++]!;
    } else if (count !== -128 && i < packed.length) {
      const value = packed[i++]!;
      for (let k = 0; k < 1 - count && at < out.length; k++, at += stride) out[at] = value;
    }
  }
}
