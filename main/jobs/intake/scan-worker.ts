import { closeSync, openSync, readSync } from 'node:fs';
import { asIsochromatError } from '../../domain/errors.ts';
import type { IsochromatError } from '../../domain/errors.ts';
import { asReadError } from '../../formats/read-file.ts';
import { START_BYTES } from './handler.ts';
import type { ReadOptions, Refusal } from './handler.ts';
import { HANDLERS } from './registry.ts';
import type { WalkedFile } from './walk.ts';

/** What became of one file. */
export type Scanned =
  { kind: 'read'; format: string; reading: unknown } | { kind: 'refused'; refusal: Refusal } | { kind: 'other' };

/** Recognises a file by its content and reads it. Runs on a worker thread, which may die over it. */
export async function scanFile(file: WalkedFile, options: ReadOptions): Promise<Scanned> {
  try {
    const start = readStart(file.path);
    for (const handler of HANDLERS.filter((each) => each.recognises(start))) {
      const reading = await handler.read(file, options);
      if (reading !== undefined) return { kind: 'read', format: handler.format, reading };
    }
    return notRecognised(file);
  } catch (thrown) {
    const error = asIsochromatError(asReadError(thrown, file.path), file.path);
    return { kind: 'refused', refusal: refusalOf(error, file.path) };
  }
}

export function refusalOf({ code, sentence, found }: IsochromatError, path: string): Refusal {
  return { path, code, reason: found === undefined ? sentence : `${sentence} Found: ${found}.` };
}

/** Other things lie among scans; they are worth a word where they were named, or look as if they should be scans. */
function notRecognised({ path, bytes, named }: WalkedFile): Scanned {
  const meant = HANDLERS.filter(({ endings }) => endings.test(path)).map(({ title }) => title);
  if (!named && meant.length === 0) return { kind: 'other' };
  const what =
    meant.length === 0
      ? `This is none of the formats that can be read: ${HANDLERS.map(({ title }) => title).join(', ')}.`
      : `This is not ${meant.join(' or ')}, whatever its name says.`;
  const refusal: Refusal =
    bytes === 0
      ? { path, code: 'file-empty', reason: 'The file is empty.' }
      : { path, code: 'format-unknown', reason: what };
  return { kind: 'refused', refusal };
}

function readStart(path: string): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const start = Buffer.alloc(START_BYTES);
    return start.subarray(0, readSync(handle, start, 0, START_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}
