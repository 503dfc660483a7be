import type { NumberedVolume } from './find.ts';

/** Bytes of files that are held whole while their images are decoded. */
const HEAVY_FILES = 128 * 2 ** 20;
/** Pixels of one image. */
const HEAVY_IMAGE = 2 ** 20;
/** Slices, which are all held as images of the study's size until the volume is whole. */
const HEAVY_SLICES = 256;
/** Samples of one slice of k-space, all coils. Its files are read slice by slice, whatever their size. */
const HEAVY_KSPACE = 2 ** 23;

/**
 * Whether a volume may take hundreds of megabytes while it is converted. The largest that is allowed takes a gigabyte, so these go one after the
 * other; all usual scans are far below, and go as many at once as there are cores.
 */
export function isHeavy({ components, slices, rows, columns, coils, sources }: NumberedVolume): boolean {
  if (slices > HEAVY_SLICES) return true;
  if (components.includes('k-space')) return rows * columns * (coils ?? 1) > HEAVY_KSPACE;
  return rows * columns > HEAVY_IMAGE || sources.reduce((sum, { bytes }) => sum + bytes, 0) > HEAVY_FILES;
}
