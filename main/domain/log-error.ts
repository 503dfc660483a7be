import { IsochromatError } from './errors.ts';

/** An error as the log keeps it. */
export interface LoggedError {
  type: string;
  code?: string;
  message?: string;
  stack?: string[];
  cause?: LoggedError;
}

/** What a program got wrong says nothing of anybody; messages of the system and of parsers quote paths and content. */
const OF_THE_PROGRAM = new Set(['TypeError', 'RangeError', 'ReferenceError', 'AssertionError']);
const DEEPEST_CAUSE = 5;

/**
 * An error without what may identify a person: paths, names of files and quotations of their content are left out; where in the
 * program it happened, and what kind it is, stays.
 */
export function loggedError(thrown: unknown, depth = 0): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown };
  const { name, stack, cause } = thrown;
  const code = (thrown as { code?: unknown }).code;
  const message =
    thrown instanceof IsochromatError && thrown.code !== 'internal'
      ? thrown.sentence
      : OF_THE_PROGRAM.has(name)
        ? thrown.message
        : undefined;
  const frames = stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  return {
    type: name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(message === undefined ? {} : { message }),
    ...(frames === undefined || frames.length === 0 ? {} : { stack: frames }),
    ...(cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: loggedError(cause, depth + 1) }),
  };
}
