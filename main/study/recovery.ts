import { existsSync, readdirSync } from 'node:fs';
import type { Catalogue } from './catalogue.ts';
import { filesBelow } from './durable.ts';
import { moveToTrash } from './moves.ts';
import { ITEM_FOLDERS, METRICS_FILE } from './layout.ts';
import type { Layout } from './layout.ts';
import { clearSession, leftBy, sessionsIn } from './session.ts';

/** What was put right when the study was opened, for the user to be told. */
export interface Recovery {
  /** Items that a process which has ended had not finished writing: removed. */
  removed: string[];
  /** Files and folders that no living row of the catalogue knows: moved to the trash. */
  movedToTrash: string[];
  /** Runs whose process has ended: now `interrupted`. */
  interruptedRuns: string[];
  /** Items of the catalogue whose files are missing: reported, nothing is changed. */
  missing: string[];
}

export function nothingToRecover(recovery: Recovery): boolean {
  return Object.values(recovery).every((list: string[]) => list.length === 0);
}

/**
 * Puts a study right after processes that ended in the middle of something. Call with the catalogue's write lock held: items
 * appear under that lock only, so nothing that a living process does can look half done.
 */
export function recover(catalogue: Catalogue, layout: Layout): Recovery {
  const { alive, dead } = sessionsIn(layout.staging);
  const removed = dead.flatMap((session) => leftBy(layout.staging, session));
  for (const session of dead) clearSession(layout.staging, session);

  const interruptedRuns = catalogue
    .all<{ id: string }>(
      `SELECT id FROM runs WHERE status = 'running' AND (session IS NULL OR session NOT IN (SELECT value FROM json_each(?)))`,
      JSON.stringify(alive),
    )
    .map((row) => row.id);
  for (const id of interruptedRuns) catalogue.run(`UPDATE runs SET status = 'interrupted' WHERE id = ?`, id);

  const movedToTrash = [...strangers(catalogue, layout), ...strangersInRuns(catalogue, layout)];
  for (const path of movedToTrash) moveToTrash(layout, path);
  return { removed, movedToTrash, interruptedRuns, missing: missingItems(catalogue, layout) };
}

/** Ids of living items whose files are not there. */
export function missingItems(catalogue: Catalogue, layout: Layout): string[] {
  const names = new Map(ITEM_FOLDERS.map((folder) => [folder as string, new Set(entries(layout, folder))]));
  return livingPaths(catalogue)
    .filter(({ path }) => {
      const [folder, name, ...inside] = path.split('/') as [string, string, ...string[]];
      if (inside.length > 0) return !existsSync(layout.at(path));
      return !(names.get(folder)?.has(name) ?? false);
    })
    .map(({ id }) => id);
}

/** Entries of the item folders that no living item has. */
function strangers(catalogue: Catalogue, layout: Layout): string[] {
  const known = new Set(livingPaths(catalogue).map(({ path }) => path));
  return ITEM_FOLDERS.flatMap((folder) => entries(layout, folder).map((name) => `${folder}/${name}`)).filter(
    (path) => !known.has(path),
  );
}

/** Files inside living runs, which grow one file at a time, that no row knows. */
function strangersInRuns(catalogue: Catalogue, layout: Layout): string[] {
  const known = new Set(
    catalogue
      .all<{ path: string }>(
        `SELECT files.path FROM files JOIN items ON items.id = files.item
         WHERE items.deleted IS NULL AND items.kind IN ('run', 'checkpoint')`,
      )
      .map((row) => row.path),
  );
  return livingPaths(catalogue, 'run')
    .filter(({ path }) => existsSync(layout.at(path)))
    .flatMap(({ path }) => filesBelow(layout.at(path)).map((file) => `${path}/${file}`))
    .filter((path) => !known.has(path) && !path.endsWith(`/${METRICS_FILE}`));
}

function livingPaths(catalogue: Catalogue, kind?: string): { id: string; path: string }[] {
  return kind === undefined
    ? catalogue.all('SELECT id, path FROM items WHERE deleted IS NULL AND path IS NOT NULL')
    : catalogue.all('SELECT id, path FROM items WHERE deleted IS NULL AND path IS NOT NULL AND kind = ?', kind);
}

function entries(layout: Layout, folder: string): string[] {
  const path = layout.at(folder);
  return existsSync(path) ? readdirSync(path) : [];
}
