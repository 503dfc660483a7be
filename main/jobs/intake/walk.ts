import { opendir, stat } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cancelled } from '../../domain/errors.ts';
import type { WorkContext } from '../../domain/progress.ts';
import type { Refusal, SourceFile } from './handler.ts';

/** A file to look at; `named`: by the user, so that it deserves a word whatever it is. */
export interface WalkedFile extends SourceFile {
  named: boolean;
}

export interface Walk {
  files: WalkedFile[];
  refused: Refusal[];
}

/**
 * The files that are named, and all below the folders that are, sorted, each once. Links inside folders are not followed,
 * so nothing outside them is read and no loop is entered; pipes, sockets and devices are not opened; folders of studies are left alone.
 * What cannot be looked at is refused, and the walk goes on.
 * @throws IsochromatError `cancelled`
 */
export async function walk(paths: readonly string[], context: WorkContext = {}): Promise<Walk> {
  const files = new Map<string, WalkedFile>();
  const refused: Refusal[] = [];
  const folders: string[] = [];
  for (const path of paths.map((each) => resolve(each))) {
    try {
      const status = await stat(path);
      if (status.isDirectory()) folders.push(path);
      else if (status.isFile()) files.set(path, { path, bytes: status.size, mtimeMs: status.mtimeMs, named: true });
      else refused.push(notAFile(path));
    } catch (thrown) {
      refused.push(unreadable(path, thrown));
    }
  }
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (isStudy(folder)) {
      refused.push({ path: folder, code: 'is-a-study', reason: 'This folder is a study of Isochromat, not scans.' });
      continue;
    }
    try {
      for await (const entry of await opendir(folder)) {
        if (context.signal?.aborted === true) throw cancelled('Looking for scans');
        const path = join(folder, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isFile()) await addFile(files, refused, path);
        else if (entry.isSymbolicLink()) refused.push(link(path));
        else refused.push(notAFile(path));
        if (files.size % 1000 === 0) context.onProgress?.({ stage: 'Looking for scans', done: files.size });
      }
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code === 'cancelled') throw thrown;
      refused.push(unreadable(folder, thrown));
    }
  }
  const inOrder = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: inOrder, refused };
}

async function addFile(files: Map<string, WalkedFile>, refused: Refusal[], path: string): Promise<void> {
  if (files.has(path)) return;
  try {
    const { size, mtimeMs } = await stat(path);
    files.set(path, { path, bytes: size, mtimeMs, named: false });
  } catch (thrown) {
    refused.push(unreadable(path, thrown));
  }
}

function isStudy(folder: string): boolean {
  const description = join(folder, 'study.json');
  if (!existsSync(description)) return false;
  try {
    return readFileSync(description, 'utf8').includes('isochromat-study');
  } catch {
    return false;
  }
}

function link(path: string): Refusal {
  return {
    path,
    code: 'link-not-followed',
    reason: 'This is a link; links are not followed, so that nothing outside the folder is read.',
  };
}

function notAFile(path: string): Refusal {
  return { path, code: 'not-a-file', reason: 'This is neither a file nor a folder.' };
}

function unreadable(path: string, thrown: unknown): Refusal {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? { path, code: 'file-not-found', reason: 'There is no such file or folder.' }
    : { path, code: 'read-failed', reason: `This may not be read (${code ?? 'unknown reason'}).` };
}
