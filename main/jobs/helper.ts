import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerStart } from './parallel-worker.ts';

/** A thread, or a process, that answers one item at a time. */
export interface Helper {
  send(item: unknown): void;
  /** Whoever is told of the next answer, or of its end with the reason. */
  listen(listener: { reply: (reply: WorkerReply) => void; end: (reason: string) => void }): void;
  /** Milliseconds of processor time that it has had; undefined where nothing tells (threads, systems without /proc). */
  worked(): number | undefined;
  /** Ends it at once, whatever it is doing. */
  end(): Promise<void>;
}

const ENTRY = new URL('./parallel-worker.ts', import.meta.url);

/** Starts in some 50 ms, shares nothing but its memory; what crashes the runtime itself takes all threads with it. */
export function startThread(start: WorkerStart): Helper {
  const worker = new Worker(ENTRY, { workerData: start });
  const listeners = listenersOf();
  let reason: string | undefined;
  worker.on('message', (reply: WorkerReply) => listeners.current.reply(reply));
  worker.on('error', (error) => (reason = error.message));
  worker.on('exit', (code) => listeners.current.end(reason ?? `exit code ${code}`));
  return {
    send: (item) => worker.postMessage(item),
    listen: listeners.listen,
    worked: () => undefined,
    end: async () => void (await worker.terminate()),
  };
}

/** Starts in some 100 ms; nothing that happens to it, a full heap or a crash of the runtime, harms anybody else. */
export function startProcess(start: WorkerStart, memoryLimit: number): Helper {
  const child = fork(fileURLToPath(ENTRY), [JSON.stringify(start)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memoryLimit}`],
    // What a dying runtime prints is for nobody.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const listeners = listenersOf();
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  // A message to a process that is dying fails; its end is told all the same.
  child.on('error', () => {});
  child.on('message', (reply: WorkerReply) => listeners.current.reply(reply));
  child.on('exit', (code, signal) => {
    // V8 aborts when its heap is full.
    listeners.current.end(
      signal === 'SIGABRT' || code === 134 ? 'out of memory' : `ended with ${signal ?? `code ${code}`}`,
    );
  });
  return {
    send: (item) => void child.send(item as object, () => {}),
    listen: listeners.listen,
    worked: () => processorTime(child.pid),
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** User and system time of a process (proc(5), fields 14 and 15), in ticks of 10 ms. */
function processorTime(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return undefined;
  }
}

function listenersOf(): { current: Parameters<Helper['listen']>[0]; listen: Helper['listen'] } {
  const box = {
    current: { reply: (_: WorkerReply): void => {}, end: (_: string): void => {} },
    listen: (listener: Parameters<Helper['listen']>[0]): void => {
      box.current = listener;
    },
  };
  return box;
}
