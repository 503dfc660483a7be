import { asIsochromatError } from '../../domain/errors.ts';
import { asReadError } from '../../formats/read-file.ts';
import type { ReadOptions, Refusal } from './handler.ts';
import { notRecognised, readStart, refusalOf } from './recognise.ts';
import { HANDLERS } from './registry.ts';
import type { WalkedFile } from './walk.ts';

/** What became of one file. */
export type Scanned =
  { kind: 'read'; format: string; reading: unknown } | { kind: 'refused'; refusal: Refusal } | { kind: 'other' };

/** Reads a file that looks like one of ours. Runs in a process of its own, which may die over it. */
export async function scanFile(file: WalkedFile, options: ReadOptions): Promise<Scanned> {
  try {
    const start = readStart(file.path);
    for (const handler of HANDLERS.filter((each) => each.recognises(start))) {
      const reading = await handler.read(file, options);
      if (reading !== undefined) return { kind: 'read', format: handler.format, reading };
    }
    const refusal = notRecognised(file);
    return refusal === undefined ? { kind: 'other' } : { kind: 'refused', refusal };
  } catch (thrown) {
    const error = asIsochromatError(asReadError(thrown, file.path), file.path);
    return { kind: 'refused', refusal: refusalOf(error, file.path) };
  }
}
