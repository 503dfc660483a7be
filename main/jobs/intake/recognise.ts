import { closeSync, openSync, readSync } from 'node:fs';
import { asIsochromatError, reasonOf } from '../../domain/errors.ts';
import type { IsochromatError } from '../../domain/errors.ts';
import { asReadError } from '../../formats/read-file.ts';
import { START_BYTES } from './handler.ts';
import type { Refusal } from './handler.ts';
import { HANDLERS } from './registry.ts';
import type { WalkedFile } from './walk.ts';

/** By its first bytes alone: worth reading, to be refused, or (undefined) something else that lies among scans. */
export function recognise(file: WalkedFile): 'ours' | Refusal | undefined {
  try {
    const start = readStart(file.path);
    return HANDLERS.some((handler) => handler.recognises(start)) ? 'ours' : notRecognised(file);
  } catch (thrown) {
    return refusalOf(asIsochromatError(asReadError(thrown, file.path), file.path), file.path);
  }
}

export function readStart(path: string): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const start = Buffer.alloc(START_BYTES);
    return start.subarray(0, readSync(handle, start, 0, START_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}

/** Other things are worth a word where they were named, or look as if they should be scans. */
export function notRecognised({ path, bytes, named }: WalkedFile): Refusal | undefined {
  const meant = HANDLERS.filter(({ endings }) => endings.test(path)).map(({ title }) => title);
  if (!named && meant.length === 0) return undefined;
  if (bytes === 0) return { path, code: 'file-empty', reason: 'The file is empty.' };
  const reason =
    meant.length === 0
      ? `This is none of the formats that can be read: ${HANDLERS.map(({ title }) => title).join(', ')}.`
      : `This is not ${meant.join(' or ')}, whatever its name says.`;
  return { path, code: 'format-unknown', reason };
}

export function refusalOf(error: IsochromatError, path: string): Refusal {
  return { path, code: error.code, reason: reasonOf(error) };
}
