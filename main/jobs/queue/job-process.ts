import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  diedForMemory,
  heapLimitMiB,
  outOfMemory,
  residentBytes,
  sacrificeFirst,
  systemMemoryKills,
} from './memory.ts';
import { MEMORY_MARK } from './messages.ts';
import type { FromWorker, JobAssignment, ToWorker, WorkerEnd } from './messages.ts';
import type { JobError } from './types.ts';

/** How a job's process ended: as it says itself, or as is seen from outside. */
export type ProcessEnd = (WorkerEnd | { state: 'crashed'; error: JobError }) & {
  /** What it wrote to standard error before it crashed. */
  lastWords?: string;
};

export interface JobProcessOptions {
  /** The program of a job's process. */
  entry?: URL;
  /** Without a sign of life for so long it counts as not responding. */
  silence: number;
  onMessage: (message: Exclude<FromWorker, { type: 'alive' | 'end' }>) => void;
  onResponding: (responding: boolean) => void;
  onEnd: (end: ProcessEnd) => void;
}

const WORKER = new URL('../worker.ts', import.meta.url);
const LOOK_MS = 250;
/** A look that comes so late says that the engine itself was held up: that time says nothing of the job. */
const HELD_UP_MS = 1000;
/** On a busy machine a process takes its time to start. */
const START_MS = 15_000;
const KEPT_WORDS = 16_384;
/** The pipe of last words may be held open by a grandchild. */
const WORDS_PATIENCE_MS = 3000;
/** The watchdog inside acts first; this is the net below it. */
const OUTER_LIMIT = 1.1;

/**
 * The process of one running job, seen from the engine: its messages, whether it responds, its memory, and how it ended. It leads a
 * process group, so that its helpers go with it and a Ctrl-C in the engine's terminal does not reach it.
 */
export class JobProcess {
  private readonly child: ChildProcess;
  private readonly assignment: JobAssignment;
  private readonly options: JobProcessOptions;
  private readonly memoryKillsBefore = systemMemoryKills();
  private readonly timer: NodeJS.Timeout;
  private lastSign = performance.now();
  private lastLook = performance.now();
  private heard = false;
  private responding = true;
  private said: WorkerEnd | undefined;
  private words = '';
  private endedFor: 'cancel' | 'memory' | undefined;
  private ended = false;

  constructor(assignment: JobAssignment, options: JobProcessOptions) {
    this.assignment = assignment;
    this.options = options;
    const { memoryLimit, orphanPatience } = assignment;
    this.child = fork(
      fileURLToPath(options.entry ?? WORKER),
      [JSON.stringify({ engine: process.pid, memoryLimit, orphanPatience })],
      {
        serialization: 'advanced',
        execArgv: [`--max-old-space-size=${heapLimitMiB(memoryLimit)}`],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        detached: process.platform !== 'win32',
      },
    );
    if (this.child.pid !== undefined) sacrificeFirst(this.child.pid);
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-KEPT_WORDS);
    });
    this.child.on('message', (message: FromWorker) => this.hear(message));
    this.child.on('error', (error) => this.settle(null, null, error.message));
    this.child.on('exit', (code, signal) => {
      this.endGroup();
      const settle = (): void => this.settle(code, signal);
      // Its last messages and words may still be on their way: the one is all there at `disconnect`, the other at `close`.
      const said = this.child.connected ? once(this.child, 'disconnect') : Promise.resolve();
      void Promise.all([said, once(this.child, 'close')]).then(settle);
      setTimeout(settle, WORDS_PATIENCE_MS);
    });
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.send({ type: 'start', job: assignment });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to stop. */
  askToStop(): void {
    this.send({ type: 'cancel' });
  }

  /** Ends it at once, with its helpers. */
  end(why: 'cancel' | 'memory' = 'cancel'): void {
    this.endedFor ??= why;
    this.endGroup();
    this.child.kill('SIGKILL');
  }

  private send(message: ToWorker): void {
    // A message to a process that is dying fails; its end is told all the same.
    if (this.child.connected) this.child.send(message, () => {});
  }

  private hear(message: FromWorker): void {
    this.lastSign = performance.now();
    this.heard = true;
    if (message.type === 'end') this.said ??= message.end;
    else if (message.type !== 'alive') this.options.onMessage(message);
  }

  private async look(): Promise<void> {
    const now = performance.now();
    const since = now - this.lastLook;
    if (since > HELD_UP_MS) this.lastSign = Math.min(now, this.lastSign + since - LOOK_MS);
    this.lastLook = now;
    const patience = this.heard ? this.options.silence : Math.max(this.options.silence, START_MS);
    const responding = now - this.lastSign < patience;
    if (responding !== this.responding && !this.ended) this.options.onResponding((this.responding = responding));
    const resident = this.child.pid === undefined ? null : await residentBytes(this.child.pid);
    if (resident !== null && resident > OUTER_LIMIT * this.assignment.memoryLimit && !this.ended) this.end('memory');
  }

  private endGroup(): void {
    const { pid } = this.child;
    if (pid === undefined || process.platform === 'win32') return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }

  private settle(code: number | null, signal: NodeJS.Signals | null, failure?: string): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.timer);
    this.options.onEnd(this.describeEnd(code, signal, failure));
  }

  private describeEnd(code: number | null, signal: NodeJS.Signals | null, failure?: string): ProcessEnd {
    if (this.said !== undefined) return this.said;
    if (this.endedFor === 'cancel') return { state: 'cancelled' };
    const endedBySystem = signal === 'SIGKILL' && systemMemoryKills() > this.memoryKillsBefore;
    const { memoryLimit } = this.assignment;
    if (this.endedFor === 'memory' || endedBySystem || this.words.includes(MEMORY_MARK) || diedForMemory(this.words)) {
      return { state: 'out-of-memory', error: outOfMemory(memoryLimit) };
    }
    const how = failure ?? (signal === null ? `exit code ${code}` : signal);
    const lastWords = this.words.trim();
    return {
      state: 'crashed',
      error: {
        code: 'job-crashed',
        sentence: `The process of this job ended unexpectedly (${how}).`,
        remedy: 'What it had finished is kept. Start it again; if it happens again, please report it with the log.',
      },
      ...(lastWords === '' ? {} : { lastWords }),
    };
  }
}
