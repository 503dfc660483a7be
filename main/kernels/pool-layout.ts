// Where threads meet in the shared memory: the first page belongs to them, data begins on the second.

/** Indices of 32-bit words from `start`; each on its own cache line, because threads spin on them. */
export const control = {
  start: 4096,
  words: 128,
  /** Number of the present job (upper 24 bits) and the next share of it that nobody has taken (lower 8 bits). */
  ticket: 0,
  /** Shares of the present job that are finished. */
  done: 16,
  /** Which kernel. */
  kernel: 32,
  /** Workers asleep (not spinning): only then a wake-up call is needed. */
  sleepers: 48,
  /** 1 where the calling thread sleeps. */
  waiting: 64,
  /** Shares whose kernel failed. */
  failed: 80,
};

const shareBits = 8;
/** More than any number of threads. */
export const mostShares = (1 << shareBits) - 1;

/** Ticket of a job before `share` has been taken. */
export function ticketOf(job: number, share: number): number {
  return (job << shareBits) | share;
}

/**
 * Takes the next share of the present job, or returns −1 where none is left. Whoever is awake takes it: on a busy machine the
 * calling thread does the work of one that is not scheduled, instead of waiting for it. What a share computes does not
 * depend on who does.
 */
export function takeShare(words: Int32Array, shares: number): number {
  for (;;) {
    const ticket = Atomics.load(words, control.ticket);
    const share = ticket & mostShares;
    if (share >= shares) return -1;
    if (Atomics.compareExchange(words, control.ticket, ticket, ticket + 1) === ticket) return share;
  }
}

export const jobStart = 8192;
export const jobBytes = 1024;

/** Turns of a spinning loop before a thread sleeps: some tens of microseconds. */
export const spinTurns = 20_000;
