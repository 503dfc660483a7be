import type { Hdf5Dataset, Hdf5File } from '../hdf5/file.ts';
import type { IsmrmrdHeader } from '../ismrmrd-header.ts';

/**
 * Columns at either side of k-space that were never measured but filled with zeros up to the matrix size, as the header
 * says (fastMRI's own loader): left = encodedSpace.y // 2 − center; measured are columns left … left + maximum.
 * The claim is held against one line of the middle slice: columns with any signal count as measured.
 */
export function zeroFilledColumns(
  file: Hdf5File,
  kspace: Hdf5Dataset,
  header: IsmrmrdHeader,
): { left: number; right: number } {
  const [slices = 0, , readout = 0, columns = 0] = kspace.shape;
  const limit = header.limits['kspace_encoding_step_1'];
  if (limit === undefined) return { left: 0, right: 0 };
  const left = Math.floor(header.encodedMatrix.y / 2) - limit.center;
  const right = columns - (left + limit.maximum + 1);
  const possible =
    Number.isInteger(left) && Number.isInteger(right) && left >= 0 && right >= 0 && left + right < columns;
  if (!possible || left + right === 0) return { left: 0, right: 0 };
  const { bytes } = kspace.element;
  const row = new Uint8Array(columns * bytes);
  file.read(kspace, [Math.floor(slices / 2), 0, Math.floor(readout / 2), 0], [1, 1, 1, columns], row);
  const hasSignal = (column: number): boolean =>
    row.subarray(column * bytes, (column + 1) * bytes).some((byte, i) => byte !== 0 && !isSignOnly(byte, i, bytes));
  let first = 0;
  while (first < left && !hasSignal(first)) first++;
  let last = columns - 1;
  while (last >= columns - right && !hasSignal(last)) last--;
  return { left: first, right: columns - 1 - last };
}

/** The top byte of a little-endian −0 holds nothing but the sign. */
function isSignOnly(byte: number, index: number, elementBytes: number): boolean {
  return byte === 0x80 && (index + 1) % (elementBytes / 2) === 0;
}
