import type { JobRecord } from '../../../main/server/contract.ts';

export interface JobGroups {
  running: JobRecord[];
  queued: JobRecord[];
  ended: JobRecord[];
}

/** Running ones by start, waiting ones in their order, ended ones with the latest first. */
export function groupJobs(jobs: readonly JobRecord[]): JobGroups {
  const running = jobs.filter(({ state }) => state === 'running');
  const queued = jobs.filter(({ state }) => state === 'queued');
  const ended = jobs.filter(({ state }) => state !== 'running' && state !== 'queued');
  running.sort((a, b) => compare(a.started, b.started));
  queued.sort((a, b) => b.priority - a.priority || a.position - b.position);
  ended.sort((a, b) => compare(b.ended ?? b.created, a.ended ?? a.created));
  return { running, queued, ended };
}

function compare(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
