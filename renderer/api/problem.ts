import { messages } from '../messages/en/index.ts';

/** What went wrong, in the words of the engine where it has them. */
export interface Problem {
  code: string;
  sentence: string;
  expected?: string;
  found?: string;
  remedy?: string;
  subject?: string;
}

/** Turns anything thrown by a call to the engine into something to show. */
export function problemOf(thrown: unknown): Problem {
  const told = field(field(thrown, 'data'), 'error') ?? problemIn(thrown);
  if (isProblem(told)) return told;
  if (isUnreachable(thrown)) return { code: 'engine-gone', ...messages.app.engineGone };
  const sentence = thrown instanceof Error && thrown.message !== '' ? thrown.message : messages.app.unforeseen;
  return { code: 'internal', sentence };
}

/** Whether the engine did not answer at all. */
export function isUnreachable(thrown: unknown): boolean {
  if (thrown instanceof TypeError && /fetch|network/i.test(thrown.message)) return true;
  // What stands between window and engine answers in its place.
  const status = field(field(field(thrown, 'meta'), 'response'), 'status');
  if (status === 502 || status === 503 || status === 504) return true;
  const cause = field(thrown, 'cause');
  return cause !== undefined && cause !== thrown && isUnreachable(cause);
}

export function isAbort(thrown: unknown): boolean {
  if (field(thrown, 'name') === 'AbortError') return true;
  const cause = field(thrown, 'cause');
  return cause !== undefined && cause !== thrown && isAbort(cause);
}

function problemIn(thrown: unknown): unknown {
  return isProblem(thrown) ? thrown : field(thrown, 'cause');
}

function isProblem(value: unknown): value is Problem {
  return typeof field(value, 'code') === 'string' && typeof field(value, 'sentence') === 'string';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
