/**
 * How a comparison speaks with the programs that it compares. Each side is a process of its own; it gets one JSON document a line on its
 * standard input and answers each with one line, `{"error": …}` where it cannot.
 */
export type Request =
  | { ask: 'prepare'; task: string; input: string; settings: Settings }
  | { ask: 'answer'; output: string }
  | { ask: 'run'; times: number }
  | { ask: 'memory' };

/** What a task is told besides its arrays; the other languages read it as JSON. */
export type Settings = Readonly<Record<string, unknown>>;

/** Who is there: the library and its version, and what else a reader of the figures wants to know. */
export interface Prepared {
  version: string;
  note?: string;
}

/** `operations`: what was done, where the task itself decides how much (the measurements of the machine's peak). */
export interface Ran {
  seconds: number;
  /** Processor time of all threads; on a busy machine it tells more than the seconds that passed. */
  cpuSeconds: number;
  operations?: number;
}

export interface Memory {
  /** Largest resident memory of the process so far. */
  peakBytes: number;
}
