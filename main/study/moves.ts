import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { syncToDisk } from './durable.ts';
import type { Layout } from './layout.ts';
import { fromFileSystem } from './sqlite-errors.ts';

/** Renames a synced file or folder to its place, which must be free, and syncs the folder that names it. */
export function moveInto(staged: string, target: string): void {
  if (existsSync(target)) {
    throw new IsochromatError({
      code: 'item-exists',
      sentence: 'Something is already where the new item belongs; nothing is overwritten.',
      subject: target,
      remedy: 'Open the study again: what does not belong to it is moved to its trash.',
    });
  }
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
