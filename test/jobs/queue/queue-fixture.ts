import { onTestFinished } from 'vitest';
import { JobQueue } from '../../../main/jobs/queue/index.ts';
import type { JobRecord, QueueEvent, QueueOptions } from '../../../main/jobs/queue/index.ts';
import type { Study } from '../../../main/study/index.ts';
import { MISBEHAVING } from './misbehaving.ts';

/** A queue whose jobs do what `site` says, and that is closed when the test ends. What stops when it is asked has all the time for it. */
export function temporaryQueue(study: Study, options: QueueOptions = {}): JobQueue {
  const sleep = { hold: () => {}, release: () => {} };
  const queue = new JobQueue(study, { entry: MISBEHAVING, sleep, grace: 50_000, ...options });
  onTestFinished(() => queue.close({ grace: 0 }));
  return queue;
}

/** Submits a job that does `behaviour` (test/jobs/queue/misbehaving-worker.ts). */
export function submit(queue: JobQueue, behaviour: string, priority = 0): JobRecord {
  return queue.submit('import', { paths: ['/scans/DOE_JOHN'], site: behaviour }, { priority });
}

/** Resolves with the first event that passes. */
export function event(queue: JobQueue, wanted: (event: QueueEvent) => boolean): Promise<QueueEvent> {
  return new Promise((resolve) => {
    const stop = queue.on((each) => {
      if (!wanted(each)) return;
      stop();
      resolve(each);
    });
  });
}

/** Resolves once the job's process is at work. */
export async function underWay(queue: JobQueue, id: string): Promise<void> {
  if (queue.get(id).progress !== null) return;
  await event(queue, (each) => each.type === 'progress' && each.job === id);
}

/** Process id of a running job, from its log. */
export function processOf(queue: JobQueue, id: string): number {
  const started = queue.log(id).lines.findLast(({ message }) => message === 'started');
  return started!.details!['pid'] as number;
}

export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Waits until `condition` holds; how long it took in milliseconds. Fails after `limit`. Time in which this process itself
 * was stopped (a machine that sleeps, a busy one that gives it no turn) does not count.
 */
export async function until(condition: () => boolean, limit = 5000): Promise<number> {
  let waited = 0;
  while (!condition()) {
    if (waited > limit) throw new Error(`not within ${limit} ms: ${condition}`);
    const since = performance.now();
    await new Promise((done) => setTimeout(done, 20));
    waited += Math.min(performance.now() - since, LONGEST_TURN_MS);
  }
  return waited;
}

const LONGEST_TURN_MS = 500;
