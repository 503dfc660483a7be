import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';

export interface FoundFile {
  /** Absolute. */
  path: string;
  bytes: number;
}

/** The signature of HDF5 (format specification III.A) may stand at 0, 512, 1024, 2048 … */
const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const SIGNATURE_OFFSETS = [0, 512, 1024, 2048];

/**
 * The files to import: those named, and below folders those whose content says that they are HDF5. Links inside folders are
 * not followed, so nothing outside them is read. Sorted, each once.
 * @throws IsochromatError `nothing-to-import` when there is none
 */
export async function findImportFiles(paths: readonly string[]): Promise<{ files: FoundFile[]; otherFiles: number }> {
  const found = new Map<string, FoundFile>();
  let otherFiles = 0;
  for (const path of paths.map((each) => resolve(each))) {
    const status = await stat(path).catch(() => undefined);
    // What is not there fails as a file of the batch, with its own sentence.
    if (status?.isDirectory() !== true) found.set(path, { path, bytes: status?.size ?? 0 });
    else {
      for await (const file of filesBelow(path)) {
        if (await isHdf5(file)) found.set(file, { path: file, bytes: (await stat(file)).size });
        else otherFiles++;
      }
    }
  }
  const files = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (files.length > 0) return { files, otherFiles };
  throw new IsochromatError({
    code: 'nothing-to-import',
    sentence: 'There is nothing to import here.',
    subject: paths.join(', '),
    expected: 'fastMRI files (HDF5), or folders with such files',
    found: otherFiles === 0 ? 'no files' : `${otherFiles} other files`,
  });
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

async function isHdf5(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const start = Buffer.alloc(SIGNATURE_OFFSETS.at(-1)! + SIGNATURE.length);
    await file.read(start, 0, start.length, 0);
    return SIGNATURE_OFFSETS.some((at) => start.subarray(at, at + SIGNATURE.length).equals(SIGNATURE));
  } finally {
    await file.close();
  }
}
