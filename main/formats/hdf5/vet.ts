import { Worker } from 'node:worker_threads';
import { IsochromatError } from '../../domain/errors.ts';
import type { ErrorDetails } from '../../domain/errors.ts';

/** What the vetting thread answers: nothing when the structure holds, or the error that it met. */
export type VettingAnswer = Omit<ErrorDetails, 'cause'> | undefined;

/** Walking through the structure of a sound file takes milliseconds. */
const PATIENCE_MS = 5000;
/** On a busy machine the thread may have waited rather than worked: then it is waited for this many times as long. */
const LONGEST_WAIT = 12;

let thread: Worker | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Has another thread open a file and walk through its structure. A damaged HDF5 file can make the HDF5 library crash or
 * loop for ever; there, that costs nothing but the thread.
 * @throws IsochromatError `hdf5-endless`, `hdf5-damaged`
 */
export function vetHdf5(path: string): Promise<void> {
  const turn = queue.then(() => vetNow(path));
  queue = turn.catch(() => {});
  return turn;
}

async function vetNow(path: string): Promise<void> {
  thread ??= await startThread();
  const worker = thread;
  // The process must not end while it waits for the answer, and may end while nobody asks.
  worker.ref();
  try {
    const answer = await ask(worker, path);
    if (answer !== undefined) throw new IsochromatError(answer);
  } finally {
    worker.unref();
  }
}

async function startThread(): Promise<Worker> {
  const worker = new Worker(new URL('./vet-worker.ts', import.meta.url), { stderr: true, stdout: true });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return worker;
}

function ask(worker: Worker, path: string): Promise<VettingAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearInterval(timer);
      worker.off('message', onAnswer).off('error', onFailure).off('exit', onExit);
    };
    const giveUp = (error: IsochromatError): void => {
      settle();
      thread = undefined;
      // Whatever else the thread says while it ends has been said here already.
      worker.on('error', () => {});
      void worker.terminate();
      reject(error);
    };
    const onAnswer = (answer: VettingAnswer): void => {
      settle();
      resolve(answer);
    };
    const onFailure = (cause: unknown): void => giveUp(crashed(path, cause));
    const onExit = (): void => giveUp(crashed(path, undefined));
    const before = process.cpuUsage();
    let waited = 0;
    const timer = setInterval(() => {
      waited += PATIENCE_MS;
      const { user, system } = process.cpuUsage(before);
      const idle = (user + system) / 1000 < 0.8 * PATIENCE_MS;
      if (!idle || waited >= LONGEST_WAIT * PATIENCE_MS) giveUp(endless(path));
    }, PATIENCE_MS);
    worker.on('message', onAnswer).on('error', onFailure).on('exit', onExit);
    worker.postMessage(path);
  });
}

function endless(path: string): IsochromatError {
  return new IsochromatError({
    code: 'hdf5-endless',
    sentence: 'The HDF5 file is damaged: reading its structure does not come to an end.',
    subject: path,
    expected: `an answer within ${PATIENCE_MS / 1000} s`,
    remedy: 'Copy or download it again.',
  });
}

function crashed(path: string, cause: unknown): IsochromatError {
  return new IsochromatError({
    code: 'hdf5-damaged',
    sentence: 'The HDF5 file is damaged: reading its structure fails.',
    subject: path,
    remedy: 'Copy or download it again.',
    cause,
  });
}
