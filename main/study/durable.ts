import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fromFileSystem } from './sqlite-errors.ts';

/** Makes what was written to a file, or the names in a folder, survive a power cut. */
export function syncToDisk(path: string): void {
  // Windows can neither open nor sync a folder; NTFS journals the rename itself.
  const isFolder = lstatSync(path).isDirectory();
  if (isFolder && process.platform === 'win32') return;
  const handle = openSync(path, isFolder ? constants.O_RDONLY : constants.O_RDWR);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes a new file and syncs it. Fails where the file exists: nothing is overwritten. */
export function writeNewFile(path: string, content: string): void {
  try {
    const handle = openSync(path, 'wx');
    try {
      writeSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    syncToDisk(dirname(path));
  } catch (thrown) {
    throw fromFileSystem(thrown, path);
  }
}

export interface FileFacts {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Size and SHA-256 of a file, read as a stream: memory does not grow with it. */
export async function fileFacts(path: string, signal?: AbortSignal): Promise<FileFacts> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Every file below a folder, as paths relative to it with forward slashes, sorted. Links are listed, not followed. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (inside: string): void => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else found.push(path);
    }
  };
  visit('');
  return found.sort();
}
