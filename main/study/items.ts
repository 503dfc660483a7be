import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { VERSION } from '../domain/version.ts';
import { readOnlyStudy } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import { contentId, newId } from './ids.ts';
import type { Surroundings } from './ids.ts';
import { ITEM_KINDS } from './layout.ts';
import type { ItemKind, Layout } from './layout.ts';
import { moveInto, moveToTrash } from './moves.ts';
import { storeProvenance } from './provenance.ts';
import type { Input, Provenance } from './provenance.ts';
import type { Session } from './session.ts';
import { fromFileSystem } from './sqlite-errors.ts';
import { describeStaged, describeStagedFile, digestOf } from './staged-files.ts';
import type { ItemFile } from './staged-files.ts';

/** What a caller says of where an item came from; ids of items are looked up, the code version is added. */
export interface Origin {
  /** Items by id, or files from outside with their hash. */
  inputs: readonly (string | Input)[];
  configuration: unknown;
  backend?: string;
  device?: string;
  seed?: number | string;
}

export interface NewItem {
  id: string;
  kind: ItemKind;
  origin: Origin;
  /** ISO 8601; default: now. */
  created?: string;
}

/**
 * The spine of the study: every volume, patch set, run, checkpoint … is an item with files, hashes and provenance. An item
 * appears whole or not at all: its files are written in the session's staging folder and synced, then, in one
 * transaction under the write lock, its rows are inserted and its folder is renamed into place.
 */
export class Items {
  private readonly catalogue: Catalogue;
  private readonly layout: Layout;
  private readonly session: Session | undefined;
  private readonly surroundings: Surroundings;
  private staged = 0;
  /** Hears the id of every item once it is there. */
  onPublished: ((id: string) => void) | undefined;

  constructor(catalogue: Catalogue, layout: Layout, session: Session | undefined, surroundings: Surroundings) {
    this.catalogue = catalogue;
    this.layout = layout;
    this.session = session;
    this.surroundings = surroundings;
  }

  now(): string {
    return this.surroundings.now().toISOString();
  }

  /** A fresh id; with the hash of a source, the id that follows from it. */
  newId(prefix: string, sourceSha256?: string): string {
    const taken = (id: string): boolean => this.exists(id);
    return sourceSha256 === undefined
      ? newId(prefix, this.surroundings, taken)
      : contentId(prefix, sourceSha256, this.surroundings, taken);
  }

  exists(id: string): boolean {
    return this.catalogue.one('SELECT 1 FROM items WHERE id = ?', id) !== undefined;
  }

  /** A new, empty folder in which to write the files of an item before it is published. */
  stage(): string {
    const folder = join(this.stagingFolder(), String(this.staged++));
    try {
      mkdirSync(folder);
    } catch (thrown) {
      throw fromFileSystem(thrown, folder);
    }
    return folder;
  }

  /** Throws away what was staged for an item that is not going to be. */
  unstage(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  /** Calls `work` with a staging folder and throws away what of it was not published. */
  async staging<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = this.stage();
    try {
      return await work(folder);
    } finally {
      this.unstage(folder);
    }
  }

  /**
   * Publishes a staged folder as an item. `insert` stores the rows that are particular to its kind, in the same
   * transaction; where it throws, nothing was published and the staged folder is still there. `refuse` comes before it and
   * throws where the item must not be: what another process published since the id was drawn is seen there.
   */
  async publish(item: NewItem, staged: string, insert: () => void, refuse?: () => void): Promise<void> {
    const files = await describeStaged(staged);
    const path = `${ITEM_KINDS[item.kind] ?? ''}/${item.id}`;
    this.putInPlace(staged, path, () => {
      refuse?.();
      this.insert(
        item,
        path,
        files.map((file) => ({ ...file, path: `${path}/${file.path}` })),
        digestOf(files),
      );
      insert();
    });
    this.onPublished?.(item.id);
  }

  /**
   * Publishes one staged file as an item inside the folder of another (a checkpoint of a run).
   * @param path where it belongs, relative to the study
   */
  async publishFile(item: NewItem, staged: string, path: string, insert: () => void): Promise<void> {
    const file = await describeStagedFile(staged, path);
    this.putInPlace(staged, path, () => {
      this.insert(item, path, [file], file.sha256);
      insert();
    });
    this.onPublished?.(item.id);
  }

  /** Adds one staged file to an item that is already there (a sample of a running run). */
  async addFile(id: string, staged: string, path: string): Promise<void> {
    const file = await describeStagedFile(staged, path);
    this.putInPlace(staged, path, () => this.insertFiles(id, [file]));
  }

  /** Records a file that grew in place (a run's metrics) with the hash it ended with. */
  async seal(id: string, path: string): Promise<void> {
    const absolute = this.layout.at(path);
    if (!existsSync(absolute)) return;
    const file = await describeStagedFile(absolute, path);
    this.catalogue.write(() => {
      this.unseal(path);
      this.insertFiles(id, [file]);
    });
  }

  /** Forgets the hash of such a file: it grows again. */
  unseal(path: string): void {
    this.catalogue.run('DELETE FROM files WHERE path = ?', path);
  }

  /** Records an item that has no files of its own; `content` is what its hash is of. */
  record(item: NewItem, content: string, insert: () => void): void {
    this.catalogue.write(() => {
      this.insert(item, null, [], createHash('sha256').update(content).digest('hex'));
      insert();
    });
    this.onPublished?.(item.id);
  }

  /**
   * Moves an item, with those inside its folder (the checkpoints of a run), to the trash, unless something rests on them.
   * The rows are marked first and the files moved after: should the process end in between, the next to open the study
   * finds files without a living row and moves them.
   * @throws IsochromatError `no-such-item`; `item-in-use` while something that was made from it is in the study
   */
  remove(id: string): void {
    this.catalogue.write(() => {
      if (this.catalogue.one('SELECT 1 FROM items WHERE id = ? AND deleted IS NULL', id) === undefined) {
        throw noSuchItem(id);
      }
      const inside = this.catalogue.all<{ id: string }>(
        `SELECT inner.id FROM items AS outer JOIN items AS inner ON inner.path LIKE outer.path || '/%'
         WHERE outer.id = ? AND inner.deleted IS NULL`,
        id,
      );
      const all = [id, ...inside.map((item) => item.id)];
      const users = all.flatMap((each) => this.dependants(each)).filter((user) => !all.includes(user));
      if (users.length > 0) throw inUse(id, users);
      for (const each of all) this.markDeleted(each);
    });
    this.moveFilesToTrash(id);
  }

  /** Moves an item to the trash because another takes its place, whatever rests on it. */
  supersede(id: string): void {
    this.markDeleted(id);
    this.moveFilesToTrash(id);
  }

  /** Living items that were made from this one. */
  dependants(id: string): string[] {
    return this.catalogue
      .all<{ item: string }>(
        `SELECT DISTINCT item FROM provenance_inputs JOIN items ON items.id = item
         WHERE input = ? AND items.deleted IS NULL ORDER BY item`,
        id,
      )
      .map((row) => row.item);
  }

  /** The files of an item, relative to the study. */
  files(id: string): ItemFile[] {
    return this.catalogue.all<ItemFile>('SELECT path, bytes, sha256 FROM files WHERE item = ? ORDER BY path', id);
  }

  /** SHA-256 of an item as it was published: what provenance records of an input. */
  digest(id: string): string {
    const row = this.catalogue.one<{ sha256: string }>('SELECT sha256 FROM items WHERE id = ?', id);
    if (row === undefined) throw noSuchItem(id);
    return row.sha256;
  }

  /** Rows first, the move last, then the commit; should that fail, everything is where it was. */
  private putInPlace(staged: string, path: string, insert: () => void): void {
    const target = this.layout.at(path);
    let moved = false;
    try {
      this.catalogue.write(() => {
        insert();
        // No row has this path, or `insert` had thrown: what lies there was left by a process that was killed.
        if (existsSync(target)) moveToTrash(this.layout, path);
        moveInto(staged, target);
        moved = true;
      });
    } catch (thrown) {
      if (moved) renameSync(target, staged);
      throw thrown;
    }
  }

  private markDeleted(id: string): void {
    this.catalogue.run('UPDATE items SET deleted = ? WHERE id = ? AND deleted IS NULL', this.now(), id);
  }

  private moveFilesToTrash(id: string): void {
    const path = this.catalogue.one<{ path: string | null }>('SELECT path FROM items WHERE id = ?', id)?.path;
    if (path != null) moveToTrash(this.layout, path);
  }

  private insert(item: NewItem, path: string | null, files: ItemFile[], sha256: string): void {
    this.catalogue.run(
      'INSERT INTO items (id, kind, path, sha256, created) VALUES (?, ?, ?, ?, ?)',
      item.id,
      item.kind,
      path,
      sha256,
      item.created ?? this.now(),
    );
    this.insertFiles(item.id, files);
    storeProvenance(this.catalogue, item.id, this.resolve(item.origin));
  }

  private insertFiles(id: string, files: ItemFile[]): void {
    for (const file of files) {
      this.catalogue.run(
        'INSERT INTO files (path, item, bytes, sha256) VALUES (?, ?, ?, ?)',
        file.path,
        id,
        file.bytes,
        file.sha256,
      );
    }
  }

  private resolve({ inputs, ...origin }: Origin): Provenance {
    return {
      ...origin,
      codeVersion: VERSION,
      inputs: inputs.map((input) => {
        if (typeof input !== 'string') return input;
        return { id: input, sha256: this.digest(input) };
      }),
    };
  }

  private stagingFolder(): string {
    if (this.session === undefined) throw readOnlyStudy(this.layout.root);
    return this.session.folder;
  }
}

function inUse(id: string, users: string[]): IsochromatError {
  return new IsochromatError({
    code: 'item-in-use',
    sentence: 'This cannot be removed while something that was made from it is in the study.',
    subject: id,
    found: users.slice(0, 5).join(', ') + (users.length > 5 ? ` and ${users.length - 5} more` : ''),
    remedy: 'Remove those first.',
  });
}

export function noSuchItem(id: string): IsochromatError {
  return new IsochromatError({
    code: 'no-such-item',
    sentence: `There is nothing called "${id}" in the study.`,
    subject: id,
    remedy: 'List what the study holds with "isochromat study info".',
  });
}
