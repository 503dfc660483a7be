import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EngineAddress {
  /** Path of a unix socket, or name of a Windows pipe. */
  socket: string;
  /** Takes away what was made for it. */
  remove(): void;
}

/**
 * A new address that only this user can reach: a socket in a folder of mode 0700, or a pipe whose name cannot be guessed. Its path stays far
 * below the 104 bytes that the systems allow.
 */
export function makeEngineAddress(platform: NodeJS.Platform = process.platform): EngineAddress {
  if (platform === 'win32') {
    return { socket: String.raw`\\.\pipe\isochromat-${randomBytes(16).toString('hex')}`, remove: () => {} };
  }
  // mkdtemp makes folders of mode 0700.
  const folder = mkdtempSync(join(shortFolder(), 'isochromat-'));
  return { socket: join(folder, 'engine.sock'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The user's own run-time folder where there is one, else the temporary folder, unless its path is too long for a socket. */
function shortFolder(): string {
  const candidates = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'];
  const usable = (folder: string | undefined): folder is string =>
    folder !== undefined && folder.length <= 70 && existsSync(folder);
  return candidates.find(usable) ?? tmpdir();
}
