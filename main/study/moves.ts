import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncToDisk } from './durable.ts';
import type { Layout } from './layout.ts';
import { fromFileSystem } from './sqlite-errors.ts';

/** Renames a synced file or folder to its place, which is free, and syncs the folder that names it. */
export function moveInto(staged: string, target: string): void {
  try {
    mkdirSync(dirname(target), { recursive: true });
    renameSync(staged, target);
    syncToDisk(dirname(target));
  } catch (thrown) {
    throw fromFileSystem(thrown, target);
  }
}

/** Moves something of the study to the trash, under a name that is free there. Nothing happens where it is gone. */
export function moveToTrash(layout: Layout, path: string): void {
  mkdirSync(layout.trash, { recursive: true });
  const name = path.replaceAll('/', '-');
  for (let attempt = 0; ; attempt++) {
    const target = join(layout.trash, attempt === 0 ? name : `${name}.${attempt}`);
    if (existsSync(target)) continue;
    try {
      renameSync(layout.at(path), target);
    } catch (thrown) {
      if ((thrown as { code?: string }).code !== 'ENOENT') throw fromFileSystem(thrown, layout.at(path));
    }
    return;
  }
}
