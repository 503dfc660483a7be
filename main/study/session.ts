import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK = '.lock';

/**
 * One process at work on a study. A session holds the operating system's lock on a small file for as long as it
 * lives; the system lets go of it however the process ends, kill −9 included. That is how the next one to open the
 * study knows which half-written files belong to nobody. (SQLite takes the lock: Node has no file locks of its own, and
 * SQLite's work on every platform.)
 */
export class Session {
  readonly id: string;
  /** Where this session writes what is not finished. */
  readonly folder: string;
  private readonly lockFile: string;
  private readonly lock: DatabaseSync;

  /** Call with the catalogue's write lock held: nobody may look for dead sessions while this one is being born. */
  constructor(staging: string, id: string) {
    this.id = id;
    this.folder = join(staging, id);
    this.lockFile = join(staging, id + LOCK);
    mkdirSync(this.folder, { recursive: true });
    this.lock = new DatabaseSync(this.lockFile);
    // The file stays empty; only the lock on it counts.
    this.lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  }

  /** Ends the session and removes what it left unfinished. */
  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.lock.close();
    rmSync(this.lockFile, { force: true });
  }
}

/** Ids of the sessions whose process has ended, and of those still alive. */
export function sessionsIn(staging: string): { alive: string[]; dead: string[] } {
  const result = { alive: [] as string[], dead: [] as string[] };
  if (!existsSync(staging)) return result;
  const names = readdirSync(staging);
  const ids = new Set(names.map((name) => (name.endsWith(LOCK) ? name.slice(0, -LOCK.length) : name)));
  for (const id of [...ids].sort()) {
    const lockFile = join(staging, id + LOCK);
    (existsSync(lockFile) && isHeld(lockFile) ? result.alive : result.dead).push(id);
  }
  return result;
}

/** What a session left unfinished, as names inside its folder. */
export function leftBy(staging: string, id: string): string[] {
  const folder = join(staging, id);
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Removes the traces of a session that has ended. */
export function clearSession(staging: string, id: string): void {
  rmSync(join(staging, id), { recursive: true, force: true });
  rmSync(join(staging, id + LOCK), { force: true });
}

function isHeld(lockFile: string): boolean {
  const probe = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    probe.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    probe.close();
  }
}
