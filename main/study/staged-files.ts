import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { fileFacts, filesBelow, syncToDisk } from './durable.ts';
import type { FileFacts } from './durable.ts';

/** A file of an item, relative to the item while it is staged, to the study once it is published. */
export interface ItemFile extends FileFacts {
  path: string;
}

/** The hash of one file, or of the lines `hash  name` of several: what `sha256sum` would print, hashed. */
export function digestOf(files: readonly { path: string; sha256: string }[]): string {
  if (files.length === 1) return files[0]!.sha256;
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.sha256}  ${basename(file.path)}\n`);
  return hash.digest('hex');
}

/** Syncs one file to the disk and says what it is, under the path it is to have. */
export async function describeStagedFile(file: string, path: string): Promise<ItemFile> {
  syncToDisk(file);
  return { path, ...(await fileFacts(file)) };
}

/** Syncs every file of a staged folder to the disk and says what they are. */
export async function describeStaged(folder: string): Promise<ItemFile[]> {
  const files: ItemFile[] = [];
  for (const path of filesBelow(folder)) {
    files.push(await describeStagedFile(join(folder, path), path));
  }
  syncToDisk(folder);
  return files;
}
