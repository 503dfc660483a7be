import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';

const PARTIAL = /\.partial-[0-9a-f]{12}$/;

/** True for the names that half-written files have: what opening a study may remove. */
export function isPartialFile(name: string): boolean {
  return PARTIAL.test(name);
}

/**
 * A file that appears under its name only when it is whole: it is written beside its place under a temporary name,
 * flushed to the disk and renamed. A crash leaves a `….partial-…` file and never half a result.
 */
export class AtomicFile {
  readonly path: string;
  /** Where the content goes until `commit`. */
  readonly temporaryPath: string;

  constructor(path: string) {
    this.path = path;
    this.temporaryPath = `${path}.partial-${randomBytes(6).toString('hex')}`;
  }

  /** Flushes the temporary file, gives it its name, and flushes the folder that holds the name. */
  async commit(): Promise<void> {
    const handle = await open(this.temporaryPath, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(this.temporaryPath, this.path);
    await syncFolder(dirname(this.path));
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await rm(this.temporaryPath, { force: true });
  }
}

/**
 * Writes a whole file or none of it.
 * @param write puts the content into the opened temporary file
 * @throws IsochromatError `write-failed` naming the file when the disk or folder does not take it
 */
export async function writeFileAtomically(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = new AtomicFile(path);
  try {
    const handle = await open(file.temporaryPath, 'wx');
    try {
      await write(handle);
    } finally {
      await handle.close();
    }
    await file.commit();
  } catch (thrown) {
    await file.discard().catch(() => {});
    throw asWriteError(thrown, path);
  }
}

/** Writes every byte at `position`, however few the system takes at a time. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  // A single system call moves at most 2 GiB.
  const largest = 1 << 30;
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(largest, bytes.byteLength - done), position + done);
    done += bytesWritten;
  }
}

/** What the system says about a failed write, in words; errors of ours pass through. */
export function asWriteError(thrown: unknown, path: string): unknown {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  if (thrown instanceof IsochromatError || code === undefined) return thrown;
  const reasons: Record<string, [string, string]> = {
    ENOSPC: ['The disk is full.', 'Free some space and try again; nothing half-written was kept.'],
    EDQUOT: ['The disk quota is used up.', 'Free some space and try again; nothing half-written was kept.'],
    EROFS: ['The disk is read-only.', 'Choose a folder that can be written to.'],
    EACCES: ['This folder may not be written to.', 'Choose another folder or ask for the permission.'],
    EPERM: ['This folder may not be written to.', 'Choose another folder or ask for the permission.'],
    ENOENT: ['The folder to write to does not exist.', 'Create the folder first.'],
    EISDIR: ['There is a folder of that name.', 'Choose another name.'],
  };
  const [sentence, remedy] = reasons[code] ?? [
    `The file could not be written (${code}).`,
    'Check the disk and try again.',
  ];
  return new IsochromatError({ code: 'write-failed', sentence, subject: path, remedy, cause: thrown });
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename itself is journalled.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
