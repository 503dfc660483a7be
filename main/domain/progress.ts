import { cancelled } from './errors.ts';

/** What a long work says while it runs. `total` unknown = undefined. */
export interface ProgressUpdate {
  /** What is being done, in the user's words: "Reconstructing". */
  stage: string;
  done: number;
  total?: number;
  /** One short fact beside the bar: "loss 0.123 · 340 patches/s". */
  note?: string;
  /** Where this is one of several stages and something is known of them all: how far they are together, 0 to 1. */
  whole?: { share: number; secondsLeft: number };
}
export type ProgressListener = (update: ProgressUpdate) => void;

/** Everything a long work may need from outside: who listens, and who may stop it. */
export interface WorkContext {
  onProgress?: ProgressListener;
  signal?: AbortSignal;
  /** A line for the log; never results. */
  log?: (message: string, details?: Record<string, unknown>) => void;
}

/**
 * Between two parts of a long work: lets the event loop have its turn, so that Ctrl-C and progress get through while a backend
 * computes synchronously, and stops where that was asked for.
 * @param what what is being done, for the sentence: "Generation"
 * @throws IsochromatError `cancelled`
 */
export async function betweenParts(context: WorkContext, what: string): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (context.signal?.aborted === true) throw cancelled(what);
}
