import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JobKind } from '../../../main/jobs/kinds.ts';
import { JOB_KINDS } from '../../../main/jobs/kinds.ts';
import type { JobQueue } from '../../../main/jobs/queue/index.ts';
import type { JobRecord } from '../../../main/jobs/queue/index.ts';
import { filesBelow } from '../../../main/study/durable.ts';
import { createStudy } from '../../../main/study/index.ts';
import type { Study } from '../../../main/study/index.ts';
import { IDENTITY_KEY, temporaryFolder, temporaryStudy } from '../../study/temporary-study.ts';
import { submit, temporaryQueue, underWay, until } from './queue-fixture.ts';

const NAME = 'DOE_JOHN';

describe('a queue', () => {
  test('starts jobs by priority and place, and moves them', async () => {
    const queue = temporaryQueue(await temporaryStudy(), { cpuJobs: 1, grace: 300 });
    const first = submit(queue, 'stubborn');
    await until(() => queue.get(first.id).state === 'running');
    const [a, b, c] = [submit(queue, 'succeed'), submit(queue, 'succeed'), submit(queue, 'succeed', 1)];
    const order = (): string[] => queue.list().map(({ id }) => id);
    expect(order()).toEqual([first.id, c.id, a.id, b.id]);
    queue.reorder(b.id, { before: a.id });
    expect(order()).toEqual([first.id, c.id, b.id, a.id]);
    queue.reorder(a.id, { before: c.id, priority: 1 });
    expect(order()).toEqual([first.id, a.id, c.id, b.id]);
    queue.cancel(c.id);
    expect(queue.get(c.id)).toMatchObject({ state: 'cancelled', started: null });
    queue.cancel(first.id);
    for (const { id } of [first, a, b]) await queue.ended(id);
    const started = [a, b].map(({ id }) => queue.get(id).started!);
    expect(started[0]! < started[1]!).toBe(true);
    expect(() => queue.cancel(a.id)).toThrow(expect.objectContaining({ code: 'job-over' }));
    expect(() => queue.reorder(a.id)).toThrow(expect.objectContaining({ code: 'job-not-queued' }));
  });

  test('runs one job on models at a time, and others beside it', async () => {
    const queue = temporaryQueue(await temporaryStudy());
    // Their work is unknown to the program of these tests: it is enough that they start.
    const running = new Set<string>();
    const together: string[][] = [];
    queue.on((event) => {
      if (event.type !== 'job') return;
      if (event.job.state === 'running') running.add(event.job.id);
      else running.delete(event.job.id);
      together.push([...running]);
    });
    const onModels = ['a', 'b'].map(() => queue.submit('score', {}));
    const beside = submit(queue, 'succeed 500');
    for (const { id } of [...onModels, beside]) await queue.ended(id);
    expect(together.some((ids) => onModels.every(({ id }) => ids.includes(id)))).toBe(false);
    expect(together.some((ids) => ids.includes(beside.id) && ids.length === 2)).toBe(true);
  });

  test('cancels a job that stops when asked, with what it has made kept and named', async () => {
    const study = await temporaryStudy();
    const queue = temporaryQueue(study);
    const { id } = submit(queue, 'publish 10');
    await underWay(queue, id);
    queue.cancel(id);
    expect(queue.get(id)).toMatchObject({ state: 'running', stopping: true });
    const ended = await queue.ended(id);
    expect(ended).toMatchObject({ state: 'cancelled', error: null, resumable: true, retryable: true, outcome: null });
    expect(ended.items.filter((item) => item.startsWith('last-'))).toHaveLength(1);
    const runs = ended.items.filter((item) => !item.includes('/'));
    expect(runs.length).toBeGreaterThan(1);
    for (const run of runs) expect(study.runs.get(run).id).toBe(run);
  });

  test('ends one that does not stop after its grace time', async () => {
    const queue = temporaryQueue(await temporaryStudy(), { grace: 300 });
    const { id } = submit(queue, 'stubborn');
    await until(() => queue.get(id).state === 'running');
    queue.cancel(id);
    expect((await queue.ended(id)).state).toBe('cancelled');
    expect(queue.log(id).lines.map(({ message }) => message)).toContain('did not stop within 0 s and was ended');
  });

  test('says why a job failed, retries it, and tells a log that can be read on', async () => {
    const queue = temporaryQueue(await temporaryStudy());
    const { id } = submit(queue, 'fail');
    const failed = await queue.ended(id);
    expect(failed).toMatchObject({
      state: 'failed',
      error: { code: 'no-good', sentence: 'No good: ….', remedy: 'Try another.' },
    });
    const { lines, next } = queue.log(id);
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, i) => i));
    expect(queue.log(id, next).lines).toEqual([]);
    expect(queue.retry(id)).toMatchObject({ state: 'queued', attempt: 2, error: null });
    expect(() => queue.retry(id)).toThrow(expect.objectContaining({ code: 'job-not-over' }));
    expect((await queue.ended(id)).state).toBe('failed');
    expect(queue.log(id, next).lines.length).toBeGreaterThan(1);
    queue.remove(id);
    expect(() => queue.get(id)).toThrow(expect.objectContaining({ code: 'no-such-job' }));
  });

  test('interrupts what runs when it closes; the next one has it, and what waited', async () => {
    const study = await createStudy(join(temporaryFolder(), 'study'), { name: 'x', identityKey: IDENTITY_KEY });
    const queue = temporaryQueue(study, { cpuJobs: 1 });
    const first = submit(queue, 'publish 10');
    await underWay(queue, first.id);
    const second = submit(queue, 'succeed');
    await queue.close();
    expect(queue.get(first.id)).toMatchObject({ state: 'interrupted', resumable: true });
    const next = temporaryQueue(study);
    expect(next.get(first.id)).toMatchObject({ state: 'interrupted', resumable: true, retryable: true });
    expect((await next.ended(second.id)).state).toBe('succeeded');
    next.resume(first.id);
    await underWay(next, first.id);
    await next.close();
    study.close();
  });
});

describe('what may hold names', () => {
  test('is on disk only while the job is not over, and in no record, log or event', async () => {
    const study = await temporaryStudy();
    const queue = temporaryQueue(study, { cpuJobs: 1, grace: 300 });
    const told: string[] = [];
    queue.on((event) => told.push(JSON.stringify(event)));
    const first = submit(queue, 'stubborn');
    const jobs = [submit(queue, 'fail'), submit(queue, 'fail-unforeseen'), submit(queue, 'succeed')];
    await until(() => queue.get(first.id).state === 'running');
    expect(holding(study)).toHaveLength(4);
    expect(JSON.stringify(queue.list())).not.toContain(NAME);
    queue.cancel(first.id);
    for (const { id } of [first, ...jobs]) await queue.ended(id);
    expect(holding(study)).toEqual([]);
    expect(JSON.stringify([queue.list(), told])).not.toContain(NAME);
    expect(queue.get(jobs[0]!.id).parameters).toMatchObject({ paths: { count: 1 } });
    expect(queue.get(jobs[1]!.id).error?.sentence).toBe('Something unforeseen went wrong.');
  });

  test('is remembered for a retry while the engine runs, and then no longer', async () => {
    const study = await temporaryStudy();
    const queue = temporaryQueue(study);
    const { id } = submit(queue, 'succeed');
    expect((await queue.ended(id)).retryable).toBe(true);
    await queue.close();
    const next = temporaryQueue(study);
    expect(next.get(id)).toMatchObject({ state: 'succeeded', retryable: false });
    expect(() => next.retry(id)).toThrow(expect.objectContaining({ code: 'paths-forgotten' }));
  });

  /** Files of the study in which the name stands, the catalogue's own included. */
  function holding(study: Study): string[] {
    return filesBelow(study.folder).filter(
      (file) => existsSync(join(study.folder, file)) && readFileSync(join(study.folder, file)).includes(NAME),
    );
  }
});

describe('parameters', () => {
  test('that make no sense are refused with what is wrong, and nothing is queued', async () => {
    const queue = temporaryQueue(await temporaryStudy());
    const refused = (kind: JobKind, input: unknown): void => {
      const asked = (): JobRecord =>
        (queue as { submit(kind: JobKind, input: unknown): JobRecord }).submit(kind, input);
      expect(asked, kind).toThrow(expect.objectContaining({ code: 'job-parameters' }));
    };
    refused('import', { paths: [] });
    refused('train', { model: 'flow', budget: { steps: 0 } });
    refused('generate', { wanted: [{ sequence: 'AXT9', count: 1 }] });
    for (const kind of JOB_KINDS) refused(kind, 'nonsense');
    expect(queue.list()).toEqual([]);
  });

  test('of every kind have a title', async () => {
    const queue: JobQueue = temporaryQueue(await temporaryStudy(), { cpuJobs: 0 });
    expect(queue.submit('train', { model: 'flow' }).title).toBe('Training the flow, stage 1');
    expect(queue.submit('generate', { wanted: [{ sequence: 'AXT2', count: 1200 }] }).title).toContain('1,200 patches');
    expect(queue.submit('export', { items: ['a'], folder: '/out' }).title).toBe('Exporting 1 item');
  });
});
