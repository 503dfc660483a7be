import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../../electron/engine-client.ts';
import { EngineProcess } from '../../electron/engine-process.ts';
import { JobWatch, overallProgress } from '../../electron/job-watch.ts';
import type { WatchedJob } from '../../electron/job-watch.ts';
import { answer } from '../../electron/protocol.ts';
import { writePhantomDataset } from '../../main/jobs/phantom.ts';
import { createStudy } from '../../main/study/index.ts';
import { until } from '../jobs/queue/queue-fixture.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = join(mkdtempSync(join(tmpdir(), 'isochromat-real-')), 'study');
const engine = new EngineProcess(
  {
    node: process.execPath,
    entry: join(root, 'main', 'server', 'engine.ts'),
    // Its own list of recent studies.
    environment: { ISOCHROMAT_CONFIG_DIR: join(dirname(folder), 'config') },
  },
  // An end by force would show: the grace is longer than a test may take.
  { backOff: [100, 100], ready: 100_000, grace: 100_000 },
);
const client = new EngineClient(() => engine.ready());
const jobs = new JobWatch(client);
const source = {
  renderer: join(root, 'renderer'),
  pages: join(root, 'electron', 'pages'),
  engine: () => engine.connection,
};

/** What the window does. */
async function ask(procedure: string, input: unknown, method: 'GET' | 'POST') {
  const query = method === 'GET' ? `?input=${encodeURIComponent(JSON.stringify(input ?? {}))}` : '';
  const init =
    method === 'GET' ? {} : { method, body: JSON.stringify(input), headers: { 'content-type': 'application/json' } };
  const reply = await answer(new Request(`app://isochromat/api/${procedure}${query}`, init), source);
  return { status: reply.status, body: (await reply.json()) as { result?: { data: unknown } } };
}

beforeAll(async () => {
  (await createStudy(folder, { name: 'Of the desktop' })).close();
  engine.start();
  await engine.ready();
  void jobs.follow();
});
afterAll(async () => {
  jobs.close();
  await engine.stop();
});

describe('the real engine behind the shell', () => {
  it('listens where only the user can reach it', () => {
    const { socket } = engine.connection!;
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  });

  it('opens the study of a token that the shell was given, for the window, which never sees a path', async () => {
    const changed = new Promise<void>((done) => jobs.once('study', done));
    const [picked] = await client.tokens([folder]);
    expect(picked).toMatchObject({ name: 'study', kind: 'folder' });
    const opened = await ask('study.open', { folder: picked!.token }, 'POST');
    expect(opened.status).toBe(200);
    expect(opened.body.result!.data).toMatchObject({ name: 'Of the desktop' });
    expect(JSON.stringify(opened.body)).not.toContain(dirname(folder));
    await changed;
    expect(await client.query('jobs.list')).toEqual([]);
    expect(await client.query('study.recent')).toMatchObject([{ name: 'Of the desktop', present: true }]);
  });

  it('says how far a job is, for the taskbar, and how it ended', async () => {
    const scans = join(dirname(folder), 'scans');
    await writePhantomDataset({ volumes: 2, slices: 1, size: 64, coils: 2, seed: 1, unlabeledShare: 1 }, scans);
    const seen: (number | 'unknown' | undefined)[] = [];
    jobs.on('change', () => seen.push(overallProgress(jobs.running)));
    const ended = new Promise<WatchedJob>((done) => jobs.once('ended', done));
    const [picked] = await client.tokens([scans]);
    const parameters = { paths: [picked!.token], acceptUnsure: true };
    expect((await ask('jobs.submit', { kind: 'import', parameters }, 'POST')).status).toBe(200);
    expect(await ended).toMatchObject({ state: 'succeeded', outcome: { summary: expect.any(String) as string } });
    expect(seen.filter((each) => typeof each === 'number').length).toBeGreaterThan(0);
    expect(seen.at(-1)).toBeUndefined();
  }, 240_000);

  it('gives a token for a file that is to be written', async () => {
    const path = join(dirname(folder), 'export.csv');
    expect(await client.tokens([path], { isNew: true })).toMatchObject([{ name: 'export.csv', kind: 'file' }]);
    await expect(client.tokens([path])).rejects.toThrow('400');
  });

  it('does not take the window for the shell', async () => {
    const { socket, secret } = engine.connection!;
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${secret}`,
        'x-isochromat-window': '1',
        'content-type': 'application/json',
      };
      request({ socketPath: socket, method: 'POST', path: '/shell/paths', headers }, (reply) =>
        resolve(reply.statusCode),
      )
        .on('error', reject)
        .end(JSON.stringify({ paths: [folder] }));
    });
    expect(status).toBe(403);
  });

  it('is noticed within five seconds when it was killed, and opens the study again', async () => {
    const states: string[] = [];
    engine.on('state', ({ kind }) => states.push(kind));
    process.kill(engine.pid!, 'SIGKILL');
    expect(await until(() => states.includes('restarting'))).toBeLessThan(5000);
    await engine.ready();
    const [picked] = await client.tokens([folder]);
    expect((await ask('study.open', { folder: picked!.token }, 'POST')).status).toBe(200);
  });

  it('ends in order when the shell does, and leaves no socket', async () => {
    const { socket } = engine.connection!;
    await engine.stop();
    expect(engine.state).toEqual({ kind: 'stopped' });
    expect(existsSync(socket)).toBe(false);
  });
});
