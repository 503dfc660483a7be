import type { JobKind } from '../kinds.ts';

/**
 * `queued` → `running` → one of the others. `interrupted`: the engine ended while the job ran; `crashed`: the job's own process
 * did; `failed`: it ended in order and says why.
 */
export const JOB_STATES = [
  'queued',
  'running',
  'succeeded',
  'cancelled',
  'failed',
  'out-of-memory',
  'crashed',
  'interrupted',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Where a running job stands. */
export interface JobProgress {
  /** What is being done, in the user's words: "Reconstructing". */
  stage: string;
  done: number;
  total: number | null;
  /** How far the job is, 0 to 1: as a whole where that is known, else in this stage; null where nobody can know. */
  share: number | null;
  /** Units of `done` a second in this stage; null until it can be told. */
  rate: number | null;
  /** Seconds until the job is done where that is known, else until this stage is; null where nobody can know. */
  secondsLeft: number | null;
  /** One short fact beside the bar: "loss 0.123 · 340 patches/s". */
  note: string | null;
}

/** What a job that succeeded has to say. */
export interface JobOutcome {
  /** One sentence. */
  summary: string;
  /** Ids of what it made. */
  items: string[];
  /** What one may go to from there: `patchSet`, `run`, `experiment`, `report` (a path inside the study). */
  links?: Record<string, string>;
  details?: unknown;
}

export interface JobError {
  code: string;
  sentence: string;
  remedy?: string;
}

/** A job as it is shown. Paths of the user's files are in none of its fields. */
export interface JobRecord {
  id: string;
  kind: JobKind;
  /** "Training the autoencoder" */
  title: string;
  /** As submitted, with lists of paths replaced by their length: `{paths: {count: 3}}`. */
  parameters: unknown;
  state: JobState;
  /** Higher goes first. */
  priority: number;
  /** Among queued jobs of one priority, lower goes first. */
  position: number;
  /** ISO 8601. */
  created: string;
  started: string | null;
  ended: string | null;
  /** Computes with models: of these one runs at a time. */
  usesDevice: boolean;
  /** 1, and one more for each retry or resume. */
  attempt: number;
  /** False while a running job has shown no sign of life for some seconds. */
  responding: boolean;
  /** Has been asked to stop and is on its way. */
  stopping: boolean;
  /** `resume` goes on from what is kept. */
  resumable: boolean;
  /** `retry` begins anew; false where paths that it needs are no longer known. */
  retryable: boolean;
  progress: JobProgress | null;
  /** Ids of what it has made so far, also where it did not come to its end. */
  items: string[];
  outcome: JobOutcome | null;
  error: JobError | null;
}

/** One line of a job's log, told apart by its number (0, 1, …). */
export interface LogLine {
  number: number;
  time: string;
  level: 'info' | 'error';
  message: string;
  details?: Record<string, unknown>;
}

/** What a queue tells whoever listens. */
export type QueueEvent =
  /** A job was added, or anything but its progress changed. */
  | { type: 'job'; job: JobRecord }
  | { type: 'progress'; job: string; progress: JobProgress }
  | { type: 'log'; job: string; line: LogLine }
  /** A job made items: the study holds more than before. */
  | { type: 'items'; job: string; items: string[] };
