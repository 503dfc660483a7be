import type { ComplexArray } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import type { Hdf5Dataset, Hdf5File } from '../hdf5/file.ts';
import { bytesOf } from '../npy/dtype.ts';

/** Larger blocks have come back as zeros from HDF5 in WebAssembly; a slice is read in slabs of whole coils below this. */
const LARGEST_SLAB = 1 << 26;

/** Reads and checks the k-space of one slice; see `FastMriFile.readKspaceSlice`. */
export function readKspaceSlice(file: Hdf5File, kspace: Hdf5Dataset, slice: number, into?: Float32Array): ComplexArray {
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
  const coilLength = 2 * readout * columns;
  const coilBytes = (coilLength / 2) * kspace.element.bytes;
  const step = Math.max(1, Math.floor(LARGEST_SLAB / coilBytes));
  for (let coil = 0; coil < coils; coil += step) {
    const count = Math.min(step, coils - coil);
    const part = data.subarray(coil * coilLength, (coil + count) * coilLength);
    // Numbers of double precision are read beside and narrowed.
    const target = kspace.element.bytes === 16 ? new Float64Array(part.length) : part;
    file.read(kspace, [slice, coil, 0, 0], [1, count, readout, columns], bytesOf(target));
    if (target !== part) part.set(target);
  }
  const sum = total(data);
  if (!Number.isFinite(sum)) throw badSlice(file.path, slice, data);
  // A sum of exactly zero is suspicious, and only then every number is looked at.
  if (sum === 0 && data.every((value) => value === 0)) throw badSlice(file.path, slice, data);
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

/**
 * Sum of all numbers in double precision: not finite as soon as one of them is not (the sum of any number of finite
 * float32 cannot overflow a double). Eight partial sums keep the processor busy.
 */
function total(data: Float32Array): number {
  const whole = data.length - (data.length % 8);
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < whole; i += 8) {
    a += data[i]!;
    b += data[i + 1]!;
    c += data[i + 2]!;
    d += data[i + 3]!;
    e += data[i + 4]!;
    f += data[i + 5]!;
    g += data[i + 6]!;
    h += data[i + 7]!;
  }
  for (let i = whole; i < data.length; i++) a += data[i]!;
  return a + b + c + d + e + f + g + h;
}

function badSlice(path: string, slice: number, data: Float32Array): IsochromatError {
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) {
    return new IsochromatError({
      code: 'fastmri-slice-all-zero',
      sentence: `Slice ${slice} is empty: all of its k-space is zero.`,
      subject: path,
      remedy: 'The slice was not transferred or never written; fetch the file again, or leave this slice out.',
    });
  }
  const count = data.reduce((n, value) => n + Number(!Number.isFinite(value)), 0);
  return new IsochromatError({
    code: 'fastmri-slice-not-finite',
    sentence: `Slice ${slice} holds ${count === 1 ? 'a value that is not a number' : `${count} values that are not numbers`}.`,
    subject: path,
    expected: 'finite k-space',
    found: `${data[wrong]} at sample ${Math.floor(wrong / 2)} of the slice`,
    remedy: 'One such value spoils every pixel of the slice; fetch the file again, or leave this slice out.',
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
