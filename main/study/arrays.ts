import { join } from 'node:path';
import type { ComplexVolume } from '../domain/complex.ts';
import { readNpyAs, writeNpy } from '../formats/npy.ts';
import type { NpyData } from '../formats/npy.ts';
import type { Study } from './study.ts';

/** Names of a volume's array files. */
export const IMAGE_FILE = 'image.npy';
export const MASK_FILE = 'mask.npy';

/** Writes the arrays of a volume into the folder that it was staged in. */
export async function writeVolumeArrays(folder: string, image: ComplexVolume, mask: Uint8Array): Promise<void> {
  const shape = [image.slices, image.rows, image.columns];
  await writeNpy(join(folder, IMAGE_FILE), { shape, dtype: 'complex64', data: image.data as NpyData });
  await writeNpy(join(folder, MASK_FILE), { shape, dtype: 'bool', data: mask as NpyData });
}

/** The complex image of a volume, each slice scaled to a largest magnitude of 1. */
export async function readImage(study: Study, volume: string): Promise<ComplexVolume> {
  const { shape, data } = await readNpyAs(study.layout.at(`volumes/${volume}/${IMAGE_FILE}`), 'complex64');
  const [slices = 0, rows = 0, columns = 0] = shape;
  return { slices, rows, columns, data };
}

/** The brain mask of a volume, 0 or 1, `[slices, rows, columns]`. */
export async function readMask(study: Study, volume: string): Promise<Uint8Array> {
  return (await readNpyAs(study.layout.at(`volumes/${volume}/${MASK_FILE}`), 'bool')).data;
}
