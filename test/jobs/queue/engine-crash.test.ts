import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Random } from '../../../main/domain/random.ts';
import { openForEngine } from '../../../main/jobs/queue/index.ts';
import type { JobQueue } from '../../../main/jobs/queue/index.ts';
import { createStudy, verifyStudy } from '../../../main/study/index.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';
import { isThere, temporaryQueue, underWay, until } from './queue-fixture.ts';

/** More rounds: ISOCHROMAT_CRASH_ROUNDS=100 npx vitest run test/jobs/queue/engine-crash.test.ts */
const ROUNDS = Number(process.env['ISOCHROMAT_CRASH_ROUNDS'] ?? 3);
const ENGINE = join(import.meta.dirname, 'engine-program.ts');

describe('when an engine is killed', () => {
  test('its job saves what it has and ends within 5 s; the next engine offers it again', async () => {
    const folder = await newStudy();
    const engine = await startEngine(folder, 'publish 20');
    engine.child.kill('SIGKILL');
    expect(await until(() => !isThere(engine.worker))).toBeLessThan(5000);

    const { study, queue } = await nextEngine(folder);
    expect(queue.list()).toMatchObject([
      {
        state: 'interrupted',
        resumable: true,
        error: { code: 'job-interrupted' },
        parameters: { paths: { count: 1 } },
      },
    ]);
    // It had the time to save its last.
    expect(study.runs.list({ kind: 'last' })).toHaveLength(1);
    const before = study.runs.list({ kind: 'test' }).length;
    expect(before).toBeGreaterThan(0);
    const { id } = queue.resume(queue.list()[0]!.id);
    await underWay(queue, id);
    expect(queue.get(id)).toMatchObject({ state: 'running', attempt: 2 });
    queue.cancel(id);
    await queue.ended(id);
    expect(study.runs.list({ kind: 'test' }).length).toBeGreaterThan(before);
    expect((await verifyStudy(study)).problems).toEqual([]);
  });

  test('a job that loops does not outlive it by 5 s', async () => {
    const engine = await startEngine(await newStudy(), 'loop');
    engine.child.kill('SIGKILL');
    expect(await until(() => !isThere(engine.worker))).toBeLessThan(5000);
  });

  test('what waited in its queue still waits, and goes on with the next engine', async () => {
    const folder = await newStudy();
    const engine = await startEngine(folder, 'publish 20', 'publish 20', 'succeed');
    await kill(engine.child);
    const { queue } = await nextEngine(folder);
    const last = queue.list().find((job) => (job.parameters as { site: string }).site === 'succeed')!;
    expect(last.state).toBe('queued');
    expect((await queue.ended(last.id)).state).toBe('succeeded');
  });
});

describe('a study whose engine, job, or both are killed at any moment', () => {
  test(
    'is whole afterwards, and goes on',
    async () => {
      const folder = await newStudy();
      const random = new Random(`${Date.now()}`);
      let published = 0;
      let slowest = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const victims = (['worker', 'engine', 'both'] as const)[round % 3]!;
        const engine = await startEngine(folder, 'publish 5');
        await new Promise((done) => setTimeout(done, random.uniform(0, 600)));
        if (victims !== 'engine') process.kill(engine.worker, 'SIGKILL');
        if (victims !== 'worker') engine.child.kill('SIGKILL');
        slowest = Math.max(slowest, await until(() => !isThere(engine.worker)));
        await kill(engine.child);
        const { study, queue, close } = await nextEngine(folder);
        const jobs = queue.list();
        expect(jobs).toHaveLength(round + 1);
        for (const job of jobs) expect(['crashed', 'interrupted']).toContain(job.state);
        await until(() => study.runs.list({ status: 'running' }).length === 0);
        expect((await verifyStudy(study)).problems).toEqual([]);
        const now = study.runs.list().length;
        expect(now).toBeGreaterThan(published);
        published = now;
        await close();
      }
      expect(slowest).toBeLessThan(5000);
      if (ROUNDS > 3) {
        process.stderr.write(
          `${ROUNDS} rounds, ${published} items, slowest end of an orphan ${slowest.toFixed(0)} ms\n`,
        );
      }
    },
    60_000 + ROUNDS * 30_000,
  );
});

async function newStudy(): Promise<string> {
  const folder = join(temporaryFolder(), 'study');
  (await createStudy(folder, { name: 'Crashes' })).close();
  return folder;
}

/** Starts an engine with jobs, and waits until the first of them is at work. */
async function startEngine(folder: string, ...behaviours: string[]): Promise<{ child: ChildProcess; worker: number }> {
  const child = spawn(process.execPath, [ENGINE, folder, ...behaviours], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let worker: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { started?: number; progress?: string };
    worker ??= message.started;
    if (message.progress !== undefined) return { child, worker: worker! };
  }
  throw new Error('the engine ended before its job was at work');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The next engine, in this process. */
async function nextEngine(folder: string): Promise<{
  study: Awaited<ReturnType<typeof openForEngine>>['study'];
  queue: JobQueue;
  close: () => Promise<void>;
}> {
  const { study, close: closeStudy } = await openForEngine(folder);
  const queue = temporaryQueue(study);
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await queue.close({ grace: 0 });
    closeStudy();
  };
  onTestFinished(close);
  return { study, queue, close };
}
