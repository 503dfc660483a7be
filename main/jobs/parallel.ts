import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { asIsochromatError, cancelled, IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { startProcess, startThread } from './helper.ts';
import { itemQueue } from './item-queue.ts';
import type { Helper } from './helper.ts';
import type { WorkerReply, WorkerStart } from './parallel-worker.ts';

export interface ParallelOptions<Result = unknown> extends Pick<WorkContext, 'signal' | 'log'> {
  /** Default: one a core, never more than items. */
  readonly threads?: number;
  /** Called after every item, in the order in which they end. */
  readonly onProgress?: (done: number, total: number) => void;
  /**
   * Called with each outcome as it comes, and waited for before its thread takes the next item; where it throws, all
   * work ends and the error is thrown.
   */
  readonly onOutcome?: (outcome: ItemOutcome<Result>, index: number) => void | Promise<void>;
  /** Handed to the function as its second argument, once for all items; must survive a structured clone. */
  readonly shared?: unknown;
  /** `false`: outcomes are told to `onOutcome` alone and not gathered; the answer is an empty list. */
  readonly keepOutcomes?: boolean;
  /** What is being done, for the sentence when it is cancelled: "Writing the phantom". */
  readonly what?: string;
  /** Milliseconds after which an item is given up and its thread ended; of a process, those that it worked. Default: none. */
  readonly timeLimit?: (item: never) => number;
  /**
   * Processes of their own rather than threads, with this many megabytes of JavaScript heap each, replaced after so many
   * items: for work that may bring down the runtime itself, or leave memory behind. `shared` must then be plain JSON.
   */
  readonly processes?: { readonly megabytes: number; readonly items?: number };
  /**
   * Items that a thread or process is given beyond the one it works on, so that small ones are not held up by a round trip each;
   * they are worked one after the other all the same. Default: none.
   */
  readonly ahead?: number;
  /** How an item is called in errors. */
  readonly nameOf?: (item: never, index: number) => string;
}

/** What became of one item. */
export type ItemOutcome<Result> =
  { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly error: IsochromatError };

/**
 * Calls `exportName(item, shared)` of a module for every item on worker threads and answers what became of each, in the order of the
 * items. A failing item is one outcome; a thread that dies (out of memory, a crash) fails the item it held and is
 * replaced.
 * @param modulePath absolute path or file URL of the module; items and results must survive a structured clone
 * @throws IsochromatError `cancelled` when the signal aborts; all threads have ended by then
 */
export async function mapInWorkers<Item, Result>(
  modulePath: string | URL,
  exportName: string,
  items: readonly Item[],
  options: ParallelOptions<Result> = {},
): Promise<ItemOutcome<Result>[]> {
  const { signal, onProgress, shared } = options;
  let broken = false;
  const stopped = (): boolean => broken || (signal?.aborted ?? false);
  const threads = Math.max(1, Math.min(options.threads ?? availableParallelism(), items.length));
  const module =
    modulePath instanceof URL || /^file:/.test(modulePath) ? String(modulePath) : pathToFileURL(modulePath).href;
  const start: WorkerStart = { module, exportName, shared };
  const outcomes = new Array<ItemOutcome<Result>>(options.keepOutcomes === false ? 0 : items.length);
  const open = new Set<Helper>();
  let done = 0;

  const stopAll = async (): Promise<void> => {
    await Promise.all([...open].map((worker) => worker.end()));
  };
  const nameOf = (index: number): string | undefined => options.nameOf?.(items[index] as never, index);
  const settle = async (index: number, outcome: ItemOutcome<Result>): Promise<void> => {
    if (options.keepOutcomes !== false) outcomes[index] = outcome;
    try {
      await options.onOutcome?.(outcome, index);
    } catch (thrown) {
      broken = true;
      throw thrown;
    }
    done += 1;
    onProgress?.(done, items.length);
  };

  const queue = itemQueue(items.length, threads, options.ahead ?? 0);

  /** One lane: a thread, and another one when it dies. */
  const lane = async (): Promise<void> => {
    while (queue.left() && !stopped()) {
      const { processes } = options;
      const worker = processes === undefined ? startThread(start) : startProcess(start, processes.megabytes);
      const answers = answersOf<Result>(worker);
      open.add(worker);
      const given: number[] = [];
      let room = processes?.items ?? Infinity;
      try {
        while (!stopped()) {
          for (let index; room > 0 && (index = queue.take(given)) !== undefined; room--) {
            given.push(index);
            worker.send(items[index]);
          }
          const index = given[0];
          if (index === undefined) break;
          const reply = await answers.next(options.timeLimit?.(items[index] as never));
          if (stopped()) return;
          if (reply.kind === 'died') {
            const blamed = queue.blame(given, reply.tooLong);
            if (blamed !== undefined) {
              await settle(blamed, { ok: false, error: threadDied(reply.reason, nameOf(blamed)) });
            }
            break;
          }
          given.shift();
          if (reply.kind === 'value') await settle(index, { ok: true, value: reply.value });
          else await settle(index, { ok: false, error: revive(reply.error, nameOf(index)) });
        }
      } finally {
        open.delete(worker);
        await worker.end();
      }
    }
  };

  if (stopped()) throw cancelled(options.what ?? 'The work');
  const abort = (): void => void stopAll();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await Promise.all(Array.from({ length: threads }, lane));
  } finally {
    signal?.removeEventListener('abort', abort);
    await stopAll();
  }
  if (stopped()) throw cancelled(options.what ?? 'The work');
  return outcomes;
}

type Answer<Result> =
  | (WorkerReply & { kind: 'value'; value: Result })
  | (WorkerReply & { kind: 'error' })
  | { kind: 'died'; reason: string; tooLong: boolean };

/** The answers of a helper one after the other, whenever they are asked for; the last is that it died. */
function answersOf<Result>(worker: Helper): { next: (timeLimit: number | undefined) => Promise<Answer<Result>> } {
  const arrived: Answer<Result>[] = [];
  let taker: ((answer: Answer<Result>) => void) | undefined;
  let ready = false;
  let startClock = (): void => {};
  let tooLong: string | undefined;
  const arrive = (answer: Answer<Result>): void => {
    const take = taker;
    taker = undefined;
    if (take === undefined) arrived.push(answer);
    else take(answer);
  };
  worker.listen({
    reply: (reply) => {
      if (reply.kind !== 'ready') return arrive(reply as Answer<Result>);
      ready = true;
      startClock();
    },
    end: (why) => arrive({ kind: 'died', reason: tooLong ?? why, tooLong: tooLong !== undefined }),
  });
  const next = async (timeLimit: number | undefined): Promise<Answer<Result>> => {
    const early = arrived.shift();
    if (early !== undefined) return early;
    let timer: NodeJS.Timeout | undefined;
    // Starting, on a busy machine, can take longer than any item; it does not count.
    startClock = () => {
      if (timeLimit === undefined) return;
      const before = worker.worked();
      let waited = 0;
      timer = setInterval(() => {
        waited += timeLimit;
        const worked = worker.worked();
        // On a busy machine it may have waited rather than worked.
        const idle = worked !== undefined && before !== undefined && worked - before < 0.8 * timeLimit;
        if (idle && waited < LONGEST_WAIT * timeLimit) return;
        tooLong = `${TOO_LONG} ${Math.round(timeLimit / 1000)} s`;
        void worker.end();
      }, timeLimit);
    };
    if (ready) startClock();
    const answer = await new Promise<Answer<Result>>((resolve) => (taker = resolve));
    startClock = () => {};
    clearInterval(timer);
    return answer;
  };
  return { next };
}

/** A process that had no processor time is waited for this many times as long. */
const LONGEST_WAIT = 12;
const TOO_LONG = 'no answer within';

function threadDied(reason: string, subject: string | undefined): IsochromatError {
  if (reason.startsWith(TOO_LONG)) {
    return new IsochromatError({
      code: 'took-too-long',
      sentence: 'Working on this item did not come to an end, so it was given up.',
      ...(subject === undefined ? {} : { subject }),
      found: reason,
      remedy: 'The file is probably damaged; copy or export it again.',
    });
  }
  const memory = /memory/i.test(reason);
  return new IsochromatError({
    code: memory ? 'out-of-memory' : 'worker-died',
    sentence: memory
      ? 'There was not enough memory for this item.'
      : 'The thread that worked on this item ended unexpectedly.',
    ...(subject === undefined ? {} : { subject }),
    found: reason,
    remedy: memory ? 'Use fewer threads or smaller items.' : 'Try it again; the log holds the details.',
  });
}

/** Errors lose their class on the way between threads. */
function revive(error: Extract<WorkerReply, { kind: 'error' }>['error'], subject: string | undefined): IsochromatError {
  if (error.details !== undefined) return new IsochromatError({ ...error.details, cause: error.stack });
  const plain = new Error(error.message);
  if (error.stack !== undefined) plain.stack = error.stack;
  return asIsochromatError(plain, subject);
}
