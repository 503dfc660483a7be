import { openNpy } from '../../formats/npy.ts';
import type { Study } from '../../study/index.ts';

/** Complex slices `first` … `last` of a volume, read from the disk: memory holds these and no more. */
export async function readImageSlices(
  study: Study,
  volume: string,
  first: number,
  last: number,
): Promise<Float32Array> {
  return (await readSlices(study, `volumes/${volume}/image.npy`, first, last)) as Float32Array;
}

/** The mask of one slice, 0 or 1. */
export async function readMaskSlice(study: Study, volume: string, slice: number): Promise<Uint8Array> {
  return readMaskSlices(study, volume, slice, slice);
}

export async function readMaskSlices(study: Study, volume: string, first: number, last: number): Promise<Uint8Array> {
  return (await readSlices(study, `volumes/${volume}/mask.npy`, first, last)) as Uint8Array;
}

/** The middle slice of a volume's array, of whatever study. @throws IsochromatError `file-not-found`, `npy-…` */
export async function readMiddleSlice(path: string): Promise<{ rows: number; columns: number; data: Float32Array }> {
  const file = await openNpy(path);
  try {
    const [slices = 0, rows = 0, columns = 0] = file.shape;
    const { data } = await file.read(Math.floor(slices / 2), 1);
    return { rows, columns, data: data as Float32Array };
  } finally {
    await file.close();
  }
}

async function readSlices(study: Study, path: string, first: number, last: number): Promise<unknown> {
  const file = await openNpy(study.layout.at(path));
  try {
    return (await file.read(first, last - first + 1)).data;
  } finally {
    await file.close();
  }
}
