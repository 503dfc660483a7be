import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { IsochromatError } from '../domain/errors.ts';
import type { KernelBuild, LoadOptions } from './loader.ts';
import { loadKernelModule } from './loader.ts';
import type { PoolWorkerData } from './pool-worker.ts';
import { leaveWide } from './wide.ts';
import { control, jobBytes, jobStart, mostShares, spinTurns, takeShare, ticketOf } from './pool-layout.ts';

export interface KernelPoolOptions extends LoadOptions {
  /** Entries of main/kernels/assembly whose exports become kernels. */
  modules: string[];
  /** Threads that share the work, the calling one among them. Default: the cores, at most 16. */
  threads?: number;
  /** Upper limit of the shared memory in bytes; default 4 GiB, all that 32-bit addresses reach. */
  maximumBytes?: number;
}

/** A kernel `name(job, thread, threads)` of a pool. */
export interface Kernel {
  readonly name: string;
  /** Place in the list that all threads agree on. */
  readonly index: number;
  readonly call: (job: number, thread: number, threads: number) => void;
}

const pageBytes = 65536;
/** A kernel that is still running after this long has lost a thread: no kernel of ours takes a tenth of it. */
const patienceMilliseconds = 120_000;

/**
 * WebAssembly kernels over one shared memory and a fixed number of threads. `run` is synchronous: a job has as many shares as there are
 * threads, whoever is awake takes the next one, and it returns when all are done. Each kernel divides its work by (share, shares)
 * alone, so results are bit-identical from run to run whichever thread did what. Workers spin for some tens of microseconds
 * after a job, because the next one usually follows at once, then sleep; they never keep the process alive.
 */
export class KernelPool {
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  /** Which build the kernels are. */
  readonly build: KernelBuild;
  /** Arguments of the next job as integers (addresses above 2³¹ wrap) and as single-precision numbers: the same words. */
  readonly integers: Int32Array;
  readonly reals: Float32Array;
  /** First byte that is free for data. */
  readonly dataStart = pageBytes;

  readonly #kernels = new Map<string, Kernel>();
  readonly #control: Int32Array;
  readonly #workers: Worker[] = [];
  #broken = false;
  /** Number of the present job. */
  #job = 0;

  private constructor(options: KernelPoolOptions) {
    const maximum = Math.min(65536, Math.ceil((options.maximumBytes ?? 2 ** 32) / pageBytes));
    this.memory = sharedMemory(maximum);
    this.threads = validThreads(options.threads);
    this.#control = new Int32Array(this.memory.buffer, control.start, control.words);
    this.#control[control.ticket] = ticketOf(0, mostShares);
    this.integers = new Int32Array(this.memory.buffer, jobStart, jobBytes / 4);
    this.reals = new Float32Array(this.memory.buffer, jobStart, jobBytes / 4);
    const modules = options.modules.map((name) => loadKernelModule(name, options));
    this.build = modules[0]?.build ?? 'plain';
    let index = 0;
    for (const { module } of modules) {
      const { exports } = new WebAssembly.Instance(module, imports(this.memory));
      for (const [name, call] of Object.entries(exports)) {
        if (typeof call === 'function') this.#kernels.set(name, { name, index, call: call as Kernel['call'] });
        index++;
      }
    }
    for (let thread = 1; thread < this.threads; thread++) {
      const workerData: PoolWorkerData = {
        memory: this.memory,
        modules: modules.map(({ module }) => module),
        threads: this.threads,
      };
      // Flags of the main program (--input-type, --inspect…) are not for its workers.
      this.#workers.push(new Worker(new URL('./pool-worker.ts', import.meta.url), { workerData, execArgv: [] }));
    }
  }

  /** Compiles, starts the threads and waits until they listen. */
  static async create(options: KernelPoolOptions): Promise<KernelPool> {
    const pool = new KernelPool(options);
    await Promise.all(
      pool.#workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.once('message', () => resolve());
            worker.once('error', reject);
          }),
      ),
    );
    for (const worker of pool.#workers) {
      worker.removeAllListeners();
      // A worker that ends takes no more shares; the others, and this thread, take them.
      worker.on('error', () => undefined);
      worker.unref();
    }
    return pool;
  }

  /** A kernel by the name of its export. */
  kernel(name: string): Kernel {
    const kernel = this.#kernels.get(name);
    if (kernel === undefined) {
      throw new IsochromatError({
        code: 'kernel-unknown',
        sentence: `There is no numerical kernel named ${name}.`,
        remedy: 'Run `npm run build:wasm`.',
      });
    }
    return kernel;
  }

  /** Runs the job in `integers`/`reals` on all threads; on the calling one alone where `parallel` is false (small work). */
  run(kernel: Kernel, parallel = true): void {
    this.#compute(kernel, parallel);
    if (this.build === 'wide') leaveWide();
  }

  #compute(kernel: Kernel, parallel: boolean): void {
    if (!parallel || this.threads === 1) {
      kernel.call(jobStart, 0, 1);
      return;
    }
    if (this.#broken) throw lostThread(kernel);
    const c = this.#control;
    c[control.done] = 0;
    c[control.kernel] = kernel.index;
    this.#job = (this.#job + 1) & 0xffffff;
    // From here on workers may take shares; the first is ours.
    Atomics.store(c, control.ticket, ticketOf(this.#job, 1));
    if (Atomics.load(c, control.sleepers) > 0) Atomics.notify(c, control.ticket);
    let failure: unknown;
    for (let share = 0; share >= 0; share = takeShare(c, this.threads)) {
      try {
        kernel.call(jobStart, share, this.threads);
      } catch (error) {
        failure = error;
      }
      Atomics.add(c, control.done, 1);
    }
    this.#waitForWorkers(kernel);
    if (Atomics.exchange(c, control.failed, 0) === 0 && failure === undefined) return;
    throw new IsochromatError({
      code: 'kernel-failed',
      sentence: `The numerical kernel ${kernel.name} failed.`,
      cause: failure,
    });
  }

  /** Ends the workers; the pool cannot be used afterwards. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #waitForWorkers(kernel: Kernel): void {
    const c = this.#control;
    const all = this.threads;
    for (let turn = 0; turn < spinTurns; turn++) if (Atomics.load(c, control.done) === all) return;
    const deadline = Date.now() + patienceMilliseconds;
    for (let done = Atomics.load(c, control.done); done !== all; done = Atomics.load(c, control.done)) {
      Atomics.store(c, control.waiting, 1);
      Atomics.wait(c, control.done, done, 1000);
      if (Date.now() > deadline) {
        this.#broken = true; // Its share may still be written: this memory is no longer safe to compute in.
        throw lostThread(kernel);
      }
    }
    Atomics.store(c, control.waiting, 0);
  }
}

/** Address space for `maximum` pages, or for as much as the system allows a process. */
function sharedMemory(maximum: number): WebAssembly.Memory {
  for (let pages = maximum; ; pages = Math.floor(pages / 2)) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
    } catch (error) {
      if (!(error instanceof RangeError) || pages < 1024) throw error;
    }
  }
}

function imports(memory: WebAssembly.Memory): WebAssembly.Imports {
  return {
    env: {
      memory,
      abort: () => {
        throw new Error('A kernel aborted.');
      },
    },
  };
}

function validThreads(threads: number = Math.min(availableParallelism(), 16)): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new IsochromatError({
    code: 'threads-invalid',
    sentence: 'The number of threads is not usable.',
    expected: 'a whole number from 1 to 64',
    found: String(threads),
  });
}

function lostThread(kernel: Kernel): IsochromatError {
  return new IsochromatError({
    code: 'kernel-thread-lost',
    sentence: `A thread that shares the numerical work ended unexpectedly (in ${kernel.name}).`,
    remedy: 'Restart the program; if memory was short, close other programs first.',
  });
}
