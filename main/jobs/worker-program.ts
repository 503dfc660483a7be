import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { asIsochromatError } from '../domain/errors.ts';
import type { ProgressListener } from '../domain/progress.ts';
import { loggedError } from '../domain/log-error.ts';
import { openStudy } from '../study/index.ts';
import type { Study } from '../study/index.ts';
import type { runJob } from './kinds/run.ts';
import type { JobAssignment, FromWorker, ToWorker, WorkerEnd } from './queue/messages.ts';
import { isMemoryError, outOfMemory } from './queue/memory.ts';
import { yieldToOthers } from './priority.ts';
import type { WatchdogSettings } from './watchdog.ts';

const BEAT_MS = 500;
/** Progress in between is of no use to anybody. */
const PROGRESS_MS = 100;

/**
 * Makes this process the process of one job, started by the engine (`queue/job-process.ts`): it is told what to do in its first
 * message, tells how it goes, and ends. Should its engine be gone, it saves what it can and ends too.
 * @param run the work itself
 */
export function beJobProcess(run: typeof runJob): void {
  const settings = JSON.parse(process.argv[2] ?? '{}') as Omit<WatchdogSettings, 'beats'>;
  const beats = new SharedArrayBuffer(4);
  const watchdog = new Worker(new URL('./watchdog.ts', import.meta.url), {
    workerData: { ...settings, beats },
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  watchdog.unref();
  const watched = once(watchdog, 'message');
  yieldToOthers();
  setInterval(() => {
    Atomics.add(new Int32Array(beats), 0, 1);
    tell({ type: 'alive' });
  }, BEAT_MS);

  const stop = new AbortController();
  let started = false;
  process.on('message', (message: ToWorker) => {
    if (message.type === 'cancel') return stop.abort();
    started = true;
    // Not before somebody looks after it: the work may keep this thread for good.
    void watched.then(() => work(message.job));
  });
  process.on('disconnect', () => {
    stop.abort();
    if (!started) process.exit();
  });
  // Nobody reads it any more once the engine is gone.
  process.stderr.on('error', () => {});
  process.on('uncaughtException', (thrown) => void finish(endOf(thrown), 1));

  async function work(job: JobAssignment): Promise<void> {
    let study: Study | undefined;
    let end: WorkerEnd;
    try {
      study = await openStudy(job.study);
      tell({ type: 'session', id: study.sessionId! });
      study.onItem((id) => tell({ type: 'item', id }));
      end = {
        state: 'succeeded',
        ...(await run(study, job, { onProgress: occasionally(tell), signal: stop.signal, log })),
      };
    } catch (thrown) {
      end = endOf(thrown);
    }
    try {
      study?.close();
    } catch (thrown) {
      log('the study could not be closed', { error: loggedError(thrown) });
    }
    await finish(end, 0);
  }

  function endOf(thrown: unknown): WorkerEnd {
    const { code, sentence, remedy } = asIsochromatError(thrown);
    // A work that failed because it was being stopped was stopped.
    if (code === 'cancelled' || stop.signal.aborted) return { state: 'cancelled' };
    log('failed', { error: loggedError(thrown) });
    if (isMemoryError(thrown)) return { state: 'out-of-memory', error: outOfMemory(settings.memoryLimit) };
    // What the system says of something unforeseen quotes paths; the log has the place in the program.
    const said = code === 'internal' ? 'Something unforeseen went wrong.' : sentence;
    return { state: 'failed', error: { code, sentence: said, ...(remedy === undefined ? {} : { remedy }) } };
  }

  let finished = false;
  async function finish(end: WorkerEnd, exitCode: number): Promise<void> {
    if (finished) return;
    finished = true;
    await new Promise<void>((sent) => {
      if (process.connected) process.send!({ type: 'end', end } satisfies FromWorker, () => sent());
      else sent();
    });
    process.exit(exitCode);
  }

  function tell(message: FromWorker): void {
    if (process.connected) process.send!(message, () => {});
  }

  function log(message: string, details?: Record<string, unknown>): void {
    tell({ type: 'log', message, ...(details === undefined ? {} : { details }) });
  }
}

/** Passes on progress a few times a second, and always what begins or ends a stage. */
function occasionally(tell: (message: FromWorker) => void): ProgressListener {
  let last = { stage: '', at: -Infinity };
  return (update) => {
    const now = performance.now();
    const atEnd = update.total !== undefined && update.done >= update.total;
    if (update.stage === last.stage && now - last.at < PROGRESS_MS && !atEnd) return;
    last = { stage: update.stage, at: now };
    tell({ type: 'progress', update });
  };
}
