import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';

const root = join(import.meta.dirname, '..', '..');
const stamp = join(root, 'build', 'renderer.sha256');
const lock = join(root, 'build', 'renderer.lock');
const LOCK_IS_STALE_MS = 120_000;

/** Folder of the built window, built anew where its sources changed; of several processes that ask, one builds. */
export async function builtWindow(): Promise<string> {
  const folder = join(root, 'build', 'renderer');
  const sources = hashOf(['renderer', 'vite.config.ts', 'package-lock.json', 'main/domain']);
  const isBuilt = (): boolean =>
    existsSync(join(folder, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
  while (!isBuilt()) {
    if (!takeLock()) {
      await wait(200);
      continue;
    }
    try {
      if (!isBuilt()) {
        await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
        writeFileSync(stamp, sources);
      }
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return folder;
}

function takeLock(): boolean {
  mkdirSync(join(root, 'build'), { recursive: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_IS_STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) add(`${path}/${name}`);
    } else hash.update(path).update(readFileSync(join(root, path)));
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}
