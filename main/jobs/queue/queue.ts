import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Study } from '../../study/index.ts';
import { JOB_PARAMETERS, KIND_FACTS } from '../kinds.ts';
import type { JobInput, JobKind, JobParameters } from '../kinds.ts';
import { jobIsOver, jobIsRunning, jobNotQueued, noSuchJob, pathsForgotten, wrongParameters } from './errors.ts';
import { JobBook } from './job-book.ts';
import { readLog } from './job-log.ts';
import type { ProcessEnd } from './job-process.ts';
import type { StoredJob } from './job-table.ts';
import { defaultMemoryLimit } from './memory.ts';
import { LooseEnds } from './loose-ends.ts';
import { needsPaths, PrivatePaths, separatePaths, withoutPaths } from './private-paths.ts';
import { canResume, runToResume } from './resumption.ts';
import { RunningJob } from './running-job.ts';
import { systemSleepInhibitor } from './sleep.ts';
import type { SleepInhibitor } from './sleep.ts';
import { jobTitle } from './titles.ts';
import type { JobError, JobRecord, LogLine, QueueEvent } from './types.ts';

export interface QueueOptions {
  /** Jobs without models that run at a time, beside the one with. Default 2. */
  cpuJobs?: number;
  /** Milliseconds that a job has to stop when it is asked to, before its process is ended. Default 15,000. */
  grace?: number;
  /** Without a sign of life for so many milliseconds a job counts as not responding. Default 3000. */
  silence?: number;
  /** Bytes of resident memory that a job may have. Default: three quarters of the machine's. */
  memoryLimit?: number;
  /** Milliseconds that a job has to save its checkpoint when the engine is gone. Default 30,000. */
  orphanPatience?: number;
  sleep?: SleepInhibitor;
  /** The program of a job's process; tests have their own. */
  entry?: URL;
}

const LOOK_MS = 250;

/**
 * The jobs of a study: kept in its catalogue, run one process each. Jobs on models run one at a time, others beside them. The
 * study must be open in this engine (`openForEngine`): jobs that the last engine left running become `interrupted` here.
 */
export class JobQueue {
  private readonly study: Study;
  private readonly options: Required<Omit<QueueOptions, 'entry'>> & { entry: URL | undefined };
  private readonly book: JobBook;
  private readonly paths: PrivatePaths;
  private readonly root: string;
  private readonly running = new Map<string, RunningJob>();
  private readonly privately = new Map<string, unknown>();
  private readonly listeners = new Set<(event: QueueEvent) => void>();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly looseEnds: LooseEnds;
  private closed = false;

  constructor(study: Study, options: QueueOptions = {}) {
    this.study = study;
    this.options = {
      cpuJobs: options.cpuJobs ?? 2,
      grace: options.grace ?? 15_000,
      silence: options.silence ?? 3000,
      memoryLimit: options.memoryLimit ?? defaultMemoryLimit(),
      orphanPatience: options.orphanPatience ?? 30_000,
      sleep: options.sleep ?? systemSleepInhibitor(),
      entry: options.entry,
    };
    this.root = study.layout.jobs;
    this.paths = new PrivatePaths(this.root);
    this.book = new JobBook(study);
    this.looseEnds = new LooseEnds(study, study.readOnly ? [] : this.interruptLeftovers());
    if (study.readOnly) return;
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
    setImmediate(() => this.startWhatCan());
  }

  /**
   * Adds a job to the end of the queue of its priority.
   * @throws IsochromatError `job-parameters`, `study-read-only`
   */
  submit<K extends JobKind>(kind: K, input: JobInput<K>, { priority = 0 }: { priority?: number } = {}): JobRecord {
    const parsed = JOB_PARAMETERS[kind].safeParse(input);
    if (!parsed.success) throw wrongParameters(kind, parsed.error);
    const parameters = parsed.data as JobParameters<K>;
    const { shown, paths } = separatePaths(kind, parameters);
    const job = this.book.create({ kind, title: jobTitle(kind, parameters), parameters: shown, priority });
    if (paths !== null) this.paths.keep(job.id, paths);
    this.tell(job);
    setImmediate(() => this.startWhatCan());
    return this.record(job);
  }

  /** All jobs: those that run, then those that wait in their order, then the others, last ended first. */
  list(): JobRecord[] {
    return this.book.inOrder().map((job) => this.record(job));
  }

  /** @throws IsochromatError `no-such-job` */
  get(id: string): JobRecord {
    return this.record(this.job(id));
  }

  /** What a job said that may hold names or paths (which file failed, where a report lies): known until the engine ends. */
  details(id: string): unknown {
    this.job(id);
    return this.privately.get(id) ?? null;
  }

  /** Takes a job out of the queue, or stops it: it may save what it has, and is ended should that take too long. */
  cancel(id: string): JobRecord {
    const job = this.job(id);
    const running = this.running.get(id);
    if (running !== undefined) running.stop('cancelled', this.options.grace);
    else if (job.state === 'queued') this.finish(job, { state: 'cancelled', error: null });
    else throw jobIsOver(job);
    return this.record(job);
  }

  /** Queues a job that is over once more, from its beginning. */
  retry(id: string): JobRecord {
    return this.again(this.job(id), false);
  }

  /** Queues a job that came to no good end once more, to go on from what is kept. */
  resume(id: string): JobRecord {
    const job = this.job(id);
    return this.again(job, canResume(this.study, job));
  }

  /** Moves a queued job before another of its new priority, or to the end where none is named. */
  reorder(id: string, { before = null, priority }: { before?: string | null; priority?: number } = {}): JobRecord {
    const job = this.job(id);
    if (job.state !== 'queued') throw jobNotQueued(job);
    for (const moved of this.book.move(job, before, priority ?? job.priority)) this.tell(moved);
    return this.record(job);
  }

  /** Forgets a job that is over, with its log. What it made stays. */
  remove(id: string): void {
    const job = this.job(id);
    if (job.state === 'queued' || job.state === 'running') throw jobIsRunning(job);
    this.book.remove(job);
    this.privately.delete(id);
    rmSync(join(this.root, id), { recursive: true, force: true });
  }

  /** The log of a job from line `from` on. */
  log(id: string, from = 0): { lines: LogLine[]; next: number } {
    this.job(id);
    const lines = readLog(this.root, id, from);
    return { lines, next: (lines.at(-1)?.number ?? from - 1) + 1 };
  }

  /** Calls `listener` with everything that happens from now on; returns what stops that. */
  on(listener: (event: QueueEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when a job is neither queued nor running any more. */
  ended(id: string): Promise<JobRecord> {
    return new Promise((done) => {
      const over = ({ state }: JobRecord): boolean => state !== 'queued' && state !== 'running';
      const now = this.get(id);
      if (over(now)) return done(now);
      const stop = this.on((event) => {
        if (event.type !== 'job' || event.job.id !== id || !over(event.job)) return;
        stop();
        done(event.job);
      });
    });
  }

  /** Starts nothing more, asks what runs to stop at a checkpoint, and waits. What was stopped is `interrupted`. */
  async close({ grace = this.options.grace }: { grace?: number } = {}): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const ends = [...this.running.keys()].map((id) => this.ended(id));
    for (const running of this.running.values()) running.stop('interrupted', grace);
    await Promise.all(ends);
    clearInterval(this.timer);
    this.options.sleep.release();
    this.book.flush();
  }

  private job(id: string): StoredJob {
    const job = this.book.get(id);
    if (job === undefined) throw noSuchJob(id);
    return job;
  }

  private again(job: StoredJob, goOn: boolean): JobRecord {
    if (job.state === 'queued' || job.state === 'running') throw jobIsRunning(job);
    const paths = this.paths.of(job.id);
    if (needsPaths(job.kind, job.parameters) && paths === undefined) throw pathsForgotten();
    const run = goOn && job.kind === 'train' ? runToResume(this.study, job) : null;
    this.book.requeue(job, run);
    if (paths !== undefined) this.paths.keep(job.id, paths);
    this.privately.delete(job.id);
    this.tell(job);
    setImmediate(() => this.startWhatCan());
    return this.record(job);
  }

  private startWhatCan(): void {
    if (this.closed || this.looseEnds.hasOrphans || this.study.readOnly) return;
    const places = { true: 1, false: this.options.cpuJobs };
    for (const id of this.running.keys()) places[`${KIND_FACTS[this.job(id).kind].usesDevice}`] -= 1;
    for (const job of this.book.queued()) {
      const kind = `${KIND_FACTS[job.kind].usesDevice}` as const;
      if (places[kind] <= 0) continue;
      places[kind] -= 1;
      this.start(job);
    }
  }

  private start(job: StoredJob): void {
    const { entry, silence, memoryLimit, orphanPatience } = this.options;
    const paths = this.paths.of(job.id);
    if (needsPaths(job.kind, job.parameters) && paths === undefined) {
      const { code, sentence, remedy } = pathsForgotten();
      this.finish(job, { state: 'failed', error: { code, sentence, ...(remedy === undefined ? {} : { remedy }) } });
      return;
    }
    const given = { ...job.parameters, ...paths, ...(job.run === null ? {} : { run: job.run }) };
    this.book.update(job, { state: 'running', started: this.book.now(), ended: null, session: null });
    this.options.sleep.hold();
    const assignment = {
      id: job.id,
      kind: job.kind,
      parameters: given as unknown as JobParameters,
      study: this.study.folder,
      memoryLimit,
      orphanPatience,
    };
    const running = new RunningJob(assignment, {
      root: this.root,
      paths,
      ...(entry === undefined ? {} : { entry }),
      silence,
      onSession: (session) => this.book.update(job, { session }),
      onProgress: (progress) => this.emit({ type: 'progress', job: job.id, progress }),
      onLog: (line) => this.emit({ type: 'log', job: job.id, line }),
      onItem: (item) => {
        this.book.addItem(job, item);
        this.emit({ type: 'items', job: job.id, items: [item] });
      },
      onChange: () => this.tell(job),
      onEnd: (end) => this.processEnded(job, end),
    });
    this.running.set(job.id, running);
    this.tell(job);
  }

  private processEnded(job: StoredJob, end: ProcessEnd): void {
    const stopping = this.running.get(job.id)?.stopping ?? null;
    this.running.delete(job.id);
    if ('privately' in end && end.privately !== undefined) this.privately.set(job.id, end.privately);
    if (end.state === 'crashed' || end.state === 'out-of-memory') this.looseEnds.add(job, end.state);
    else if (stopping !== null) this.looseEnds.add(job, stopping);
    const clean = <T>(value: T): T => withoutPaths(value, this.paths.of(job.id));
    if (end.state === 'succeeded') {
      this.finish(job, { state: 'succeeded', outcome: clean(end.outcome), error: null });
    } else if (stopping !== null) {
      // However it ended, it ended because it was asked to.
      this.finish(job, { state: stopping, error: stopping === 'cancelled' ? null : INTERRUPTED });
    } else {
      this.finish(job, { state: end.state, error: 'error' in end ? clean(end.error) : null });
    }
    if (this.running.size === 0) this.options.sleep.release();
    this.startWhatCan();
  }

  private finish(job: StoredJob, change: Partial<StoredJob> & Pick<StoredJob, 'state'>): void {
    this.book.update(job, { ended: this.book.now(), session: null, ...change });
    // One that was interrupted is not over: it is offered again.
    if (change.state !== 'interrupted') this.paths.removeFromDisk(job.id);
    this.tell(job);
  }

  /** Jobs of an engine that is gone: `interrupted`. Returns the sessions of those whose process is still there. */
  private interruptLeftovers(): string[] {
    const left = this.book.all().filter((job) => job.state === 'running');
    const sessions = left.flatMap(({ session }) => (session === null ? [] : [session]));
    for (const job of left) {
      this.book.update(job, { state: 'interrupted', ended: this.book.now(), session: null, error: INTERRUPTED });
    }
    return sessions;
  }

  private look(): void {
    this.book.flush();
    if (this.looseEnds.look()) this.startWhatCan();
  }

  private record(job: StoredJob): JobRecord {
    const running = this.running.get(job.id);
    const over = job.state !== 'queued' && job.state !== 'running';
    const known = !needsPaths(job.kind, job.parameters) || this.paths.of(job.id) !== undefined;
    const { session: _session, run: _run, ...shown } = job;
    return structuredClone({
      ...shown,
      usesDevice: KIND_FACTS[job.kind].usesDevice,
      responding: running?.responding ?? true,
      stopping: running?.stopping != null,
      resumable: over && known && canResume(this.study, job),
      retryable: over && known,
      progress: running?.progress ?? null,
    });
  }

  private tell(job: StoredJob): void {
    this.emit({ type: 'job', job: this.record(job) });
  }

  private emit(event: QueueEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

const INTERRUPTED: JobError = {
  code: 'job-interrupted',
  sentence: 'The program ended while this job was running.',
  remedy: 'What it had finished is kept. It can go on, or begin again.',
};
