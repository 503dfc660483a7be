// One thread of a KernelPool: waits for jobs in the shared memory, for ever. The process ends it.
import { parentPort, workerData } from 'node:worker_threads';
import { control, jobStart, spinTurns } from './pool-layout.ts';

export interface PoolWorkerData {
  memory: WebAssembly.Memory;
  modules: WebAssembly.Module[];
  thread: number;
  threads: number;
}

const { memory, modules, thread, threads } = workerData as PoolWorkerData;
const c = new Int32Array(memory.buffer, control.start, control.words);
const abort = (): never => {
  throw new Error('A kernel aborted.');
};
const kernels = modules.flatMap((module) =>
  Object.values(new WebAssembly.Instance(module, { env: { memory, abort } }).exports),
) as ((job: number, thread: number, threads: number) => void)[];

let epoch = Atomics.load(c, control.epoch);

function waitForJob(): void {
  for (let turn = 0; turn < spinTurns; turn++) if (Atomics.load(c, control.epoch) !== epoch) return;
  Atomics.add(c, control.sleepers, 1);
  while (Atomics.load(c, control.epoch) === epoch) Atomics.wait(c, control.epoch, epoch);
  Atomics.sub(c, control.sleepers, 1);
}

parentPort?.postMessage('ready');
for (;;) {
  waitForJob();
  epoch = Atomics.load(c, control.epoch);
  try {
    kernels[c[control.kernel] ?? -1]?.(jobStart, thread, threads);
  } catch {
    Atomics.add(c, control.failed, 1);
  }
  Atomics.add(c, control.done, 1);
  if (Atomics.load(c, control.waiting) === 1) Atomics.notify(c, control.done);
}
