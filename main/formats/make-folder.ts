import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';

/**
 * Makes a folder that the user named, with those above it. One that is there is fine. Node's own `recursive` is not used: where a file
 * system answers "no such folder" for every new one, as /proc does, it tries for ever, deaf to signals.
 * @throws IsochromatError `folder-not-made`; its cause is the system's error
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) {
    missing.push(folder);
    folder = dirname(folder);
  }
  try {
    for (const each of missing.reverse()) {
      try {
        mkdirSync(each);
      } catch (thrown) {
        // Another process may have made it meanwhile.
        if (!existsSync(each)) throw thrown;
      }
    }
    if (!statSync(resolve(path)).isDirectory()) throw new Error('there is a file of this name');
  } catch (thrown) {
    throw new IsochromatError({
      code: 'folder-not-made',
      sentence: 'This folder cannot be made.',
      subject: path,
      found: reasonOf(thrown),
      remedy: 'Choose a place that you may write to.',
      cause: thrown,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'a disk that is read only',
  ENOSPC: 'a disk that is full',
  ENOTDIR: 'a file where a folder should be',
  ENOENT: 'a place where no folders can be made',
};

function reasonOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? code ?? message;
}
