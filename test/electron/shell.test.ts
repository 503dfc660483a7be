import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MESSAGES, REQUESTS } from '../../electron/bridge.ts';

const here = dirname(fileURLToPath(import.meta.url));
type Fake = typeof import('./fake-electron.ts');
let running: Fake | undefined;

interface StartOptions {
  argv?: string[];
  first?: boolean;
  settings?: unknown;
  environment?: Record<string, string>;
}

/** Electron as it is when a program has just started. */
async function freshElectron(): Promise<Fake> {
  vi.resetModules();
  vi.doMock('electron', () => import('./fake-electron.ts'));
  return (await import('electron')) as unknown as Fake;
}

/** Starts electron/main.ts over the fakes, in a program folder whose engine is the fake one. */
async function startShell({ argv = [], first = true, settings, environment = {} }: StartOptions = {}) {
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
  await vi.waitFor(() => expect(fake.BrowserWindow.fakeAll.length).toBe(first ? 1 : 0));
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
  const following = () => vi.waitFor(() => expect(recorded()).toContain('jobs.list'), { timeout: 10_000 });
  return { fake, window, root, ask, requests, recorded, emit, following };
}

const study = (): string => {
  const folder = join(mkdtempSync(join(tmpdir(), 'isochromat-study-')), 'Study A');
  mkdirSync(folder);
  for (const name of ['study.json', 'study.isochromat']) writeFileSync(join(folder, name), '{}');
  return folder;
};
const commands = ({ webContents }: InstanceType<Fake['BrowserWindow']>) =>
  webContents.fakeSent.filter(([channel]) => channel === MESSAGES.command).map(([, command]) => command);
const job = (changes: object) => ({
  id: 'job-1', title: 'Training the autoencoder', state: 'running', started: '2026-01-01T10:00:00Z', ended: null, progress: null, outcome: null, error: null,
  ...changes,
}); // prettier-ignore

afterEach(async () => {
  if (running !== undefined && !running.app.fakeEnded) {
    running.dialog.fakeAnswers.unshift({ response: 0 });
    running.app.quit();
    await vi.waitFor(() => expect(running!.app.fakeEnded).toBe(true), { timeout: 10_000 });
  }
  running = undefined;
  vi.unstubAllEnvs();
});

describe('the window', () => {
  it('is sandboxed, isolated, and without Node', async () => {
    const { fake, window } = await startShell();
    const preferences = window.fakeOptions.webPreferences!;
    expect(preferences).toMatchObject({
      sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false,
      webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false, navigateOnDragDrop: false,
    }); // prettier-ignore
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
    expect(fake.app.fakeSandboxed).toBe(true);
    expect(window.fakeUrl).toBe('app://isochromat/');
  });

  it('is of a standard and secure scheme that passes no policy by', async () => {
    const { fake } = await startShell();
    expect(fake.protocol.fakeSchemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
  });

  it('opens no other window, goes nowhere else and takes no guest in', async () => {
    const { window } = await startShell();
    const { webContents } = window;
    expect(webContents.fakeOpenHandler!({ url: 'app://isochromat/' })).toEqual({ action: 'deny' });
    const prevented = (name: string, url: string): boolean => {
      const event = Object.assign(new (class { defaultPrevented = false; preventDefault() { this.defaultPrevented = true; } })(), { url }); // prettier-ignore
      webContents.emit(name, event);
      return event.defaultPrevented;
    };
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of [
        'https://example.org/',
        'file:///etc/passwd',
        'app://isochromat.example.org/',
        'data:text/html,x',
        'javascript:1',
        'about:blank',
      ]) {
        expect(prevented(name, url), `${name} ${url}`).toBe(true);
      }
      expect(prevented(name, 'app://isochromat/viewer')).toBe(false);
    }
    expect(prevented('will-attach-webview', '')).toBe(true);
  });

  it('gets no permission but to copy, and no device', async () => {
    const { fake } = await startShell();
    const pages = fake.session.defaultSession;
    await vi.waitFor(() => expect(pages.fakePermission).toBeDefined());
    const granted: string[] = [];
    const all = ['media', 'geolocation', 'notifications', 'midi', 'openExternal', 'clipboard-read', 'clipboard-sanitized-write', 'fileSystem', 'usb', 'serial', 'hid', 'display-capture']; // prettier-ignore
    for (const permission of all) {
      pages.fakePermission!({}, permission, (yes) => yes && granted.push(permission));
      if (pages.fakePermissionCheck!({}, permission)) granted.push(permission);
    }
    expect(granted).toEqual(['clipboard-sanitized-write', 'clipboard-sanitized-write']);
    expect(pages.fakeDevice!()).toBe(false);
  });

  it('sends no request that leaves the machine, and Chromium resolves no name', async () => {
    const { fake } = await startShell();
    await vi.waitFor(() => expect(fake.session.defaultSession.fakeRequest).toBeDefined());
    const cancelled = (url: string): boolean => {
      let cancel = false;
      fake.session.defaultSession.fakeRequest!({ url }, (answer) => (cancel = answer.cancel));
      return cancel;
    };
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1:8080/',
      'ws://localhost/',
      'ftp://a/',
      'file:///etc/passwd',
      'chrome-extension://a/',
    ]) {
      expect(cancelled(url), url).toBe(true);
    }
    for (const url of ['app://isochromat/', 'blob:app://isochromat/1', 'data:image/png;base64,AA'])
      expect(cancelled(url)).toBe(false);
    expect(fake.app.fakeSwitches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND, EXCLUDE 127.0.0.1');
    expect(fake.app.fakeSwitches.has('disable-background-networking')).toBe(true);
  });

  it('is where it was left, and remembers where it is left', async () => {
    const { fake, window } = await startShell({
      settings: { window: { x: 10, y: 40, width: 1200, height: 800, maximized: true } },
    });
    expect(window.fakeOptions).toMatchObject({ x: 10, y: 40, width: 1200, height: 800 });
    expect(window.fakeMaximized).toBe(true);
    window.fakeMaximized = false;
    window.emit('close', { preventDefault: () => {} });
    expect(JSON.parse(readFileSync(join(fake.app.fakeFolder, 'shell.json'), 'utf8'))).toMatchObject({
      window: { x: 10, y: 40, width: 1200, height: 800, maximized: false },
    });
  });
});

describe('the way to the engine', () => {
  it('streams answers, passes on what is needed, and marks the request as the window’s', async () => {
    const { ask, requests, following } = await startShell();
    await following();
    const reply = await ask('app://isochromat/arrays/large?part=phase', {
      headers: { authorization: 'Bearer stolen', cookie: 'a=b', 'if-none-match': '"x"', 'x-isochromat-window': '2' },
    });
    expect(reply.status).toBe(404);
    expect(requests().at(-1)).toMatchObject({ url: '/arrays/large?part=phase', window: '1' });
    expect(requests().at(-1)!['authorization']).toMatch(/^Bearer [0-9a-f]{64}$/);
    expect(requests().at(-1)).not.toHaveProperty('cookie');
    const large = await ask('app://isochromat/arrays/large');
    expect(large.headers.get('x-shape')).toBe('2,96,96');
    expect(large.headers.has('set-cookie')).toBe(false);
    expect((await large.arrayBuffer()).byteLength).toBe(2000);
    const posted = await ask('app://isochromat/api/emit', { method: 'POST', body: '{"a": 1}' });
    expect(posted.status).toBe(200);
    expect(requests().at(-1)).toMatchObject({ method: 'POST', body: '{"a": 1}' });
  });

  it('does not lead to the door that is the shell’s', async () => {
    const { ask, requests, following } = await startShell();
    await following();
    const reply = await ask('app://isochromat/shell/paths', { method: 'POST', body: '{"paths":["/etc"]}' });
    expect(reply.status).toBe(405);
    expect(requests().filter(({ url }) => url === '/shell/paths')).toEqual([]);
  });

  it('brings events as they happen', async () => {
    const { ask, emit, following } = await startShell();
    await following();
    const events = await ask('app://isochromat/events');
    const reader = events.body!.getReader();
    await reader.read();
    await emit('study', { change: 'opened', study: 'x' });
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toContain('event: study');
    await reader.cancel();
  });
});

describe('what the window may ask', () => {
  it('is answered to its own top page only', async () => {
    const { fake } = await startShell();
    const strangers = [
      null,
      fake.fakeFrame('https://example.org/'),
      fake.fakeFrame('app://shell/diagnostics.html'),
      fake.fakeFrame('app://isochromat.evil/'),
      fake.fakeFrame('app://isochromat/', fake.fakeFrame('https://example.org/')),
      fake.fakeFrame('not an address'),
    ];
    const own = Object.values(REQUESTS).filter((channel) => channel.startsWith('shell:'));
    expect([...fake.ipcMain.fakeHandlers.keys()].sort()).toEqual(Object.values(REQUESTS).sort());
    for (const channel of own) {
      for (const frame of strangers)
        await expect(fake.ipcMain.fakeAsk(channel, undefined, frame)).rejects.toThrow('refused');
    }
    for (const channel of [REQUESTS.readDiagnostics, REQUESTS.saveDiagnostics]) {
      await expect(fake.ipcMain.fakeAsk(channel)).rejects.toThrow('refused');
    }
  });

  it('gives tokens for what was chosen, and never a path', async () => {
    const { fake, requests, following } = await startShell();
    await following();
    fake.dialog.fakeAnswers.push({ filePaths: ['/data/scans', '/data/more'] });
    const chosen = await fake.ipcMain.fakeAsk(REQUESTS.choose, { purpose: 'import' });
    expect(chosen).toEqual([
      { token: 'token-0', name: 'scans', kind: 'folder' },
      { token: 'token-1', name: 'more', kind: 'folder' },
    ]);
    expect(requests().find(({ url }) => url === '/shell/paths')).toMatchObject({
      body: '{"paths":["/data/scans","/data/more"]}',
    });
    expect(await fake.ipcMain.fakeAsk(REQUESTS.choose, { purpose: 'open-study' })).toEqual([]);
  });

  it('must have the form that was agreed', async () => {
    const { fake } = await startShell();
    for (const message of [
      undefined,
      {},
      { purpose: 'format-disk' },
      { purpose: 'save', defaultPath: '/etc/passwd' },
      { purpose: 'save', suggestedName: 7 },
    ]) {
      await expect(fake.ipcMain.fakeAsk(REQUESTS.choose, message)).rejects.toThrow();
    }
    for (const message of [undefined, 'a', [7], ['x'.repeat(40_000)], Array(20_000).fill('/a')]) {
      await expect(fake.ipcMain.fakeAsk(REQUESTS.dropped, message)).rejects.toThrow();
    }
    expect(fake.dialog.fakeShown).toEqual([]);
  });

  it('proposes a name, not a place, when something is saved', async () => {
    const { fake, requests, following } = await startShell();
    const save = { purpose: 'save', suggestedName: '../../etc/cron.d/x' };
    await fake.ipcMain.fakeAsk(REQUESTS.choose, save);
    expect(fake.dialog.fakeShown.at(-1)).toMatchObject({ defaultPath: '-..-etc-cron.d-x' });
    await following();
    fake.dialog.fakeAnswers.push({ filePath: '/data/new.csv' });
    expect(await fake.ipcMain.fakeAsk(REQUESTS.choose, save)).toHaveLength(1);
    expect(requests().find(({ url }) => url === '/shell/paths')).toMatchObject({
      body: '{"paths":["/data/new.csv"],"isNew":true}',
    });
  });

  it('takes what was dropped, and no file that a page has made itself', async () => {
    const { fake, requests, following } = await startShell();
    await following();
    expect(await fake.ipcMain.fakeAsk(REQUESTS.dropped, ['', '/data/a'])).toHaveLength(1);
    expect(requests().find(({ url }) => url === '/shell/paths')).toMatchObject({ body: '{"paths":["/data/a"]}' });
  });
});

describe('opening a study from outside', () => {
  it('waits for the window to listen, then tells it once', async () => {
    const folder = study();
    const { fake, window, requests } = await startShell({ argv: [join(folder, 'study.isochromat')] });
    await vi.waitFor(() => expect(requests().some(({ url }) => url === '/shell/paths')).toBe(true), {
      timeout: 10_000,
    });
    expect(commands(window)).toEqual([]);
    await vi.waitFor(async () => {
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
    await vi.waitFor(() => expect(commands(window)).toMatchObject([{ kind: 'open-study' }]), { timeout: 10_000 });
    expect(window.fakeFocused).toBe(true);
  });

  it('is offered in the menu, with the studies that are still there', async () => {
    const { fake, window } = await startShell();
    await fake.ipcMain.fakeAsk(REQUESTS.listening);
    const file = () =>
      fake.Menu.fakeTemplate.find(({ label }) => label === '&File')!.submenu as Electron.MenuItemConstructorOptions[];
    const recent = () =>
      file().find(({ label }) => label === 'Open &Recent')!.submenu as Electron.MenuItemConstructorOptions[];
    await vi.waitFor(() => expect(recent().map(({ label }) => label)).toEqual(['Heads && Necks']), { timeout: 10_000 });
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
    await vi.waitFor(() => expect(window.fakeProgress).toEqual({ value: 2, mode: 'indeterminate' }));
    expect(fake.powerSaveBlocker.fakeHeld.size).toBe(1);
    await emit('progress', { task: 'job-1', stage: 'Training', done: 30, total: 120 });
    await vi.waitFor(() => expect(window.fakeProgress).toEqual({ value: 0.25, mode: 'normal' }));
    window.fakeFocused = false;
    await emit(
      'job',
      job({ state: 'succeeded', ended: '2026-01-01T10:05:00Z', outcome: { summary: 'Trained for 100 steps.' } }),
    );
    await vi.waitFor(() => expect(fake.Notification.fakeAll).toHaveLength(1));
    expect(fake.Notification.fakeAll[0]!.fakeOptions).toEqual({
      title: 'Training the autoencoder',
      body: 'Trained for 100 steps.',
    });
    expect(window.fakeProgress.value).toBe(-1);
    expect(fake.powerSaveBlocker.fakeHeld.size).toBe(0);
    fake.Notification.fakeAll[0]!.emit('click');
    expect(commands(window)).toEqual([{ kind: 'show', screen: 'activity' }]);
  });

  it('does not disturb when it was short', async () => {
    const { fake, window, emit, following } = await startShell();
    await following();
    await emit('job', job({}));
    await emit('job', job({ state: 'failed', ended: '2026-01-01T10:00:20Z', error: { sentence: 'No.' } }));
    await vi.waitFor(() => expect(window.fakeProgress.value).toBe(-1));
    expect(fake.Notification.fakeAll).toEqual([]);
  });

  it('is asked about when one quits, and is stopped in order', async () => {
    const { fake, window, emit, following, recorded } = await startShell();
    await following();
    await emit('job', job({}));
    await vi.waitFor(() => expect(window.fakeProgress.value).toBe(2));
    expect(window.fakeAskToClose()).toBe(false);
    await vi.waitFor(() => expect(fake.dialog.fakeShown).toHaveLength(1));
    expect(fake.dialog.fakeShown[0]).toMatchObject({ message: '“Training the autoencoder” is running.' });
    await new Promise((done) => setTimeout(done, 50));
    expect(fake.app.fakeEnded).toBe(false);
    expect(recorded()).not.toContain('orderly end');

    fake.dialog.fakeAnswers.push({ response: 0 });
    fake.app.quit();
    await vi.waitFor(() => expect(fake.app.fakeEnded).toBe(true), { timeout: 10_000 });
    expect(recorded()).toContain('orderly end');
  });
});

describe('what breaks', () => {
  it('is the window: said, and opened again', async () => {
    const { fake, window } = await startShell();
    fake.dialog.fakeAnswers.push({ response: 0 });
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
    await vi.waitFor(() => expect(window.webContents.fakeReloads).toBe(1));
    expect(fake.dialog.fakeShown[0]).toMatchObject({ message: 'The window has crashed.' });
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(fake.dialog.fakeShown).toHaveLength(1);
  });

  it('is a window that hangs: waited for, or opened again', async () => {
    const { fake, window } = await startShell();
    fake.dialog.fakeAnswers.push({ response: 0 }, { response: 1 });
    window.emit('unresponsive');
    await vi.waitFor(() => expect(fake.dialog.fakeShown).toHaveLength(1));
    expect(window.webContents.fakeCrashes).toBe(0);
    window.emit('unresponsive');
    await vi.waitFor(() => expect(window.webContents.fakeReloads).toBe(1));
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
    await vi.waitFor(() => expect(states().slice(-3)).toEqual(['restarting', 'starting', 'ready']), {
      timeout: 10_000,
    });
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

describe('the bridge', () => {
  it('turns what was dropped into paths outside of the page, and hands no Electron object to it', async () => {
    const fake = await freshElectron();
    await import('../../electron/preload.ts');
    const bridge = fake.fakeWorlds['isochromat'] as import('../../electron/bridge.ts').ShellBridge;
    fake.ipcRenderer.fakeReply = [{ token: 't', name: 'a', kind: 'file' }];
    expect(await bridge.dropped([{ path: '/data/a' } as unknown as File])).toEqual([
      { token: 't', name: 'a', kind: 'file' },
    ]);
    expect(fake.ipcRenderer.fakeInvoked).toEqual([[REQUESTS.dropped, ['/data/a']]]);
    const heard: unknown[][] = [];
    const stop = bridge.onCommand((...all) => heard.push(all));
    fake.ipcRenderer.emit(MESSAGES.command, { sender: 'Electron' }, { kind: 'shortcuts' });
    stop();
    fake.ipcRenderer.emit(MESSAGES.command, { sender: 'Electron' }, { kind: 'shortcuts' });
    expect(heard).toEqual([[{ kind: 'shortcuts' }]]);
    expect(Object.keys(bridge).sort()).toEqual(
      ['choose', 'dropped', 'onCommand', 'onEngine', 'platform', 'restartEngine', 'showDiagnostics', 'version'],
    ); // prettier-ignore
  });
});
