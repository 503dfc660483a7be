import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MESSAGES, REQUESTS } from '../../electron/bridge.ts';
import type { ShellBridge } from '../../electron/bridge.ts';
import { endShell, freshElectron, patiently, startShell } from './start-shell.ts';

afterEach(endShell);

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

  it('hands no address to other programs', () => {
    const folder = join(import.meta.dirname, '..', '..', 'electron');
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(20);
    for (const name of sources) expect(readFileSync(join(folder, name), 'utf8'), name).not.toContain('openExternal');
  });

  it('gets no permission but to copy, and no device', async () => {
    const { fake } = await startShell();
    const pages = fake.session.defaultSession;
    await patiently(() => expect(pages.fakePermission).toBeDefined());
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
    await patiently(() => expect(fake.session.defaultSession.fakeRequest).toBeDefined());
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

describe('the bridge', () => {
  it('turns what was dropped into paths outside of the page, and hands no Electron object to it', async () => {
    const fake = await freshElectron();
    await import('../../electron/preload.ts');
    const bridge = fake.fakeWorlds['isochromat'] as ShellBridge;
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
