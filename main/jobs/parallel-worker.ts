import { parentPort, workerData } from 'node:worker_threads';
import { IsochromatError } from '../domain/errors.ts';
import type { ErrorDetails } from '../domain/errors.ts';

/** What a thread is told once: which function of which module it calls. */
export interface WorkerStart {
  readonly module: string;
  readonly exportName: string;
  readonly shared: unknown;
}

/** What it answers to every item. */
export type WorkerReply =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly error: {
        readonly message: string;
        readonly stack?: string | undefined;
        readonly details?: Omit<ErrorDetails, 'cause'>;
      };
    };

// The other end of `mapInWorkers`: one item in, one answer out, until the thread is ended.
const port = parentPort;
if (port !== null) {
  const { module, exportName, shared } = workerData as WorkerStart;
  const loading = import(module).then((exports: Record<string, unknown>) => {
    const found = exports[exportName];
    if (typeof found !== 'function') throw new TypeError(`${module} exports no function ${exportName}`);
    return found as (item: unknown, shared: unknown) => unknown;
  });
  // A module that cannot be loaded fails every item, not the thread.
  loading.catch(() => {});
  port.on('message', (item: unknown) => {
    void loading
      .then(async (work) => port.postMessage({ kind: 'value', value: await work(item, shared) } satisfies WorkerReply))
      .catch((thrown: unknown) => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        const details = thrown instanceof IsochromatError ? { details: thrown.toJSON() } : {};
        port.postMessage({
          kind: 'error',
          error: { message: error.message, stack: error.stack, ...details },
        } satisfies WorkerReply);
      });
  });
}
