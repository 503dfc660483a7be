import { readFile } from 'node:fs/promises';
import { parseDicom } from '../../../main/formats/dicom/parse.ts';
import { openPixels } from '../../../main/formats/dicom/pixel-data.ts';
import { floats } from './task.ts';
import type { PrepareTask } from './task.ts';

/** Every pixel of some DICOM files, as they are stored. */
export const readDicom: PrepareTask = async (_input, { files }) => {
  const paths = files as unknown as string[];
  const sum = async (path: string): Promise<number> => {
    const pixels = openPixels(parseDicom(await readFile(path), path));
    let total = 0;
    for (let frame = 0; frame < pixels.layout.frames; frame++) {
      for (const value of await pixels.read(frame)) total += value;
    }
    return total;
  };
  return {
    version: 'dicom-parser',
    answer: async () => {
      const sums: number[] = [];
      for (const path of paths) sums.push(await sum(path));
      return { sums: floats(Float32Array.from(sums)) };
    },
    run: async () => {
      for (const path of paths) await sum(path);
    },
  };
};
