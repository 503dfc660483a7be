import { randomBytes } from 'node:crypto';
import { asIsochromatError, IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import type { Events } from './events.ts';
import { publicError } from './public-error.ts';
import type { TaskStarted, TaskState } from './wire.ts';

export type TaskKind = 'scan' | 'recognition' | 'verification' | 'doctor';

interface Task {
  kind: TaskKind;
  state: TaskState<unknown>;
  stop: AbortController;
}

/** Finished tasks whose results are kept for the window to fetch; those of scans hold every header, and names. */
const KEPT: Record<TaskKind, number> = { scan: 1, recognition: 1, verification: 8, doctor: 8 };
/** Progress is passed on this often at most. */
const EVERY_MS = 100;

/** Work of the engine itself that takes longer than a request: scans of folders, verification, the doctor. */
export class Tasks {
  private readonly tasks = new Map<string, Task>();
  private readonly events: Events;
  private readonly report: (thrown: unknown) => void;

  constructor(events: Events, report: (thrown: unknown) => void) {
    this.events = events;
    this.report = report;
  }

  start<Result>(kind: TaskKind, work: (context: Required<WorkContext>) => Promise<Result>): TaskStarted {
    const id = `${kind}-${randomBytes(9).toString('base64url')}`;
    const task: Task = { kind, state: { state: 'running', progress: null }, stop: new AbortController() };
    this.tasks.set(id, task);
    let told = 0;
    const onProgress: WorkContext['onProgress'] = ({ stage, done, total = null }) => {
      if (task.state.state !== 'running') return;
      task.state = { state: 'running', progress: { stage, done, total } };
      const now = performance.now();
      if (now - told < EVERY_MS) return;
      told = now;
      this.events.emit({ kind: 'progress', data: { task: id, stage, done, total } });
    };
    void work({ onProgress, signal: task.stop.signal, log: () => {} })
      .then((result) => (task.state = { state: 'done', result }))
      .catch((thrown: unknown) => {
        if (asIsochromatError(thrown).code === 'cancelled') task.state = { state: 'cancelled' };
        else {
          this.report(thrown);
          task.state = { state: 'failed', error: publicError(thrown) };
        }
      })
      .finally(() => {
        this.forget(kind);
        this.events.emit({ kind: 'progress', data: { task: id, stage: '', done: 0, total: null, ended: true } });
      });
    return { task: id };
  }

  /** @throws IsochromatError `no-such-task` */
  get<Result>(kind: TaskKind, id: string): TaskState<Result> {
    const task = this.tasks.get(id);
    if (task?.kind === kind) return task.state as TaskState<Result>;
    throw new IsochromatError({
      code: 'no-such-task',
      sentence: 'The engine does not know of this any more.',
      remedy: 'Start it again.',
    });
  }

  cancel(id: string): void {
    this.tasks.get(id)?.stop.abort();
  }

  cancelAll(): void {
    for (const task of this.tasks.values()) task.stop.abort();
  }

  /** Stops a task where it runs, and lets go of its result. */
  discard(id: string): void {
    this.cancel(id);
    this.tasks.delete(id);
  }

  private forget(of: TaskKind): void {
    const ended = [...this.tasks].filter(([, { kind, state }]) => kind === of && state.state !== 'running');
    for (const [id] of ended.slice(0, Math.max(0, ended.length - KEPT[of]))) this.tasks.delete(id);
  }
}
