import type { Logger } from 'pino';
import { IsochromatError } from '../domain/errors.ts';
import { JobQueue, openForEngine, systemSleepInhibitor } from '../jobs/queue/index.ts';
import type { EngineHolder, EngineStudy, QueueEvent, QueueOptions } from '../jobs/queue/index.ts';
import { createStudy } from '../study/index.ts';
import type { Study } from '../study/index.ts';
import { Events } from './events.ts';
import { PathTokens } from './path-tokens.ts';
import { RecentStudies } from './recent-studies.ts';
import { openSessions, openSettings } from './settings.ts';
import { Tasks } from './tasks.ts';

/** Behind a shell that owns window and dialogs, or alone, with a browser before it. */
export type EngineMode = 'desktop' | 'browser';

interface Opened extends EngineStudy {
  queue: JobQueue;
}

/** Everything an engine holds: the open study with its jobs, and what there is beside it. */
export class EngineState {
  readonly mode: EngineMode;
  readonly log: Logger;
  readonly events = new Events();
  readonly tokens = new PathTokens();
  readonly tasks: Tasks;
  readonly settings = openSettings();
  readonly sessions = openSessions();
  readonly recent = new RecentStudies();
  /** What models compute on, once the doctor has looked. */
  computing: { backend: string; device: string } | undefined;
  private opened: Opened | undefined;
  private readonly queueOptions: QueueOptions;
  /** Opening and closing follow one another. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(mode: EngineMode, log: Logger, queueOptions: QueueOptions = {}) {
    this.mode = mode;
    this.log = log;
    this.queueOptions = { sleep: systemSleepInhibitor((message) => log.warn(message)), ...queueOptions };
    this.tasks = new Tasks(this.events, (thrown) => log.error({ err: thrown }, 'task failed'));
  }

  get study(): Study | undefined {
    return this.opened?.study;
  }

  /** The other engine that has the study, where it is open for reading only because of that. */
  get heldBy(): EngineHolder | null {
    return this.opened?.heldBy ?? null;
  }

  /** @throws IsochromatError `no-study` */
  requireStudy(): Study {
    return this.require().study;
  }

  /** @throws IsochromatError `no-study` */
  requireQueue(): JobQueue {
    return this.require().queue;
  }

  create(folder: string, name: string): Promise<Study> {
    return this.inTurn(async () => {
      (await createStudy(folder, { name })).close();
      return this.take(await openForEngine(folder));
    });
  }

  /**
   * Opens a study in place of another that is open, which stays open where this fails.
   * @throws IsochromatError `study-in-use` and what `openStudy` throws
   */
  open(folder: string, { readOnly = false }: { readOnly?: boolean } = {}): Promise<Study> {
    return this.inTurn(async () => {
      const { opened } = this;
      // Two windows that come back, or one that asks twice, find the study as it is: its jobs go on.
      if (opened?.study.folder === folder && opened.study.readOnly === readOnly) return opened.study;
      // A study cannot be held twice: it is closed before it is opened otherwise.
      if (opened?.study.folder === folder) await this.release();
      return this.take(await openForEngine(folder, { readOnly, whenHeld: readOnly ? 'read-only' : 'refuse' }));
    });
  }

  /** Asks jobs to stop at a checkpoint, waits for them, and lets go of the study. */
  close(options: { grace?: number } = {}): Promise<void> {
    return this.inTurn(() => this.release(options));
  }

  /** Tells everyone that something of the study is not as it was. */
  changed(items?: string[]): void {
    const study = this.study?.id ?? null;
    this.events.emit({ kind: 'study', data: { change: 'content', study, ...(items === undefined ? {} : { items }) } });
  }

  private require(): Opened {
    if (this.opened !== undefined) return this.opened;
    throw new IsochromatError({ code: 'no-study', sentence: 'No study is open.', remedy: 'Open or create one.' });
  }

  private async take(opened: EngineStudy): Promise<Study> {
    await this.release();
    const { study } = opened;
    const queue = new JobQueue(study, this.queueOptions);
    queue.on((event) => this.pass(event));
    this.opened = { ...opened, queue };
    await this.remember(study);
    this.events.emit({ kind: 'study', data: { change: 'opened', study: study.id } });
    return study;
  }

  private async release(options: { grace?: number } = {}): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    this.tasks.cancelAll();
    await opened.queue.close(options);
    this.opened = undefined;
    // What it has become is what the list of recent studies shows.
    await this.remember(opened.study);
    opened.close();
    this.events.emit({ kind: 'study', data: { change: 'closed', study: opened.study.id } });
  }

  private async remember(study: Study): Promise<void> {
    await this.recent.remember(study, new Date()).catch((thrown: unknown) => {
      this.log.warn({ err: thrown }, 'recent studies not kept');
    });
  }

  private pass(event: QueueEvent): void {
    if (event.type === 'job') {
      this.events.emit({ kind: 'job', data: event.job });
      // What it made was told of; what it changed besides (classes, splits) was not.
      if (event.job.ended !== null) this.changed();
    } else if (event.type === 'items') this.changed(event.items);
    else if (event.type === 'log') this.events.emit({ kind: 'log', data: { job: event.job, line: event.line } });
    else this.events.emit({ kind: 'progress', data: { job: event.job, progress: event.progress } });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }
}
