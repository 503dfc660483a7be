import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { IsochromatError } from '../domain/errors.ts';

/**
 * Opens a regular file for reading and says its size.
 * @throws IsochromatError `file-not-found`, `not-a-file` or `read-failed`
 */
export async function openForReading(path: string): Promise<{ file: FileHandle; size: number }> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (thrown) {
    throw asReadError(thrown, path);
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) {
      throw new IsochromatError({
        code: 'not-a-file',
        sentence: 'This is not a file.',
        subject: path,
        expected: 'a regular file',
      });
    }
    return { file, size: status.size };
  } catch (thrown) {
    await file.close();
    throw asReadError(thrown, path);
  }
}

/**
 * Fills `bytes` from `position` on.
 * @throws IsochromatError `file-changed` when the file ends before (it was cut while being read)
 */
export async function readFully(file: FileHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
  // A single system call moves at most 2 GiB.
  const largest = 1 << 30;
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(largest, bytes.byteLength - done), position + done);
    if (bytesRead === 0) {
      throw new IsochromatError({
        code: 'file-changed',
        sentence: 'The file became shorter while it was being read.',
        subject: path,
        expected: `${bytes.byteLength} bytes at ${position}`,
        found: `${done} bytes`,
        remedy: 'Make sure that no other program is writing it, and try again.',
      });
    }
    done += bytesRead;
  }
}

/** What the system says about a failed read, in words; errors of ours pass through. */
export function asReadError(thrown: unknown, path: string): unknown {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  if (thrown instanceof IsochromatError || code === undefined) return thrown;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new IsochromatError({
      code: 'file-not-found',
      sentence: 'There is no such file.',
      subject: path,
      cause: thrown,
    });
  }
  const sentence =
    code === 'EACCES' || code === 'EPERM' ? 'This file may not be read.' : `The file could not be read (${code}).`;
  return new IsochromatError({ code: 'read-failed', sentence, subject: path, cause: thrown });
}
