import { sliceOf } from '../domain/complex.ts';
import type { ComplexVolume } from '../domain/complex.ts';
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
  const assembly = new VolumeAssembly(volume.slices, options);
  for (let slice = 0; slice < volume.slices; slice++) {
    await betweenSlices(context, 'Resizing', slice, volume.slices);
    try {
      assembly.add(slice, sliceOf(volume, slice));
    } catch (thrown) {
      assembly.refuse(slice, thrown);
    }
  }
  return assembly.finish();
}
