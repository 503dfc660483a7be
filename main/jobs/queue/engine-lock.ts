import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { IsochromatError } from '../../domain/errors.ts';
import { openStudy } from '../../study/index.ts';
import type { OpenOptions, Study } from '../../study/index.ts';

/** Which engine has a study open. */
export interface EngineHolder {
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
}

/** A study that is open in this engine. `close` closes it and lets go of it. */
export interface EngineStudy {
  study: Study;
  /** The other engine that has it, where it was opened for reading only because of that. */
  heldBy: EngineHolder | null;
  close(): void;
}

/**
 * Opens a study for an engine: one engine at a time works on it. (Commands may beside it.) With `whenHeld: 'read-only'`, a study
 * that another engine has is opened for reading.
 * @throws IsochromatError `study-in-use`, and what `openStudy` throws
 */
export async function openForEngine(
  folder: string,
  options: OpenOptions & { whenHeld?: 'refuse' | 'read-only' } = {},
): Promise<EngineStudy> {
  const { whenHeld = 'refuse', ...open } = options;
  const root = resolve(folder);
  const readOnly = async (heldBy: EngineHolder | null): Promise<EngineStudy> => {
    const study = await openStudy(root, { ...open, readOnly: true });
    return { study, heldBy, close: () => study.close() };
  };
  if (open.readOnly === true) return readOnly(null);
  // Only a study gets a lock: whatever else the folder is, `openStudy` says so.
  (await openStudy(root, { ...open, readOnly: true }).catch(tolerateOlder))?.close();
  const lock = takeLock(root);
  if (lock === undefined) {
    const holder = holderOf(root);
    if (whenHeld === 'refuse') throw studyInUse(root, holder);
    return readOnly(holder ?? { pid: 0, host: 'unknown', since: '' });
  }
  try {
    const study = await openStudy(root, open);
    return {
      study,
      heldBy: null,
      close: () => {
        study.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/** A study of an older version cannot be opened for reading before it is brought up to date: it is a study all the same. */
function tolerateOlder(thrown: unknown): undefined {
  const { code } = thrown as { code?: unknown };
  if (code !== 'study-older') throw thrown;
}

/**
 * The operating system's lock on a file, held through SQLite as those of sessions (study/session.ts): it goes with the process,
 * however that ends, so no lock is ever stale. The file stays: were it removed, two engines could each hold one of that name.
 */
function takeLock(root: string): { release(): void } | undefined {
  const { folder, lockFile, holderFile } = placesOf(root);
  let database: DatabaseSync;
  try {
    mkdirSync(folder, { recursive: true });
    database = new DatabaseSync(lockFile, { timeout: 0 });
  } catch (thrown) {
    throw cannotLock(root, thrown);
  }
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    database.close();
    // SQLITE_BUSY: somebody has it.
    if (((thrown as { errcode?: number }).errcode ?? 0) % 256 === 5) return undefined;
    throw cannotLock(root, thrown);
  }
  const holder: EngineHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    writeFileSync(holderFile, `${JSON.stringify(holder)}\n`);
  } catch {
    // The lock counts; who holds it is told as well as may be.
  }
  return {
    release: () => {
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

/** Who says to have it; of a holder that was killed what it wrote remains until the next one writes. */
function holderOf(root: string): EngineHolder | null {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(placesOf(root).holderFile, 'utf8')) as EngineHolder;
    return { pid: Number(pid), host: String(host), since: String(since) };
  } catch {
    return null;
  }
}

function placesOf(root: string): { folder: string; lockFile: string; holderFile: string } {
  const folder = join(root, 'jobs');
  return { folder, lockFile: join(folder, 'engine.lock'), holderFile: join(folder, 'engine.json') };
}

function studyInUse(root: string, holder: EngineHolder | null): IsochromatError {
  return new IsochromatError({
    code: 'study-in-use',
    sentence: 'This study is open in another Isochromat.',
    subject: root,
    ...(holder === null
      ? {}
      : { found: `process ${holder.pid} on ${holder.host}, since ${holder.since.replace('T', ' ').slice(0, 16)} UTC` }),
    remedy: 'Close it there first, or open it here for reading only.',
  });
}

function cannotLock(root: string, cause: unknown): IsochromatError {
  return new IsochromatError({
    code: 'study-read-only',
    sentence: 'The study cannot be written to.',
    subject: root,
    remedy: 'Give this user write permission on the study folder, or open it for reading only.',
    cause,
  });
}
