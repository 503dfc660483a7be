import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { EngineClient } from './engine-client.ts';
import { readServerSentEvents } from './server-sent-events.ts';

/** What the shell needs of a job (main/jobs/queue/types.ts). */
export interface WatchedJob {
  id: string;
  title: string;
  state: string;
  started: string | null;
  ended: string | null;
  progress: { share: number | null } | null;
  outcome: { summary: string } | null;
  error: { sentence: string } | null;
}

interface JobWatchEvents {
  /** The running jobs or their progress changed. */
  change: [];
  ended: [WatchedJob];
  /** The study was opened, closed, or changed. */
  study: [];
}

const UNTIL_RETRY = 1000;

/**
 * Follows the engine's events for what the operating system is told: which jobs run, how far they are, how they end. Comes back by
 * itself when the engine was away.
 */
export class JobWatch extends EventEmitter<JobWatchEvents> {
  readonly #client: EngineClient;
  readonly #jobs = new Map<string, WatchedJob>();
  readonly #stop = new AbortController();

  constructor(client: EngineClient) {
    super();
    this.#client = client;
  }

  get running(): WatchedJob[] {
    return [...this.#jobs.values()].filter((job) => job.state === 'running');
  }

  /** Reads events until `close`. */
  async follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const stream = await this.#client.events(signal);
        // Asked after the stream is open, so that nothing falls between.
        await this.#ask();
        for await (const { kind, data } of readServerSentEvents(stream)) await this.#hear(kind, JSON.parse(data));
      } catch {
        // The engine is away, or said what we do not understand: ask again.
      }
      this.#replace([]);
      await wait(UNTIL_RETRY, undefined, { signal }).catch(() => {});
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #ask(): Promise<void> {
    const answer = await this.#client.query('jobs.list').catch(() => []);
    const jobs = Array.isArray(answer) ? answer : (answer as { jobs?: unknown } | null)?.jobs;
    this.#replace(Array.isArray(jobs) ? (jobs as WatchedJob[]) : []);
  }

  #replace(jobs: readonly WatchedJob[]): void {
    const ended = jobs.filter((job) => this.#endsWith(job));
    this.#jobs.clear();
    for (const job of jobs) this.#jobs.set(job.id, job);
    this.emit('change');
    for (const job of ended) this.emit('ended', job);
  }

  /** Whether a job ran until now and is over. It may be the list that says so first, before the event comes. */
  #endsWith({ id, state }: WatchedJob): boolean {
    return this.#jobs.get(id)?.state === 'running' && state !== 'running' && state !== 'queued';
  }

  async #hear(kind: string, data: unknown): Promise<void> {
    if (kind === 'job') this.#job(data as WatchedJob);
    if (kind === 'progress') this.#progress(data as { job?: string; progress: NonNullable<WatchedJob['progress']> });
    if (kind === 'study') {
      await this.#ask();
      this.emit('study');
    }
    if (kind === 'engine' && (data as { state: string }).state === 'gap') await this.#ask();
  }

  #job(job: WatchedJob): void {
    const ended = this.#endsWith(job);
    this.#jobs.set(job.id, job);
    this.emit('change');
    if (ended) this.emit('ended', job);
  }

  /** Of a job; that of other tasks names none. */
  #progress({ job: id, progress }: { job?: string; progress: NonNullable<WatchedJob['progress']> }): void {
    const job = id === undefined ? undefined : this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.set(job.id, { ...job, progress });
    this.emit('change');
  }
}

/** How far all running jobs are together, 0 to 1; `'unknown'` where one of them cannot tell, undefined when nothing runs. */
export function overallProgress(running: readonly WatchedJob[]): number | 'unknown' | undefined {
  if (running.length === 0) return undefined;
  const shares = running.map(({ progress }) => progress?.share ?? null);
  if (shares.includes(null)) return 'unknown';
  return (shares as number[]).reduce((total, share) => total + share, 0) / shares.length;
}

/** Seconds that a job ran, 0 where it never did. */
export function secondsOf({ started, ended }: WatchedJob): number {
  return started === null || ended === null ? 0 : (Date.parse(ended) - Date.parse(started)) / 1000;
}
