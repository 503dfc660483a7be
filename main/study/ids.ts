import { randomBytes } from 'node:crypto';

/** What the study takes from outside, so that tests can hold it still. */
export interface Surroundings {
  now: () => Date;
  randomBytes: (length: number) => Uint8Array;
}

export const REAL_SURROUNDINGS: Surroundings = { now: () => new Date(), randomBytes };

/** Crockford's base 32: no letter can be taken for a digit when an id is read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The first `length` base-32 letters of some bytes, five bits each. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    const bit = 5 * i;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}

/**
 * An id as `flow-7k3m9q2x`: what it is, and 40 random bits (a chance of one in ten thousand that 10,000 ids collide).
 * `taken` is asked all the same, and a taken one drawn again.
 */
export function newId(prefix: string, surroundings: Surroundings, taken: (id: string) => boolean): string {
  for (;;) {
    const id = `${prefix}-${base32(surroundings.randomBytes(5), 8)}`;
    if (!taken(id)) return id;
  }
}

/**
 * An id that follows from content: the same scan has the same id in every study. Where it is taken (the scan was
 * imported, deleted, and is imported again), random letters are added.
 */
export function contentId(
  prefix: string,
  sha256: string,
  surroundings: Surroundings,
  taken: (id: string) => boolean,
): string {
  const id = `${prefix}-${base32(Buffer.from(sha256.slice(0, 16), 'hex'), 8)}`;
  return taken(id) ? newId(id, surroundings, taken) : id;
}
