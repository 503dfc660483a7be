import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'electron');

/** Longest wait for the download of some 120 MB. */
const PATIENCE = 10 * 60_000;
/** A machine without a way to the releases shall not keep anybody waiting. */
const PATIENCE_FOR_AN_ANSWER = 5000;

/**
 * Electron's program: `ELECTRON_OVERRIDE_DIST_PATH`, or what has been installed. The npm package brings the types only and fetches the program
 * when it is first wanted, so that `npm ci` needs nothing but the package registry.
 * @returns its path; undefined where it is not there
 */
export function installedElectron(): string | undefined {
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe', linux: 'electron' };
  const name = names[process.platform as keyof typeof names] ?? 'electron';
  const program = join(chosen ?? join(packageFolder, 'dist'), name);
  if (!existsSync(program)) return undefined;
  return chosen === undefined && !isComplete() ? undefined : program;
}

/** The installer writes its version last. */
function isComplete(): boolean {
  const stamp = join(packageFolder, 'dist', 'version');
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim().replace(/^v/, '') === version;
}

/** Fetches Electron's program with its own installer, which checks its hash. @returns its path, or why it cannot be had */
export async function fetchElectron(): Promise<{ program: string } | { reason: string }> {
  const mirror = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/';
  try {
    await fetch(mirror, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_FOR_AN_ANSWER) });
  } catch {
    return { reason: `${new URL(mirror).host} cannot be reached` };
  }
  process.stderr.write('Fetching Electron (once, some 120 MB) …\n');
  const installer = join(packageFolder, 'install.js');
  const { status } = spawnSync(process.execPath, [installer], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PATIENCE,
  });
  const program = installedElectron();
  return status === 0 && program !== undefined ? { program } : { reason: 'its download failed' };
}
