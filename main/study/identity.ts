import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { base32 } from './ids.ts';
import { settingsFolder } from './settings-folder.ts';

const KEY_BYTES = 32;

/**
 * The user's key for identities, made on first use and readable by this user alone. One key for all studies of a user:
 * a patient imported again is known again; without the key nobody can try names against the hashes. It never lies in a study.
 */
export function readIdentityKey(file: string = join(settingsFolder(), 'identity.key')): Uint8Array {
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(KEY_BYTES).toString('hex') + '\n', { flag: 'wx', mode: 0o600 });
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'EEXIST') throw keyError(file, thrown);
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    throw keyError(file, thrown);
  }
  if (!/^[0-9a-f]{64}$/.test(text)) throw keyError(file, new Error('not a key'));
  return Buffer.from(text, 'hex');
}

/** What can identify somebody. */
export type IdentityKind = 'patient' | 'study' | 'series' | 'file';

/** A keyed hash (HMAC-SHA-256, 80 bits of it) of something that identifies: a patient's id, the name of a file. */
export function keyedHash(key: Uint8Array, kind: IdentityKind, identity: string): string {
  const digest = createHmac('sha256', key).update(`${kind}\u0000${identity}`).digest();
  return base32(digest, 16);
}

function keyError(file: string, cause: unknown): IsochromatError {
  return new IsochromatError({
    code: 'identity-key',
    sentence: 'The key that hides identities cannot be read or made.',
    subject: file,
    expected: 'a file of 64 hexadecimal digits that this user may read',
    remedy: 'Give this user access to the folder, or set ISOCHROMAT_CONFIG_DIR to another one.',
    cause,
  });
}
