import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './durable.ts';
import { readOnlyStudy } from './catalogue.ts';
import type { Study } from './study.ts';

/** How much lies in the trash. */
export function trashContent(study: Study): { entries: number; bytes: number } {
  const { trash } = study.layout;
  if (!existsSync(trash)) return { entries: 0, bytes: 0 };
  const bytes = filesBelow(trash).reduce((sum, path) => sum + lstatSync(join(trash, path)).size, 0);
  return { entries: readdirSync(trash).length, bytes };
}

/** Empties the trash: the only thing in the program that removes stored data for good. */
export function emptyTrash(study: Study): { entries: number; bytes: number } {
  if (study.readOnly) throw readOnlyStudy(study.folder);
  const content = trashContent(study);
  for (const name of existsSync(study.layout.trash) ? readdirSync(study.layout.trash) : []) {
    rmSync(join(study.layout.trash, name), { recursive: true, force: true });
  }
  return content;
}
