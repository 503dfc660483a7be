import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../main/compute/tensorflow/installation.ts';
import { IsochromatError } from '../../main/domain/errors.ts';
import type { Memory, Prepared, Ran, Request, Settings } from './protocol.ts';

/** One of the programs of a comparison. */
export interface SideDescription {
  /** What tables call it. */
  name: string;
  program: 'node' | 'python';
  /** Its task, a file in `tasks/` or `python/`. */
  task: string;
  settings?: Settings;
  /** Models made of stock TensorFlow.js operations, as a program without ours would have them. */
  stockOperations?: boolean;
  /** Its numbers are compared, its speed is not: too slow to wait for. */
  untimed?: boolean;
  /** Where its numbers are known to be less, or more, exact than the comparison's tolerance says. */
  tolerance?: Readonly<Record<string, number>>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Threads of every side. With one, processor time is comparable even on a busy machine: nobody waits for another thread. */
export const THREADS = Number(process.env['ISOCHROMAT_BENCH_THREADS'] ?? 2);

/** Python with the packages of `python/requirements.txt`: `ISOCHROMAT_PEERS_PYTHON`, else the one in the cache folder. */
export function peersPython(): string {
  return process.env['ISOCHROMAT_PEERS_PYTHON'] ?? join(cacheFolder(), 'peers', 'python', 'bin', 'python');
}

/** A running side. Its process works only while it is asked something, so that sides can take turns on the same cores. */
export class Side {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private errors = '';

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.child = child;
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    child.stderr!.on('data', (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-2000)));
  }

  /** Starts the process and lets it prepare its task. @throws IsochromatError `peer-missing`, `peer-failed` */
  static async start(side: SideDescription, input: string, settings: Settings): Promise<{ side: Side } & Prepared> {
    const [command, ...args] = pinned(commandOf(side));
    const child = spawn(command!, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...threadSettings },
    });
    child.on('error', () => {}); // The missing answer says it.
    child.stdin.on('error', () => {});
    const started = new Side(side.name, child);
    try {
      const task = { ask: 'prepare', task: side.task, input, settings: { ...settings, ...side.settings } } as const;
      return { side: started, ...(await started.ask<Prepared>(task)) };
    } catch (error) {
      await started.close();
      throw error;
    }
  }

  /** Writes the numbers that all sides must agree on, as safetensors. */
  async answer(output: string): Promise<void> {
    await this.ask({ ask: 'answer', output });
  }

  async run(times: number): Promise<Ran> {
    return this.ask({ ask: 'run', times });
  }

  async peakBytes(): Promise<number> {
    return (await this.ask<Memory>({ ask: 'memory' })).peakBytes;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private async ask<T>(request: Request): Promise<T> {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done === true) throw this.failed(await this.lastWords());
      // Libraries print banners; answers are JSON documents.
      if (!value.startsWith('{')) continue;
      const reply = JSON.parse(value) as T & { error?: string };
      if (reply.error !== undefined) throw this.failed(reply.error);
      return reply;
    }
  }

  private async lastWords(): Promise<string> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await new Promise((resolve) => this.child.once('exit', resolve).once('error', resolve));
    }
    const ending = this.child.signalCode ?? `exit code ${this.child.exitCode}`;
    return `it ended with ${ending}. ${this.errors.trim().split('\n').slice(-3).join(' ')}`;
  }

  private failed(found: string): IsochromatError {
    return new IsochromatError({ code: 'peer-failed', sentence: `${this.name} failed.`, found });
  }
}

function commandOf({ name, program, stockOperations }: SideDescription): string[] {
  if (program === 'node') {
    const hook = stockOperations === true ? ['--import', here('./stock-operations-hook.ts')] : [];
    return [process.execPath, '--expose-gc', ...hook, here('./node-side.ts')];
  }
  const python = peersPython();
  if (existsSync(python)) return [python, here('./python/side.py')];
  throw new IsochromatError({
    code: 'peer-missing',
    sentence: `${name} is not installed for comparisons.`,
    subject: python,
    remedy: 'npm run test:peers -- --set-up installs it.',
  });
}

/** The same two cores for every side, where the machine has more and the system can. */
function pinned(command: string[]): string[] {
  const canPin = process.platform === 'linux' && existsSync('/usr/bin/taskset') && cpus().length > THREADS;
  return canPin ? ['/usr/bin/taskset', '-c', `0-${THREADS - 1}`, ...command] : command;
}

const threadSettings = {
  OMP_NUM_THREADS: String(THREADS),
  MKL_NUM_THREADS: String(THREADS),
  OPENBLAS_NUM_THREADS: String(THREADS),
  TF_NUM_INTRAOP_THREADS: String(THREADS),
  TF_NUM_INTEROP_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};
