import type { DatabaseSync } from 'node:sqlite';
import { IsochromatError } from '../domain/errors.ts';

/**
 * Brings a catalogue to the newest version, each step in a transaction of its own: a step that fails leaves the version before it.
 * The version is SQLite's `user_version`; an empty database has 0.
 *
 * @throws IsochromatError `study-newer` for a catalogue of a later program, `study-older` for one that would have to be
 * migrated but is open for reading only.
 */
export function migrate(
  database: DatabaseSync,
  migrations: readonly string[],
  { file, readOnly }: { file: string; readOnly: boolean },
): void {
  const newest = migrations.length;
  const version = versionOf(database);
  if (version > newest) {
    throw new IsochromatError({
      code: 'study-newer',
      sentence: 'The study was written by a newer version of Isochromat.',
      subject: file,
      expected: `catalogue version ${newest} or older`,
      found: `version ${version}`,
      remedy: 'Install the newest Isochromat.',
    });
  }
  if (version < newest && readOnly) {
    throw new IsochromatError({
      code: 'study-older',
      sentence: 'The study was written by an older version of Isochromat and has to be brought up to date first.',
      subject: file,
      expected: `catalogue version ${newest}`,
      found: `version ${version}`,
      remedy: 'Open it once where this user may write to it.',
    });
  }
  while (versionOf(database) < newest) step(database, migrations);
}

function step(database: DatabaseSync, migrations: readonly string[]): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have taken this step in the meantime.
    const version = versionOf(database);
    const sql = migrations[version];
    if (sql !== undefined) {
      database.exec(sql);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    }
    database.exec('COMMIT');
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
