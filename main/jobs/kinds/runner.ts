import type { WorkContext } from '../../domain/progress.ts';
import type { Study } from '../../study/index.ts';
import type { JobKind, JobParameters } from '../kinds.ts';
import type { JobOutcome } from '../queue/types.ts';

/** A job as its process sees it. */
export interface JobToRun<K extends JobKind = JobKind> {
  id: string;
  kind: K;
  parameters: JobParameters<K>;
}

export interface JobResult {
  outcome: JobOutcome;
  /** What may hold names or paths: shown while the engine runs, and not kept. */
  privately?: unknown;
}

/** The work of one kind. */
export type JobRunner<K extends JobKind> = (study: Study, job: JobToRun<K>, context: WorkContext) => Promise<JobResult>;
