import { describe, expect, test } from 'vitest';
import { verifyStudy } from '../../../main/study/index.ts';
import { temporaryStudy } from '../../study/temporary-study.ts';
import { event, isThere, processOf, submit, temporaryQueue, underWay, until } from './queue-fixture.ts';

const MEGABYTE = 2 ** 20;

describe('a job whose process', () => {
  test('aborts ends as crashed within 5 s, and its run too; both can go on', async () => {
    const study = await temporaryStudy();
    const queue = temporaryQueue(study);
    const { id } = submit(queue, 'train-and-abort');
    const ended = await queue.ended(id);
    expect(ended.state).toBe('crashed');
    expect(ended.error).toMatchObject({ code: 'job-crashed', sentence: expect.stringContaining('SIGABRT') });
    const [run] = ended.items;
    await until(() => study.runs.get(run!).status === 'crashed');
    expect(study.checkpoints.latest(run!)?.step).toBe(5);
    expect(ended.resumable).toBe(true);
    expect((await verifyStudy(study)).problems).toEqual([]);
  });

  test('loops endlessly is seen not to respond within 5 s, and can be cancelled', async () => {
    const queue = temporaryQueue(await temporaryStudy(), { grace: 1000 });
    const { id } = submit(queue, 'loop');
    await underWay(queue, id);
    expect(await until(() => !queue.get(id).responding)).toBeLessThan(5000);
    queue.cancel(id);
    expect(queue.get(id).stopping).toBe(true);
    const pid = processOf(queue, id);
    expect(await queue.ended(id)).toMatchObject({ state: 'cancelled', error: null });
    expect(isThere(pid)).toBe(false);
  });

  test('was busy for a while responds again, and comes to its end', async () => {
    const queue = temporaryQueue(await temporaryStudy(), { silence: 500 });
    const { id } = submit(queue, 'loop 4000');
    await event(queue, (each) => each.type === 'job' && !each.job.responding);
    await event(queue, (each) => each.type === 'job' && each.job.responding);
    expect((await queue.ended(id)).state).toBe('succeeded');
  });

  test('fills 100 GB is ended at its limit, long before the machine is full, and told from a crash', async () => {
    const queue = temporaryQueue(await temporaryStudy(), { memoryLimit: 400 * MEGABYTE });
    const { id } = submit(queue, 'fill-memory');
    const ended = await queue.ended(id);
    expect(ended.state).toBe('out-of-memory');
    expect(ended.error?.sentence).toContain('0.4 GiB');
  });

  test('fills the heap, or asks for one block that is too large, ends as out of memory', async () => {
    const queue = temporaryQueue(await temporaryStudy(), { memoryLimit: 300 * MEGABYTE });
    const jobs = [submit(queue, 'fill-heap'), submit(queue, 'one-block')];
    for (const { id } of jobs) expect((await queue.ended(id)).state).toBe('out-of-memory');
  });

  test('is killed from outside ends as crashed within 5 s; nothing half done remains', async () => {
    const study = await temporaryStudy();
    const queue = temporaryQueue(study);
    const { id } = submit(queue, 'publish');
    await underWay(queue, id);
    process.kill(processOf(queue, id), 'SIGKILL');
    expect(await until(() => queue.get(id).state !== 'running')).toBeLessThan(5000);
    expect(queue.get(id)).toMatchObject({ state: 'crashed', error: { code: 'job-crashed' } });
    await until(() => study.runs.list({ status: 'running' }).length === 0);
    expect((await verifyStudy(study)).problems).toEqual([]);
  });

  test('ends without a word, whatever its exit code, has crashed', async () => {
    const queue = temporaryQueue(await temporaryStudy());
    for (const code of [0, 3]) {
      const ended = await queue.ended(submit(queue, `exit ${code}`).id);
      expect(ended).toMatchObject({ state: 'crashed', error: { sentence: expect.stringContaining(`${code}`) } });
    }
  });
});
