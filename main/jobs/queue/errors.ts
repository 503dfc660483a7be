import { z } from 'zod';
import { IsochromatError } from '../../domain/errors.ts';
import type { JobKind } from '../kinds.ts';
import type { StoredJob } from './job-table.ts';

export function wrongParameters(kind: JobKind, error: z.ZodError): IsochromatError {
  return new IsochromatError({
    code: 'job-parameters',
    sentence: 'This cannot be done as it was asked for.',
    subject: kind,
    found: z.prettifyError(error),
  });
}

export function noSuchJob(id: string): IsochromatError {
  return new IsochromatError({ code: 'no-such-job', sentence: 'There is no such job.', subject: id });
}

export function jobIsOver({ id, state }: StoredJob): IsochromatError {
  return new IsochromatError({
    code: 'job-over',
    sentence: 'This job is over already.',
    subject: id,
    expected: 'a job that is queued or running',
    found: state,
  });
}

export function jobIsRunning({ id, state }: StoredJob): IsochromatError {
  return new IsochromatError({
    code: 'job-not-over',
    sentence: 'This job is not over yet.',
    subject: id,
    found: state,
    remedy: 'Cancel it first.',
  });
}

export function jobNotQueued({ id, state }: StoredJob): IsochromatError {
  return new IsochromatError({
    code: 'job-not-queued',
    sentence: 'Only jobs that wait can change places.',
    subject: id,
    expected: 'queued',
    found: state,
  });
}

/** For privacy, paths are forgotten with the engine that ran the job. */
export function pathsForgotten(): IsochromatError {
  return new IsochromatError({
    code: 'paths-forgotten',
    sentence: 'Which files this job was about is no longer known: their paths are not kept once a job is over.',
    remedy: 'Choose the files again; what is in the study already is recognised.',
  });
}
