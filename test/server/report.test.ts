import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobRecord } from '../../main/server/contract.ts';
import { EngineProcess } from './engine-process.ts';
import { phantomStudy } from './phantom-study.ts';
import type { PhantomStudy } from './phantom-study.ts';

let phantom: PhantomStudy;
let engine: EngineProcess;

beforeAll(async () => {
  phantom = await phantomStudy();
  engine = await EngineProcess.start('desktop', { arguments: ['--study', phantom.study] });
}, 300_000);
afterAll(async () => {
  await engine.stop();
  phantom.remove();
});

async function ended(id: string): Promise<JobRecord> {
  const now = (): Promise<JobRecord> => engine.query('jobs.get', { id });
  await expect.poll(async () => (await now()).ended, { timeout: 60_000 }).not.toBeNull();
  return now();
}

test('the report that a job wrote is to be had whole, and of a job without one that is said', async () => {
  const { id } = await engine.mutate<JobRecord>('jobs.submit', { kind: 'report', parameters: {} });
  expect(await ended(id)).toMatchObject({ state: 'succeeded', outcome: { links: { report: expect.any(String) } } });
  const { name, html } = await engine.query<{ name: string; html: string }>('jobs.report', { id });
  expect(name).toMatch(/^[\w-]+-report\.html$/);
  expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
  const other = await engine.mutate<JobRecord>('jobs.submit', { kind: 'patches', parameters: { seed: 2 } });
  expect((await ended(other.id)).state).toBe('succeeded');
  await expect(engine.query('jobs.report', { id: other.id })).rejects.toMatchObject({ code: 'no-report' });
}, 120_000);
