/** The signature of HDF5 (format specification III.A) may stand at 0, 512, 1024, 2048 … */
const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const SIGNATURE_OFFSETS = [0, 512, 1024, 2048];

export function isHdf5(start: Uint8Array): boolean {
  return SIGNATURE_OFFSETS.some((at) => SIGNATURE.equals(start.subarray(at, at + SIGNATURE.length)));
}
