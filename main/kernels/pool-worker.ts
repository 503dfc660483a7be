// One thread of a KernelPool: waits for jobs in the shared memory, for ever. The process ends it.
import { parentPort, workerData } from 'node:worker_threads';
import { control, jobStart, mostShares, spinTurns, takeShare } from './pool-layout.ts';

export interface PoolWorkerData {
  memory: WebAssembly.Memory;
  modules: WebAssembly.Module[];
  /** Shares that every job has: the number of threads. */
  threads: number;
}

const { memory, modules, threads } = workerData as PoolWorkerData;
const c = new Int32Array(memory.buffer, control.start, control.words);
const abort = (): never => {
  throw new Error('A kernel aborted.');
};
const kernels = modules.flatMap((module) =>
  Object.values(new WebAssembly.Instance(module, { env: { memory, abort } }).exports),
) as ((job: number, thread: number, threads: number) => void)[];

/** Returns when a share may be free: spins a little, then sleeps. */
function waitForWork(): void {
  const ticket = Atomics.load(c, control.ticket);
  if ((ticket & mostShares) < threads) return;
  for (let turn = 0; turn < spinTurns; turn++) if (Atomics.load(c, control.ticket) !== ticket) return;
  Atomics.add(c, control.sleepers, 1);
  Atomics.wait(c, control.ticket, ticket);
  Atomics.sub(c, control.sleepers, 1);
}

// The first ticket has no shares left: nothing to do until a job comes.
parentPort?.postMessage('ready');
for (;;) {
  waitForWork();
  const share = takeShare(c, threads);
  if (share < 0) continue;
  try {
    kernels[c[control.kernel] ?? -1]?.(jobStart, share, threads);
  } catch {
    Atomics.add(c, control.failed, 1);
  }
  Atomics.add(c, control.done, 1);
  if (Atomics.load(c, control.waiting) === 1) Atomics.notify(c, control.done);
}
