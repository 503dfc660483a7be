import { mkdirSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { loggedError } from '../domain/log-error.ts';

const LARGEST_LOG = 10 * 1024 * 1024;

/** Where logs lie: `ISOCHROMAT_LOG_DIR`, else the user's state folder of the platform. */
export function logFolder(): string {
  const chosen = process.env['ISOCHROMAT_LOG_DIR'];
  if (chosen !== undefined) return chosen;
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'Isochromat', 'Logs');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Logs', 'Isochromat');
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'isochromat');
}

/**
 * The log of one command: a file that keeps everything, stack traces included but no paths or names, and with `verbose` standard error too.
 * A log that cannot be written (read-only home) is no reason to fail: the command then runs without.
 */
export function openLog(verbose: boolean): pino.Logger {
  const streams: pino.StreamEntry[] = verbose
    ? [{ level: 'debug', stream: pino.destination({ fd: 2, sync: true }) }]
    : [];
  try {
    mkdirSync(logFolder(), { recursive: true, mode: 0o700 });
    const file = join(logFolder(), 'isochromat.log');
    rotate(file);
    streams.push({ level: 'debug', stream: pino.destination({ dest: file, sync: true, append: true, mode: 0o600 }) });
  } catch {
    // The sentence on standard error remains; only the details are lost.
  }
  const serializers = { err: (thrown: unknown) => loggedError(thrown) };
  return pino({ level: 'debug', base: { pid: process.pid }, serializers }, pino.multistream(streams));
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_LOG) renameSync(file, `${file}.1`);
}
