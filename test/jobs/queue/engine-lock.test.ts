import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { JobQueue, openForEngine } from '../../../main/jobs/queue/index.ts';
import type { EngineStudy } from '../../../main/jobs/queue/index.ts';
import { createStudy, openStudy } from '../../../main/study/index.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';

const ENGINE = join(import.meta.dirname, 'engine-program.ts');

describe('a study that an engine has open', () => {
  test('is refused to a second one, which is told who has it, and opens for reading', async () => {
    const folder = await newStudy();
    const first = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'study-in-use',
      found: expect.stringContaining(`process ${process.pid} on ${hostname()}, since 2`),
    });
    const reader = await open(folder, { whenHeld: 'read-only' });
    expect(reader.heldBy).toMatchObject({ pid: process.pid });
    expect(reader.study.readOnly).toBe(true);
    const queue = new JobQueue(reader.study);
    expect(queue.list()).toEqual([]);
    expect(() => queue.submit('patches', {})).toThrow(expect.objectContaining({ code: 'study-read-only' }));
    first.close();
    expect((await open(folder)).heldBy).toBeNull();
  });

  test('is open to commands beside it', async () => {
    const folder = await newStudy();
    await open(folder);
    const study = await openStudy(folder);
    expect(study.readOnly).toBe(false);
    study.close();
  });

  test('is free at once after that engine was killed', async () => {
    const folder = await newStudy();
    const child = spawn(process.execPath, [ENGINE, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    await expect(open(folder)).rejects.toMatchObject({ code: 'study-in-use' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await open(folder)).study.readOnly).toBe(false);
  });
});

test('a folder that is no study is refused as such, and nothing is written into it', async () => {
  const folder = join(temporaryFolder(), 'holiday');
  mkdirSync(folder);
  await expect(open(folder)).rejects.toMatchObject({ code: 'not-a-study' });
  expect(readdirSync(folder)).toEqual([]);
});

async function newStudy(): Promise<string> {
  const folder = join(temporaryFolder(), 'study');
  (await createStudy(folder, { name: 'Locks' })).close();
  return folder;
}

async function open(folder: string, options: Parameters<typeof openForEngine>[1] = {}): Promise<EngineStudy> {
  const opened = await openForEngine(folder, options);
  let closed = false;
  const close = (): void => {
    if (!closed) opened.close();
    closed = true;
  };
  onTestFinished(close);
  return { ...opened, close };
}
