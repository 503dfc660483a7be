import type { Logger } from 'pino';
import { IsochromatError } from '../domain/errors.ts';
import { createStudy, openStudy } from '../study/index.ts';
import type { Study } from '../study/index.ts';
import { Events } from './events.ts';
import { PathTokens } from './path-tokens.ts';
import { RecentStudies } from './recent-studies.ts';
import { openSessions, openSettings } from './settings.ts';
import { Tasks } from './tasks.ts';

/** Who asks: the shell itself, a window, and in which of the two modes the engine runs. */
export type EngineMode = 'desktop' | 'browser';

/** Everything an engine holds: the open study, and what there is of it beside requests. */
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
  private opened: Study | undefined;

  constructor(mode: EngineMode, log: Logger) {
    this.mode = mode;
    this.log = log;
    this.tasks = new Tasks(this.events, (thrown) => log.error({ err: thrown }, 'task failed'));
  }

  get study(): Study | undefined {
    return this.opened;
  }

  /** @throws IsochromatError `no-study` */
  requireStudy(): Study {
    if (this.opened !== undefined) return this.opened;
    throw new IsochromatError({ code: 'no-study', sentence: 'No study is open.', remedy: 'Open or create one.' });
  }

  async create(folder: string, name: string): Promise<Study> {
    return this.take(await createStudy(folder, { name }));
  }

  /** Opens a study in place of the one that was open. */
  async open(folder: string, options: { readOnly?: boolean } = {}): Promise<Study> {
    return this.take(await openStudy(folder, options));
  }

  async close(): Promise<void> {
    const study = this.opened;
    if (study === undefined) return;
    this.opened = undefined;
    this.tasks.cancelAll();
    study.close();
    this.events.emit({ kind: 'study', data: { change: 'closed', study: study.id } });
  }

  /** Tells everyone that something of the study is not as it was. */
  changed(items?: string[]): void {
    const study = this.opened?.id ?? null;
    this.events.emit({ kind: 'study', data: { change: 'content', study, ...(items === undefined ? {} : { items }) } });
  }

  private async take(study: Study): Promise<Study> {
    await this.close();
    this.opened = study;
    await this.recent.remember(study, new Date()).catch((thrown: unknown) => {
      this.log.warn({ err: thrown }, 'recent studies not kept');
    });
    this.events.emit({ kind: 'study', data: { change: 'opened', study: study.id } });
    return study;
  }
}
