import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { Catalogue } from '../../main/study/catalogue.ts';
import { MIGRATIONS } from '../../main/study/migrations/index.ts';
import { openStudy, verifyStudy } from '../../main/study/index.ts';
import { addVolume, sha256, temporaryFolder, temporaryStudy } from './temporary-study.ts';

describe('an older catalogue', () => {
  test('of version 1 is brought up to date with everything in it', async () => {
    const study = await temporaryStudy();
    await addVolume(study, 'one');
    study.close();
    // Back to version 1: the tables that later versions added are empty and go.
    const database = new DatabaseSync(join(study.folder, 'study.db'));
    const later = MIGRATIONS.slice(1).join('\n');
    for (const [, table] of later.matchAll(/CREATE TABLE (\w+)/g)) database.exec(`DROP TABLE ${table}`);
    database.exec('PRAGMA user_version = 1');
    database.close();
    await expect(openStudy(study.folder, { readOnly: true })).rejects.toMatchObject({ code: 'study-older' });
    const again = await openStudy(study.folder);
    expect(again.volumes.list().map((volume) => volume.name)).toEqual(['one']);
    const run = await again.runs.start({ kind: 'flow', configuration: {}, inputs: [] });
    expect(again.runs.get(run.id).status).toBe('running');
    expect(await verifyStudy(again)).toMatchObject({ ok: true });
    again.close();
  });

  test('has at each version what its own migrations give, and rows outlive the rest', () => {
    const file = join(temporaryFolder(), 'study.db');
    new Catalogue(file, { migrations: MIGRATIONS.slice(0, 1) }).close();
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    database
      .prepare('INSERT INTO items (id, kind, path, sha256, created) VALUES (?, ?, ?, ?, ?)')
      .run('a', 'volume', 'volumes/a', sha256('a'), '2024');
    database.close();
    const catalogue = new Catalogue(file);
    expect(catalogue.one('SELECT id FROM items')).toEqual({ id: 'a' });
    expect(catalogue.one('SELECT count(*) AS n FROM runs')).toEqual({ n: 0 });
    expect(catalogue.integrityProblems()).toEqual([]);
    catalogue.close();
  });

  test('stays at its version when a migration fails half way', () => {
    const file = join(temporaryFolder(), 'study.db');
    const broken = [...MIGRATIONS, 'CREATE TABLE half (a TEXT) STRICT; INSERT INTO nowhere VALUES (1)'];
    expect(() => new Catalogue(file, { migrations: broken })).toThrow();
    const catalogue = new Catalogue(file);
    expect(catalogue.all(`SELECT name FROM sqlite_schema WHERE name = 'half'`)).toEqual([]);
    catalogue.close();
  });

  test('of a newer program is refused', () => {
    const file = join(temporaryFolder(), 'study.db');
    new Catalogue(file, { migrations: [...MIGRATIONS, 'CREATE TABLE later (a TEXT) STRICT'] }).close();
    expect(() => new Catalogue(file)).toThrow(expect.objectContaining({ code: 'study-newer' }));
  });
});

describe('the catalogue', () => {
  test('stores all of a transaction or nothing', () => {
    const catalogue = new Catalogue(join(temporaryFolder(), 'study.db'));
    const insert = (id: string): void => {
      const sql = 'INSERT INTO items (id, kind, path, sha256, created) VALUES (?, ?, ?, ?, ?)';
      catalogue.run(sql, id, 'volume', `volumes/${id}`, sha256(id), '2024');
    };
    expect(() =>
      catalogue.write(() => {
        insert('a');
        catalogue.write(() => insert('b'));
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(catalogue.all('SELECT id FROM items')).toEqual([]);
    catalogue.write(() => insert('c'));
    expect([...catalogue.each('SELECT id FROM items')]).toEqual([{ id: 'c' }]);
    catalogue.close();
  });

  test('refuses rows that point nowhere and values of the wrong kind', () => {
    const catalogue = new Catalogue(join(temporaryFolder(), 'study.db'));
    expect(() =>
      catalogue.run('INSERT INTO provenance (item, configuration, code_version) VALUES (?, ?, ?)', 'x', '{}', '1'),
    ).toThrow(/FOREIGN KEY/);
    expect(() =>
      catalogue.run(
        'INSERT INTO items (id, kind, sha256, created) VALUES (?, ?, ?, ?)',
        'x',
        'volume',
        'short',
        '2024',
      ),
    ).toThrow(/CHECK/);
    catalogue.close();
  });
});
