import type { ProgressUpdate } from '../../domain/progress.ts';
import type { JobKind, JobParameters } from '../kinds.ts';
import type { JobError, JobOutcome } from './types.ts';

/** What a job's process is told when it starts. */
export interface JobAssignment {
  id: string;
  kind: JobKind;
  parameters: JobParameters;
  /** The study's folder. */
  study: string;
  /** Bytes of resident memory beyond which it is ended. */
  memoryLimit: number;
  /** Milliseconds that it has, once its engine is gone, to come to its senses; one that responds may finish a checkpoint. */
  orphanPatience: number;
}

/** From the engine to a job's process. */
export type ToWorker = { type: 'start'; job: JobAssignment } | { type: 'cancel' };

/** From a job's process to the engine. */
export type FromWorker =
  /** It lives, and its event loop turns. */
  | { type: 'alive' }
  /** It has opened the study. */
  | { type: 'session'; id: string }
  | { type: 'progress'; update: ProgressUpdate }
  | { type: 'log'; message: string; details?: Record<string, unknown> }
  /** It added this to the study. */
  | { type: 'item'; id: string }
  | { type: 'end'; end: WorkerEnd };

/** How a job ended that could still say so. `privately`: what may hold names, for this session's user and not for keeping. */
export type WorkerEnd =
  | { state: 'succeeded'; outcome: JobOutcome; privately?: unknown }
  | { state: 'cancelled' }
  | { state: 'failed' | 'out-of-memory'; error: JobError; privately?: unknown };

/** What the watchdog writes to standard error before it ends a process that outgrew its memory. */
export const MEMORY_MARK = 'isochromat: this job outgrew its memory limit';
