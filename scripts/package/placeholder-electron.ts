import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The mark before the fuses in Electron's binary, their version and number (https://www.electronjs.org/docs/latest/tutorial/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = '101100011';

/**
 * What is put in Electron's place where it cannot be had, so that everything else of a package can be looked at: a program that
 * says so, with unset fuses as Electron's own has them.
 * @returns the folder
 */
export function writePlaceholderElectron(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '');
  const program = join(folder, 'electron');
  const text = '#!/bin/sh\necho "This package was made without Electron." >&2\nexit 1\n';
  const fuses = Buffer.concat([
    Buffer.from(FUSE_SENTINEL, 'latin1'),
    Buffer.from([1, FUSES.length]),
    Buffer.from(FUSES, 'latin1'),
  ]);
  writeFileSync(program, Buffer.concat([Buffer.from(text), fuses, Buffer.from('\n')]));
  chmodSync(program, 0o755);
  return folder;
}
