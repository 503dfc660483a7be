import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { MESSAGES } from '../../electron/bridge.ts';
import type * as Electron from './fake-electron.ts';

const here = dirname(fileURLToPath(import.meta.url));
export type Fake = typeof Electron;
let running: Fake | undefined;

/** Waits until `check` passes, also on a machine that has little time for it. */
export function patiently<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 50_000, interval: 20 });
}

interface StartOptions {
  argv?: string[];
  first?: boolean;
  settings?: unknown;
  environment?: Record<string, string>;
}

/** Electron as it is when a program has just started. */
export async function freshElectron(): Promise<Fake> {
  vi.resetModules();
  vi.doMock('electron', () => import('./fake-electron.ts'));
  return (await import('electron')) as unknown as Fake;
}

/** Starts electron/main.ts over the fakes, in a program folder whose engine is the fake one. */
export async function startShell({ argv = [], first = true, settings, environment = {} }: StartOptions = {}) {
  const fake = await freshElectron();
  const root = mkdtempSync(join(tmpdir(), 'isochromat-root-'));
  for (const folder of ['main/server', 'build/renderer', 'build/electron/pages', 'node_modules/node/bin']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  symlinkSync(join(here, 'fake-engine.ts'), join(root, 'main', 'server', 'engine.ts'));
  symlinkSync(process.execPath, join(root, 'node_modules', 'node', 'bin', 'node'));
  writeFileSync(join(root, 'build', 'renderer', 'index.html'), 'the window');
  if (settings !== undefined) writeFileSync(join(fake.app.fakeFolder, 'shell.json'), JSON.stringify(settings));
  const record = join(root, 'record');
  vi.stubEnv('FAKE_ENGINE_RECORD', record);
  vi.stubEnv('ISOCHROMAT_LOG_DIR', join(root, 'logs'));
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const before = process.argv;
  process.argv = ['electron', root, ...argv];
  fake.app.fakeRoot = root;
  fake.app.fakeFirst = first;
  await import('../../electron/main.ts');
  await patiently(() => expect(fake.BrowserWindow.fakeAll.length).toBe(first ? 1 : 0));
  process.argv = before;
  if (first) running = fake;
  const window = fake.BrowserWindow.fakeAll[0]!;
  const ask = (url: string, init?: RequestInit): Promise<Response> =>
    fake.protocol.fakeHandler!(new Request(url, init));
  const recorded = (): string => readFileSync(record, 'utf8');
  const requests = () =>
    recorded()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, string>);
  const emit = (kind: string, data: unknown) =>
    ask('app://isochromat/api/emit', { method: 'POST', body: `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n` });
  const following = () => patiently(() => expect(recorded()).toContain('jobs.list'));
  return { fake, window, root, ask, requests, recorded, emit, following };
}

/** A folder that is a study as far as the shell can tell. */
export const study = (): string => {
  const folder = join(mkdtempSync(join(tmpdir(), 'isochromat-study-')), 'Study A');
  mkdirSync(folder);
  for (const name of ['study.json', 'study.isochromat']) writeFileSync(join(folder, name), '{}');
  return folder;
};
/** What the window was told to do. */
export const commands = ({ webContents }: InstanceType<Fake['BrowserWindow']>) =>
  webContents.fakeSent.filter(([channel]) => channel === MESSAGES.command).map(([, command]) => command);
export const job = (changes: object) => ({
  id: 'job-1', title: 'Training the autoencoder', state: 'running', started: '2026-01-01T10:00:00Z', ended: null, progress: null, outcome: null, error: null,
  ...changes,
}); // prettier-ignore

/** To be called after each test: the person quits, and lets jobs be stopped. */
export async function endShell(): Promise<void> {
  if (running !== undefined && !running.app.fakeEnded) {
    running.dialog.fakeAnswers.unshift({ response: 0 });
    running.app.quit();
    await patiently(() => expect(running!.app.fakeEnded).toBe(true));
  }
  running = undefined;
  vi.unstubAllEnvs();
}
