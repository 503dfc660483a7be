import { JobLog } from './job-log.ts';
import { JobProcess } from './job-process.ts';
import type { ProcessEnd } from './job-process.ts';
import type { FromWorker, JobAssignment } from './messages.ts';
import { withoutPaths } from './private-paths.ts';
import type { PathParameters } from './private-paths.ts';
import { ProgressRate } from './progress-rate.ts';
import type { JobProgress, LogLine } from './types.ts';

export interface RunningJobOptions {
  /** The study's folder of jobs. */
  root: string;
  /** What must not appear in what is kept. */
  paths: PathParameters | undefined;
  entry?: URL;
  silence: number;
  onSession: (session: string) => void;
  onProgress: (progress: JobProgress) => void;
  onLog: (line: LogLine) => void;
  onItem: (id: string) => void;
  /** Whether it responds, or is stopping, is another matter than it was. */
  onChange: () => void;
  onEnd: (end: ProcessEnd) => void;
}

/** A job that runs: its process, its log and where it stands. */
export class RunningJob {
  progress: JobProgress | null = null;
  responding = true;
  /** Why it was asked to stop, where it was. */
  stopping: 'cancelled' | 'interrupted' | null = null;
  private readonly options: RunningJobOptions;
  private readonly process: JobProcess;
  private readonly diary: JobLog;
  private readonly rate = new ProgressRate();
  private patience: NodeJS.Timeout | undefined;

  constructor(assignment: JobAssignment, options: RunningJobOptions) {
    this.options = options;
    this.diary = new JobLog(options.root, assignment.id);
    this.process = new JobProcess(assignment, {
      ...(options.entry === undefined ? {} : { entry: options.entry }),
      silence: options.silence,
      onMessage: (message) => this.hear(message),
      onResponding: (responding) => {
        this.responding = responding;
        this.log('info', responding ? 'responds again' : 'does not respond');
        options.onChange();
      },
      onEnd: (end) => {
        clearTimeout(this.patience);
        if ('error' in end) this.log('error', end.error.sentence, { code: end.error.code });
        if (end.lastWords !== undefined) this.log('error', 'last words', { text: end.lastWords.slice(-2000) });
        this.log('info', `ended: ${end.state}`);
        options.onEnd(end);
      },
    });
    this.log('info', 'started', { pid: this.process.pid });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Asks it to stop, and ends its process should it not have done so after `grace` milliseconds. */
  stop(as: 'cancelled' | 'interrupted', grace: number): void {
    const first = this.stopping === null;
    this.stopping ??= as;
    if (first) {
      this.log('info', 'asked to stop');
      this.process.askToStop();
    }
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.log('info', `did not stop within ${(grace / 1000).toFixed(0)} s and was ended`);
      this.process.end();
    }, grace);
    if (first) this.options.onChange();
  }

  private hear(message: Exclude<FromWorker, { type: 'alive' | 'end' }>): void {
    switch (message.type) {
      case 'session':
        return this.options.onSession(message.id);
      case 'progress': {
        const { note, ...update } = message.update;
        const clean = note === undefined ? {} : { note: withoutPaths(note, this.options.paths) };
        this.progress = this.rate.update({ ...update, ...clean }, performance.now() / 1000);
        return this.options.onProgress(this.progress);
      }
      case 'log':
        return this.log('info', message.message, message.details);
      case 'item':
        return this.options.onItem(message.id);
    }
  }

  private log(level: LogLine['level'], message: string, details?: Record<string, unknown>): void {
    const clean = withoutPaths({ message, ...(details === undefined ? {} : { details }) }, this.options.paths);
    const line = this.diary.append({ time: new Date().toISOString(), level, ...clean });
    if (line !== undefined) this.options.onLog(line);
  }
}
