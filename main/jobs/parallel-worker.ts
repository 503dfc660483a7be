import { parentPort, workerData } from 'node:worker_threads';
import { IsochromatError } from '../domain/errors.ts';
import type { ErrorDetails } from '../domain/errors.ts';

/** What a thread is told once: which function of which module it calls. */
export interface WorkerStart {
  readonly module: string;
  readonly exportName: string;
  readonly shared: unknown;
}

/** What it says once it has loaded its module, or failed to, and what it answers to every item. */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly error: {
        readonly message: string;
        readonly stack?: string | undefined;
        readonly details?: Omit<ErrorDetails, 'cause'>;
      };
    };

// The other end of `mapInWorkers`, in a thread or in a process: one item in, one answer out, until it is ended.
const thread = parentPort;
const channel =
  thread !== null
    ? {
        start: workerData as WorkerStart,
        answer: (reply: WorkerReply): void => thread.postMessage(reply),
        onItem: (listener: (item: unknown) => void): void => void thread.on('message', listener),
      }
    : {
        start: JSON.parse(process.argv[2] ?? 'null') as WorkerStart,
        answer: (reply: WorkerReply): void => void process.send?.(reply),
        onItem: (listener: (item: unknown) => void): void => void process.on('message', listener),
      };

// A process whose parent was killed has nobody to work for.
if (thread === null) process.on('disconnect', () => process.exit());

const { module, exportName, shared } = channel.start;
const loading = import(module).then((exports: Record<string, unknown>) => {
  const found = exports[exportName];
  if (typeof found !== 'function') throw new TypeError(`${module} exports no function ${exportName}`);
  return found as (item: unknown, shared: unknown) => unknown;
});
// A module that cannot be loaded fails every item, not the thread.
const loaded = loading.then(
  () => channel.answer({ kind: 'ready' }),
  () => channel.answer({ kind: 'ready' }),
);
// Several may lie here already: each waits for the one before, so that answers come in the order of the items.
let before: Promise<void> = loaded;
channel.onItem((item) => {
  before = before
    .then(() => loading)
    .then(async (work) => channel.answer({ kind: 'value', value: await work(item, shared) }))
    .catch((thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const details = thrown instanceof IsochromatError ? { details: thrown.toJSON() } : {};
      channel.answer({ kind: 'error', error: { message: error.message, stack: error.stack, ...details } });
    });
});
