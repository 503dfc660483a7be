import type { Study } from '../../study/index.ts';
import { KIND_FACTS } from '../kinds.ts';
import type { StoredJob } from './job-table.ts';

/** Whether a job that came to no good end can go on from what is kept of it. */
export function canResume(study: Study, job: StoredJob): boolean {
  if (!KIND_FACTS[job.kind].resumable || job.state === 'succeeded') return false;
  return job.kind !== 'train' || runToResume(study, job) !== null;
}

/** The run of a training that has a checkpoint to go on from. */
export function runToResume(study: Study, job: StoredJob): string | null {
  const candidates = [...job.items, ...(job.run === null ? [] : [job.run]), job.parameters['run']];
  const kept = candidates.filter((id): id is string => typeof id === 'string' && !id.includes('/'));
  return kept.find((id) => study.checkpoints.latest(id) !== undefined) ?? null;
}
