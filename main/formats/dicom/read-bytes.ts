import { readFile, stat } from 'node:fs/promises';
import { IsochromatError } from '../../domain/errors.ts';
import { asReadError } from '../read-file.ts';

/** A whole file is held in memory while it is read. */
const LARGEST_FILE = 1 << 29;

/** @throws IsochromatError `file-not-found`, `read-failed`, `dicom-file-too-large` */
export async function readDicomBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_FILE) return await readFile(path);
    throw new IsochromatError({
      code: 'dicom-file-too-large',
      sentence: 'This DICOM file is larger than any that can be read.',
      subject: path,
      expected: `at most ${LARGEST_FILE / 2 ** 20} MB`,
      found: `${Math.round(size / 2 ** 20)} MB`,
      remedy: 'Export the series as one file an image.',
    });
  } catch (thrown) {
    throw asReadError(thrown, path);
  }
}
