import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../main/server/contract.ts';
import { groupJobs } from '../../../renderer/features/activity/groups.ts';

const job = (id: string, part: Partial<JobRecord>): JobRecord => ({
  id,
  kind: 'import',
  title: id,
  parameters: {},
  state: 'queued',
  priority: 0,
  position: 0,
  created: '2026-01-01T00:00:00Z',
  started: null,
  ended: null,
  usesDevice: false,
  attempt: 1,
  responding: true,
  stopping: false,
  resumable: false,
  retryable: true,
  progress: null,
  items: [],
  outcome: null,
  error: null,
  ...part,
});

describe('jobs in groups', () => {
  it('wait in the order in which they will run', () => {
    const { queued } = groupJobs([
      job('late', { position: 2 }),
      job('first', { priority: 1, position: 9 }),
      job('early', { position: 1 }),
    ]);
    expect(queued.map(({ id }) => id)).toEqual(['first', 'early', 'late']);
  });

  it('end with the latest first, whatever way they ended', () => {
    const { ended, running } = groupJobs([
      job('old', { state: 'failed', ended: '2026-01-01T01:00:00Z' }),
      job('new', { state: 'succeeded', ended: '2026-01-01T02:00:00Z' }),
      job('now', { state: 'running', started: '2026-01-01T02:00:00Z' }),
    ]);
    expect(ended.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(running.map(({ id }) => id)).toEqual(['now']);
  });
});
