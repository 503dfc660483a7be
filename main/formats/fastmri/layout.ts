import { IsochromatError } from '../../domain/errors.ts';
import { LARGEST_KSPACE_SLICE } from '../image-limits.ts';
import { describeElement } from '../hdf5/element.ts';
import type { Hdf5Dataset, Hdf5File } from '../hdf5/file.ts';

/** Beyond these no 2-D multi-coil acquisition goes; a file that does is damaged or not one. */
const LARGEST = { slices: 4096, coils: 256, readout: 8192, columns: 8192 } as const;

/** Says what a file without k-space is instead. */
export function refuseOtherLayouts(file: Hdf5File): void {
  if (file.kindOf('kspace') === 'dataset') return;
  const names = file.namesIn('/');
  const raw = names.find(
    (name) => file.kindOf(`${name}/data`) === 'dataset' && file.kindOf(`${name}/xml`) === 'dataset',
  );
  if (raw !== undefined) {
    throw new IsochromatError({
      code: 'fastmri-is-ismrmrd-raw',
      sentence: 'This is ISMRMRD raw data (single readouts), not a fastMRI file.',
      subject: file.path,
      expected: 'a dataset kspace',
      found: `readouts in ${raw}/data`,
      remedy: 'Open it as ISMRMRD raw data.',
    });
  }
  throw new IsochromatError({
    code: 'fastmri-no-kspace',
    sentence: 'The file holds no k-space.',
    subject: file.path,
    expected: 'a dataset kspace of slices × coils × readout × phase encodings',
    found: names.length === 0 ? 'an empty file' : names.slice(0, 12).join(', '),
    remedy: 'Isochromat needs the measured multi-coil k-space; images alone have lost their phase.',
  });
}

/**
 * Slices, coils, readout samples and columns of a k-space dataset.
 * @throws IsochromatError `fastmri-kspace-not-complex`, `fastmri-single-coil`, `fastmri-kspace-shape`
 */
export function checkKspace(kspace: Hdf5Dataset, path: string): [number, number, number, number] {
  const { shape, element } = kspace;
  const found = `shape (${shape.join(', ')}) of ${describeElement(element)}`;
  if (element.kind !== 'complex') {
    throw new IsochromatError({
      code: 'fastmri-kspace-not-complex',
      sentence: 'The k-space in this file is not complex: its phase is missing.',
      subject: path,
      expected: 'complex64 or complex128 (a compound of r and i)',
      found,
      remedy: 'Export it again as complex numbers.',
    });
  }
  if (shape.length === 3) {
    throw new IsochromatError({
      code: 'fastmri-single-coil',
      sentence: 'This is a single-coil file; its coils are already combined or simulated.',
      subject: path,
      expected: 'slices × coils × readout × phase encodings',
      found,
      remedy: 'Use the multi-coil version of the file.',
    });
  }
  const [slices = 0, coils = 0, readout = 0, columns = 0] = shape;
  const limits = Object.values(LARGEST);
  const sensible = shape.length === 4 && shape.every((n, axis) => n >= 1 && n <= limits[axis]!);
  if (!sensible || coils * readout * columns > LARGEST_KSPACE_SLICE || readout < 8 || columns < 8) {
    throw new IsochromatError({
      code: 'fastmri-kspace-shape',
      sentence: 'The k-space in this file has an impossible shape.',
      subject: path,
      expected: `slices × coils × readout × phase encodings, at most ${limits.join(' × ')} and ${LARGEST_KSPACE_SLICE} samples a slice`,
      found,
    });
  }
  return [slices, coils, readout, columns];
}

/** @throws IsochromatError `fastmri-reconstruction-damaged` when it is not one real image a slice */
export function checkReconstruction(reconstruction: Hdf5Dataset, slices: number, path: string): void {
  const { shape, element } = reconstruction;
  const [images, rows = 0, columns = 0] = shape;
  const real = element.kind === 'float' && (element.bytes === 4 || element.bytes === 8);
  if (real && shape.length === 3 && images === slices && rows > 0 && columns > 0 && rows <= 8192 && columns <= 8192)
    return;
  throw new IsochromatError({
    code: 'fastmri-reconstruction-damaged',
    sentence: 'The reconstruction stored with the k-space does not belong to it.',
    subject: path,
    expected: `reconstruction_rss of shape (${slices}, rows, columns) of float32`,
    found: `shape (${shape.join(', ')}) of ${describeElement(element)}`,
    remedy: 'The file may be mixed up; fetch it again.',
  });
}
