import { sliceOf } from '../domain/complex.ts';
import type { ComplexImage, ComplexVolume } from '../domain/complex.ts';
import type { WorkContext } from '../domain/progress.ts';
import { VolumeAssembly, betweenSlices } from './volume-assembly.ts';
import type { OutputOptions, PreparedVolume } from './volume-assembly.ts';

/**
 * Complex images that a scanner has already combined (DICOM, NIfTI) → the same form as reconstructed ones: resized in
 * k-space, each slice divided by its largest magnitude, head masked. Slices that are empty or not finite are listed.
 * @throws IsochromatError `no-usable-slice`, `image-size`, `cancelled`
 */
export async function prepareComplexVolume(
  volume: ComplexVolume,
  options: OutputOptions = {},
  context: WorkContext = {},
): Promise<PreparedVolume> {
  const slices = Array.from({ length: volume.slices }, (_, slice) => sliceOf(volume, slice));
  return prepareComplexSlices(volume.slices, slices, options, context);
}

/** The same for slices that come one by one; no more than one of them is held. */
export async function prepareComplexSlices(
  slices: number,
  images: Iterable<ComplexImage> | AsyncIterable<ComplexImage>,
  options: OutputOptions = {},
  context: WorkContext = {},
): Promise<PreparedVolume> {
  const assembly = new VolumeAssembly(slices, options);
  let slice = 0;
  for await (const image of images) {
    await betweenSlices(context, 'Resizing', slice, slices);
    try {
      assembly.add(slice, image);
    } catch (thrown) {
      assembly.refuse(slice, thrown);
    }
    slice++;
  }
  return assembly.finish();
}
