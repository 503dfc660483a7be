import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, describe, expect, it } from 'vitest';
import { MESSAGES, REQUESTS } from '../../electron/bridge.ts';
import { commands, endShell, job, patiently, startShell, study } from './start-shell.ts';

afterEach(endShell);

describe('opening a study from outside', () => {
  it('waits for the window to listen, then tells it once', async () => {
    const folder = study();
    const { fake, window, requests } = await startShell({ argv: [join(folder, 'study.isochromat')] });
    await patiently(() => expect(requests().some(({ url }) => url === '/shell/paths')).toBe(true));
    expect(commands(window)).toEqual([]);
    await patiently(async () => {
      await fake.ipcMain.fakeAsk(REQUESTS.listening);
      expect(commands(window)).toEqual([
        { kind: 'open-study', study: { token: 'token-0', name: 'Study A', kind: 'folder' } },
      ]);
    });
    expect(fake.app.fakeRecent).toEqual([join(folder, 'study.isochromat')]);
  });

  it('goes to the instance that runs; a second one ends', async () => {
    const second = await startShell({ first: false });
    expect(second.fake.app.fakeEnded).toBe(true);
    expect(second.fake.protocol.fakeSchemes).toEqual([]);

    const { fake, window } = await startShell();
    await fake.ipcMain.fakeAsk(REQUESTS.listening);
    const folder = study();
    fake.app.emit('second-instance', {}, ['electron', '.', 'study.json'], folder);
    await patiently(() => expect(commands(window)).toMatchObject([{ kind: 'open-study' }]));
    expect(window.fakeFocused).toBe(true);
  });

  it('is offered in the menu, with the studies that are still there', async () => {
    const { fake, window } = await startShell();
    await fake.ipcMain.fakeAsk(REQUESTS.listening);
    const file = () =>
      fake.Menu.fakeTemplate.find(({ label }) => label === '&File')!.submenu as MenuItemConstructorOptions[];
    const recent = () => file().find(({ label }) => label === 'Open &Recent')!.submenu as MenuItemConstructorOptions[];
    await patiently(() => expect(recent().map(({ label }) => label)).toEqual(['Heads && Necks']));
    (recent()[0]!.click as () => void)();
    expect(commands(window)).toEqual([{ kind: 'open-recent', key: 'k1' }]);
  });
});

describe('a job that runs', () => {
  it('is seen in the taskbar, keeps the machine awake, and tells its end to one who looks elsewhere', async () => {
    const { fake, window, emit, following } = await startShell();
    await fake.ipcMain.fakeAsk(REQUESTS.listening);
    await following();
    await emit('job', job({}));
    await patiently(() => expect(window.fakeProgress).toEqual({ value: 2, mode: 'indeterminate' }));
    expect(fake.powerSaveBlocker.fakeHeld.size).toBe(1);
    await emit('progress', { job: 'job-1', progress: { stage: 'Training', done: 30, total: 120, share: 0.25 } });
    await patiently(() => expect(window.fakeProgress).toEqual({ value: 0.25, mode: 'normal' }));
    window.fakeFocused = false;
    await emit(
      'job',
      job({ state: 'succeeded', ended: '2026-01-01T10:05:00Z', outcome: { summary: 'Trained for 100 steps.' } }),
    );
    await patiently(() => expect(fake.Notification.fakeAll).toHaveLength(1));
    expect(fake.Notification.fakeAll[0]!.fakeOptions).toEqual({
      title: 'Training the autoencoder',
      body: 'Trained for 100 steps.',
    });
    expect(window.fakeProgress.value).toBe(-1);
    expect(fake.powerSaveBlocker.fakeHeld.size).toBe(0);
    fake.Notification.fakeAll[0]!.emit('click');
    expect(commands(window)).toEqual([{ kind: 'show', screen: 'activity' }]);
  });

  it('tells its end once, whether the engine says it by itself or is asked first', async () => {
    const { fake, window, ask, emit, following } = await startShell();
    await following();
    await emit('job', job({}));
    await patiently(() => expect(window.fakeProgress.value).toBe(2));
    window.fakeFocused = false;
    const ended = job({ state: 'succeeded', ended: '2026-01-01T10:05:00Z', outcome: { summary: 'Done.' } });
    await ask('app://isochromat/api/have-jobs', { method: 'POST', body: JSON.stringify([ended]) });
    await emit('study', { change: 'content', study: 'x', items: ['a'] });
    await emit('job', ended);
    await patiently(() => expect(fake.Notification.fakeAll).toHaveLength(1));
    await emit('job', job({ id: 'job-2' }));
    await patiently(() => expect(window.fakeProgress.value).toBe(2));
    expect(fake.Notification.fakeAll).toHaveLength(1);
  });

  it('does not disturb when it was short', async () => {
    const { fake, window, emit, following } = await startShell();
    await following();
    await emit('job', job({}));
    await emit('job', job({ state: 'failed', ended: '2026-01-01T10:00:20Z', error: { sentence: 'No.' } }));
    await patiently(() => expect(window.fakeProgress.value).toBe(-1));
    expect(fake.Notification.fakeAll).toEqual([]);
  });

  it('is asked about when one quits, and is stopped in order', async () => {
    const { fake, window, emit, following, recorded } = await startShell();
    await following();
    await emit('job', job({}));
    await patiently(() => expect(window.fakeProgress.value).toBe(2));
    expect(window.fakeAskToClose()).toBe(false);
    await patiently(() => expect(fake.dialog.fakeShown).toHaveLength(1));
    expect(fake.dialog.fakeShown[0]).toMatchObject({ message: '“Training the autoencoder” is running.' });
    await new Promise((done) => setTimeout(done, 50));
    expect(fake.app.fakeEnded).toBe(false);
    expect(recorded()).not.toContain('orderly end');

    fake.dialog.fakeAnswers.push({ response: 0 });
    fake.app.quit();
    await patiently(() => expect(fake.app.fakeEnded).toBe(true));
    expect(recorded()).toContain('orderly end');
  });
});

describe('what breaks', () => {
  it('is the window: said, and opened again', async () => {
    const { fake, window } = await startShell();
    fake.dialog.fakeAnswers.push({ response: 0 });
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
    await patiently(() => expect(window.webContents.fakeReloads).toBe(1));
    expect(fake.dialog.fakeShown[0]).toMatchObject({ message: 'The window has crashed.' });
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(fake.dialog.fakeShown).toHaveLength(1);
  });

  it('is a window that hangs: waited for, or opened again', async () => {
    const { fake, window } = await startShell();
    fake.dialog.fakeAnswers.push({ response: 0 }, { response: 1 });
    window.emit('unresponsive');
    await patiently(() => expect(fake.dialog.fakeShown).toHaveLength(1));
    expect(window.webContents.fakeCrashes).toBe(0);
    window.emit('unresponsive');
    await patiently(() => expect(window.webContents.fakeReloads).toBe(1));
    expect(window.webContents.fakeCrashes).toBe(1);
  });

  it('is the engine: it comes back by itself, and the window is told', async () => {
    const { fake, window, ask, following } = await startShell();
    await following();
    expect(await fake.ipcMain.fakeAsk(REQUESTS.engineState)).toEqual({ kind: 'ready' });
    await ask('app://isochromat/api/crash').catch(() => {});
    const states = () =>
      window.webContents.fakeSent
        .filter(([channel]) => channel === MESSAGES.engine)
        .map(([, state]) => (state as { kind: string }).kind);
    await patiently(() => expect(states().slice(-3)).toEqual(['restarting', 'starting', 'ready']));
    expect((await ask('app://isochromat/api/jobs.list')).status).toBe(200);
  });

  it('can be read about before it is saved, and exactly that is saved', async () => {
    const { fake, root, following } = await startShell();
    await following();
    writeFileSync(join(root, 'logs', 'isochromat.log'), "could not read '/data/Anna Meier.h5'\n");
    await fake.ipcMain.fakeAsk(REQUESTS.showDiagnostics);
    const shown = fake.BrowserWindow.fakeAll.at(-1)!;
    expect(shown.fakeUrl).toBe('app://shell/diagnostics.html');
    expect(shown.fakeOptions.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    });
    const page = fake.fakeFrame('app://shell/diagnostics.html');
    expect(await fake.ipcMain.fakeAsk(REQUESTS.saveDiagnostics, undefined, page)).toBe(false);
    const text = (await fake.ipcMain.fakeAsk(REQUESTS.readDiagnostics, undefined, page)) as string;
    expect(text).toContain('Isochromat 1.2.3');
    expect(text).toContain('"isochromat": "1.2.3"');
    expect(text).toContain("could not read '«path»'");
    expect(text).not.toContain('Meier');
    const file = join(root, 'saved.txt');
    fake.dialog.fakeAnswers.push({ filePath: file });
    writeFileSync(join(root, 'logs', 'isochromat.log'), 'something later\n');
    expect(await fake.ipcMain.fakeAsk(REQUESTS.saveDiagnostics, undefined, page)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(text);
    shown.fakeAskToClose();
  });
});
