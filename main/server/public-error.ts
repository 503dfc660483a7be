import { asIsochromatError } from '../domain/errors.ts';
import type { IsochromatError } from '../domain/errors.ts';
import type { EngineError } from './wire.ts';

/** What ids of the study look like; anything else that an error is about may be a path. */
const ITEM_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/** An error as it may leave the engine: no stack, no path, and of what was unforeseen not even the message, which may quote one. */
export function publicError(thrown: unknown): EngineError {
  const { code, sentence, subject, expected, found, remedy } = asIsochromatError(thrown);
  if (code === 'internal') {
    return { code, sentence: 'Something unforeseen went wrong.', remedy: 'The log holds the details.' };
  }
  return {
    code,
    sentence: withoutPaths(sentence),
    ...(subject !== undefined && ITEM_ID.test(subject) ? { subject } : {}),
    ...(expected === undefined ? {} : { expected: withoutPaths(expected) }),
    ...(found === undefined ? {} : { found: withoutPaths(found) }),
    ...(remedy === undefined ? {} : { remedy: withoutPaths(remedy) }),
  };
}

/** Puts `…` for absolute paths in a text. */
export function withoutPaths(text: string): string {
  return text.replace(/(?<![\w.])(?:[A-Za-z]:\\|\\\\|\/)(?:[^\s"'<>|]+[\\/])+[^\s"'<>|,;)]*/g, '…');
}

/** HTTP status of an error outside of tRPC. */
export function statusOf({ code }: Pick<IsochromatError, 'code'>): number {
  if (code === 'internal') return 500;
  if (code === 'no-such-item') return 404;
  if (code === 'no-study') return 409;
  return 400;
}
