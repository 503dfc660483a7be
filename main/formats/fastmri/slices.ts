import type { ComplexArray } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { FOUND, scanFloats } from '../../kernels/scan.ts';
import type { Hdf5Dataset, Hdf5File } from '../hdf5/file.ts';
import type { Onlooker } from '../hdf5/library.ts';
import { checkKspaceSlice } from '../kspace-check.ts';
import { bytesOf } from '../npy/dtype.ts';

/** Larger blocks have come back as zeros from HDF5 in WebAssembly; a slice is read in slabs of whole coils below this. */
const LARGEST_SLAB = 1 << 26;

/** Looks through numbers as they are read. */
class Scan implements Onlooker {
  found: number = FOUND.nothing;
  private readonly data: Float32Array;

  constructor(data: Float32Array) {
    this.data = data;
  }

  see(from: number, to: number): void {
    this.found |= scanFloats(this.data.subarray(from / 4, to / 4));
  }

  forget(): void {
    this.found = FOUND.nothing;
  }
}

/** Reads the k-space of one slice, and checks it unless told otherwise; see `FastMriFile.readKspaceSlice`. */
export function readKspaceSlice(
  file: Hdf5File,
  kspace: Hdf5Dataset,
  slice: number,
  into?: Float32Array,
  check = true,
): ComplexArray {
  const [slices = 0, coils = 0, readout = 0, columns = 0] = kspace.shape;
  checkIndex(slice, slices, file.path);
  const length = 2 * coils * readout * columns;
  if (into !== undefined && into.length !== length) {
    throw new IsochromatError({
      code: 'fastmri-wrong-array',
      sentence: 'The array given for a slice has the wrong length.',
      subject: file.path,
      expected: `${length} numbers`,
      found: `${into.length}`,
    });
  }
  const data = into ?? new Float32Array(length);
  let found: number = FOUND.nothing;
  const coilLength = 2 * readout * columns;
  const coilBytes = (coilLength / 2) * kspace.element.bytes;
  const step = Math.max(1, Math.floor(LARGEST_SLAB / coilBytes));
  for (let coil = 0; coil < coils; coil += step) {
    const count = Math.min(step, coils - coil);
    const part = data.subarray(coil * coilLength, (coil + count) * coilLength);
    // Numbers of double precision are read beside and narrowed.
    const target = kspace.element.bytes === 16 ? new Float64Array(part.length) : part;
    const scan = check && target === part ? new Scan(part) : undefined;
    file.read(kspace, [slice, coil, 0, 0], [1, count, readout, columns], bytesOf(target), scan);
    if (target !== part) part.set(target);
    if (check) found |= scan?.found ?? scanFloats(part);
  }
  if (check) checkKspaceSlice(data, slice, file.path, 'fastmri', found);
  return { shape: [coils, readout, columns], data };
}

/** Reads and checks one stored root-sum-of-squares image; see `FastMriFile.readReconstructionSlice`. */
export function readReconstructionSlice(file: Hdf5File, reconstruction: Hdf5Dataset, slice: number): Float32Array {
  const [slices = 0, rows = 0, columns = 0] = reconstruction.shape;
  checkIndex(slice, slices, file.path);
  const data = new (reconstruction.element.bytes === 8 ? Float64Array : Float32Array)(rows * columns);
  file.read(reconstruction, [slice, 0, 0], [1, rows, columns], bytesOf(data));
  const image = Float32Array.from(data);
  if (image.every((value) => value >= 0 && value < Infinity)) return image;
  throw new IsochromatError({
    code: 'fastmri-reconstruction-damaged',
    sentence: `The stored reconstruction of slice ${slice} is damaged.`,
    subject: file.path,
    expected: 'magnitudes, finite and not negative',
    remedy: 'The file may be damaged elsewhere too; fetch it again.',
  });
}

function checkIndex(slice: number, slices: number, path: string): void {
  if (Number.isInteger(slice) && slice >= 0 && slice < slices) return;
  throw new IsochromatError({
    code: 'slice-out-of-range',
    sentence: `There is no slice ${slice}.`,
    subject: path,
    expected: `a whole number from 0 to ${slices - 1}`,
    found: String(slice),
  });
}
