/**
 * Everything that can go wrong in words a clinician understands. `sentence` says what happened, `expected` and `found`
 * say why, `remedy` says what to do. The code is stable: the API and `--json` return it.
 */
export interface ErrorDetails {
  /** Stable machine-readable name, lower case with hyphens: `fastmri-no-kspace`. */
  code: string;
  /** One sentence for the person who reads it. */
  sentence: string;
  /** The file or item it happened to. */
  subject?: string;
  expected?: string;
  found?: string;
  remedy?: string;
  cause?: unknown;
}

export class IsochromatError extends Error {
  readonly code: string;
  readonly sentence: string;
  readonly subject: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly remedy: string | undefined;

  constructor(details: ErrorDetails) {
    super(describe(details), { cause: details.cause });
    this.name = 'IsochromatError';
    this.code = details.code;
    this.sentence = details.sentence;
    this.subject = details.subject;
    this.expected = details.expected;
    this.found = details.found;
    this.remedy = details.remedy;
  }

  toJSON(): Omit<ErrorDetails, 'cause'> {
    const { code, sentence, subject, expected, found, remedy } = this;
    return { code, sentence, ...definedOnly({ subject, expected, found, remedy }) };
  }
}

function describe({ sentence, subject, expected, found, remedy }: ErrorDetails): string {
  const parts = [subject === undefined ? sentence : `${subject}: ${sentence}`];
  if (expected !== undefined) parts.push(`Expected: ${expected}.`);
  if (found !== undefined) parts.push(`Found: ${found}.`);
  if (remedy !== undefined) parts.push(remedy);
  return parts.join(' ');
}

/** What happened, what was found and what to do, for lists that name the subject already. */
export function reasonOf({ sentence, found, remedy }: Pick<ErrorDetails, 'sentence' | 'found' | 'remedy'>): string {
  return describe({ code: '', sentence, ...definedOnly({ found, remedy }) });
}

function definedOnly<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}

/** Turns anything thrown into one of the family; what was unforeseen is `internal` and keeps its cause for the log. */
export function asIsochromatError(thrown: unknown, subject?: string): IsochromatError {
  if (thrown instanceof IsochromatError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new IsochromatError({
    code: 'internal',
    sentence: `Something unforeseen went wrong: ${message}.`,
    ...(subject === undefined ? {} : { subject }),
    remedy: 'The log holds the details. If it happens again, please report it.',
    cause: thrown,
  });
}

/** The sentence for work that the user stopped. */
export function cancelled(what: string): IsochromatError {
  return new IsochromatError({ code: 'cancelled', sentence: `${what} was cancelled.` });
}
