// Where threads meet in the shared memory: the first page belongs to them, data begins on the second.

/** Indices of 32-bit words from `start`; each on its own cache line, because threads spin on them. */
export const control = {
  start: 4096,
  words: 128,
  /** Counts jobs; a worker waits for it to change. */
  epoch: 0,
  /** Workers that have finished the present job. */
  done: 16,
  /** Which kernel. */
  kernel: 32,
  /** Workers asleep (not spinning): only then a wake-up call is needed. */
  sleepers: 48,
  /** 1 where the calling thread sleeps. */
  waiting: 64,
  /** Workers whose kernel failed. */
  failed: 80,
};

export const jobStart = 8192;
export const jobBytes = 1024;

/** Turns of a spinning loop before a thread sleeps: some tens of microseconds. */
export const spinTurns = 20_000;
