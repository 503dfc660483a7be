import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { fileFacts, filesBelow, syncToDisk } from './durable.ts';
import { moveInto } from './moves.ts';
import { noSuchItem } from './items.ts';
import { fromFileSystem } from './sqlite-errors.ts';
import type { Study } from './study.ts';

/** Something that was moved to the trash. */
export interface Trashed {
  id: string;
  kind: string;
  name: string;
  deleted: string;
  bytes: number;
  /** All its files lie in the trash, or it has none. */
  restorable: boolean;
}

/** What was deleted and can be named, the last first. Checkpoints go and come with their run. */
export function trashedItems(study: Study): Trashed[] {
  const names = trashNames(study);
  return study.catalogue
    .all(
      `SELECT items.id, kind, items.path, deleted, coalesce(volumes.name, items.id) AS name,
         (SELECT coalesce(sum(bytes), 0) FROM files WHERE item = items.id) AS bytes
       FROM items LEFT JOIN volumes USING (id)
       WHERE deleted IS NOT NULL AND kind <> 'checkpoint' ORDER BY deleted DESC, items.id`,
    )
    .map((row) => ({
      id: row['id'] as string,
      kind: row['kind'] as string,
      name: row['name'] as string,
      deleted: row['deleted'] as string,
      bytes: row['bytes'] as number,
      restorable: row['path'] === null || candidates(names, row['path'] as string).length > 0,
    }));
}

/**
 * Brings something back from the trash, with what lay inside its folder, after its files were found to be what they were.
 * @throws IsochromatError `no-such-item`; `not-in-trash` where its files are gone or differ; `volume-exists` where
 * the same scan was imported again meanwhile; `external-in-patches` where a volume of a patch set became external; `input-in-trash` where what it was made from is in the trash itself
 */
export async function restoreItem(study: Study, id: string): Promise<void> {
  const item = study.catalogue.one<{ path: string | null; deleted: string | null; kind: string }>(
    'SELECT path, deleted, kind FROM items WHERE id = ?',
    id,
  );
  if (item === undefined || item.deleted === null) throw noSuchItem(id);
  const from = item.path === null ? undefined : await wholeCandidate(study, id, item.path);
  study.transaction(() => {
    requireNoTwin(study, id, item.kind);
    requireInputs(study, id);
    if (item.kind === 'patch-set') study.patchSets.requireNoExternal(id);
    const inside = study.catalogue.all<{ id: string }>(
      `SELECT id FROM items WHERE path LIKE ? || '/%' AND deleted = ?`,
      item.path ?? id,
      item.deleted,
    );
    for (const each of [id, ...inside.map((one) => one.id)]) {
      study.catalogue.run('UPDATE items SET deleted = NULL WHERE id = ?', each);
    }
    if (from !== undefined) bringBack(study, from, item.path!);
  });
}

/** A file of the item comes to its place last: should that fail, the rows are as they were. */
function bringBack(study: Study, from: string, path: string): void {
  const target = study.layout.at(path);
  if (existsSync(target)) throw notInTrash(path, 'something else lies in its place');
  moveInto(from, target);
  syncToDisk(study.layout.trash);
}

function trashNames(study: Study): string[] {
  return existsSync(study.layout.trash) ? readdirSync(study.layout.trash) : [];
}

/** What `moveToTrash` may have called it. */
function candidates(names: readonly string[], path: string): string[] {
  const name = path.replaceAll('/', '-');
  return names.filter((each) => each === name || (each.startsWith(name) && /^\.\d+$/.test(each.slice(name.length))));
}

async function wholeCandidate(study: Study, id: string, path: string): Promise<string> {
  const known = study.catalogue.all<{ path: string; sha256: string }>(
    `SELECT files.path, files.sha256 FROM files JOIN items ON items.id = files.item
     WHERE items.id = ? OR items.path LIKE ? || '/%'`,
    id,
    path,
  );
  for (const name of candidates(trashNames(study), path)) {
    const folder = join(study.layout.trash, name);
    if (await isWhole(folder, path, known)) return folder;
  }
  throw notInTrash(id, 'its files are gone, or are not as they were stored');
}

async function isWhole(
  folder: string,
  path: string,
  known: readonly { path: string; sha256: string }[],
): Promise<boolean> {
  const present = new Set(filesBelow(folder));
  for (const file of known) {
    const inside = file.path.slice(path.length + 1);
    if (inside === '' || !present.has(inside)) return false;
    try {
      if ((await fileFacts(join(folder, inside))).sha256 !== file.sha256) return false;
    } catch (thrown) {
      throw fromFileSystem(thrown, folder);
    }
  }
  return true;
}

function requireNoTwin(study: Study, id: string, kind: string): void {
  if (kind !== 'volume') return;
  const source = study.catalogue.one<{ sha: string; n: number }>(
    'SELECT source_sha256 AS sha, source_index AS n FROM volumes WHERE id = ?',
    id,
  );
  const twin = source === undefined ? undefined : study.volumes.findBySource(source.sha, source.n);
  if (twin === undefined) return;
  throw new IsochromatError({
    code: 'volume-exists',
    sentence: `The same scan was imported again meanwhile, as ${twin.id}.`,
    subject: id,
    remedy: 'Remove that volume first if this one is to come back.',
  });
}

function requireInputs(study: Study, id: string): void {
  const missing = study.catalogue.all<{ id: string }>(
    `SELECT items.id FROM provenance_inputs JOIN items ON items.id = input
     WHERE item = ? AND items.deleted IS NOT NULL AND items.kind <> 'latents'`,
    id,
  );
  if (missing.length === 0) return;
  throw new IsochromatError({
    code: 'input-in-trash',
    sentence: 'What this was made from is in the trash too.',
    subject: id,
    found: missing
      .slice(0, 5)
      .map((each) => each.id)
      .join(', '),
    remedy: 'Restore that first.',
  });
}

function notInTrash(id: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'not-in-trash',
    sentence: 'This cannot be brought back from the trash.',
    subject: id,
    expected: 'its files, as they were stored',
    found,
  });
}
