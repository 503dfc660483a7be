import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studyFolderOf, studyInArguments } from '../../electron/associations.ts';
import { diagnosticsText, lastLines, withoutPrivate } from '../../electron/diagnostics.ts';
import { makeEngineAddress } from '../../electron/engine-address.ts';
import { overallProgress } from '../../electron/job-watch.ts';
import type { WatchedJob } from '../../electron/job-watch.ts';
import { menuTemplate } from '../../electron/menu.ts';
import type { MenuState } from '../../electron/menu.ts';
import { readServerSentEvents } from '../../electron/server-sent-events.ts';
import { SettingsFile } from '../../electron/settings.ts';
import { FIRST_STATE, SMALLEST, fitToScreens } from '../../electron/window-state.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'isochromat-parts-'));

describe('opening a study by double click', () => {
  const folder = temporary();
  const study = join(folder, 'Brains of 2024');
  mkdirSync(join(study, 'volumes'), { recursive: true });
  for (const name of ['study.json', 'study.isochromat']) writeFileSync(join(study, name), '{}');
  writeFileSync(join(folder, 'elsewhere.isochromat'), '{"study": "/etc"}');

  it('takes the folder, its study.json and its study.isochromat for the same study', () => {
    for (const name of ['.', 'study.json', 'study.isochromat']) expect(studyFolderOf(join(study, name))).toBe(study);
  });

  it('takes nothing else: a file that only says where a study is leads nowhere', () => {
    for (const path of [
      join(folder, 'elsewhere.isochromat'),
      folder,
      join(study, 'volumes'),
      join(folder, 'missing'),
    ]) {
      expect(studyFolderOf(path)).toBeUndefined();
    }
  });

  it('finds it among the arguments of a start', () => {
    const argv = ['/usr/bin/isochromat-desktop', '--enable-something', 'Brains of 2024/study.isochromat'];
    expect(studyInArguments(argv, folder, 1)).toBe(study);
    expect(studyInArguments(['electron', study], folder, 2)).toBeUndefined();
  });
});

describe('the window’s place', () => {
  const screens = [{ x: 0, y: 25, width: 1920, height: 1055 }];

  it('is where it was', () => {
    const stored = { x: 100, y: 80, width: 1300, height: 800, maximized: true };
    expect(fitToScreens(stored, screens)).toEqual(stored);
  });

  it('is in the middle of a screen when the screen it was on has gone', () => {
    const stored = { x: 2500, y: 80, width: 1300, height: 800, maximized: false };
    expect(fitToScreens(stored, screens)).toEqual({ width: 1300, height: 800, maximized: false });
  });

  it('is one that can be used, whatever was stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (stored) => {
        const { width, height } = fitToScreens(stored, screens);
        expect(width).toBeGreaterThanOrEqual(SMALLEST.width);
        expect(height).toBeGreaterThanOrEqual(SMALLEST.height);
      }),
    );
    expect(fitToScreens({ width: Number.NaN, height: 5, maximized: false }, screens)).toBe(FIRST_STATE);
  });
});

describe('the shell’s settings', () => {
  it('are kept, and begin with the network unused', () => {
    const file = join(temporary(), 'shell.json');
    const settings = new SettingsFile(file);
    expect(settings.current.checkForUpdates).toBe(false);
    settings.change({ checkForUpdates: true, window: { width: 1 } });
    expect(new SettingsFile(file).current).toEqual({ checkForUpdates: true, window: { width: 1 } });
  });

  it('are the defaults when the file is damaged, and when what it says is of another kind', () => {
    const file = join(temporary(), 'shell.json');
    for (const text of ['{', 'null', '{"checkForUpdates": "yes"}']) {
      writeFileSync(file, text);
      expect(new SettingsFile(file).current.checkForUpdates).toBe(false);
    }
  });
});

describe('the engine’s address', () => {
  it('is a socket whose path the systems allow, or a pipe whose name cannot be guessed', () => {
    const unix = makeEngineAddress('linux');
    expect(Buffer.byteLength(unix.socket)).toBeLessThan(104);
    unix.remove();
    const [one, other] = [makeEngineAddress('win32').socket, makeEngineAddress('win32').socket];
    expect(one).toMatch(/^\\\\\.\\pipe\\isochromat-[0-9a-f]{32}$/);
    expect(one).not.toBe(other);
  });
});

describe('server-sent events', () => {
  async function read(chunks: string[]) {
    async function* stream() {
      yield* chunks;
    }
    const events = [];
    for await (const event of readServerSentEvents(stream())) events.push(event);
    return events;
  }

  it('are read with id, kind and data, comments left out', async () => {
    expect(await read([': hello\n\nid: 7\nevent: job\ndata: {"a":\ndata: 1}\n\ndata:x\r\n\r\n'])).toEqual([
      { id: '7', kind: 'job', data: '{"a":\n1}' },
      { id: undefined, kind: 'message', data: 'x' },
    ]);
  });

  it('are the same wherever the stream is cut', async () => {
    const text = 'id: 1\r\nevent: progress\r\ndata: {"done": 3}\r\n\r\nevent: job\ndata: ä\n\n';
    const whole = await read([text]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...[...cuts].sort((a, b) => a - b), text.length];
        expect(await read(at.slice(1).map((end, i) => text.slice(at[i], end)))).toEqual(whole);
      }),
    );
  });

  it('do not fill the memory when one never ends', async () => {
    const chunk = 'x'.repeat(256 * 1024);
    expect(await read([...Array<string>(40).fill(chunk), '\n\ndata: after\n\n'])).toEqual([
      { id: undefined, kind: 'message', data: 'after' },
    ]);
  });
});

describe('progress in the taskbar', () => {
  const job = (progress: WatchedJob['progress']): WatchedJob => ({
    id: '1', title: '', state: 'running', started: null, ended: null, progress, outcome: null, error: null,
  }); // prettier-ignore

  it('is the mean of what runs, unknown where one cannot tell, and absent when nothing runs', () => {
    expect(overallProgress([])).toBeUndefined();
    expect(overallProgress([job({ share: 0.25 }), job({ share: 0.75 })])).toBe(0.5);
    expect(overallProgress([job({ share: 0.25 }), job(null), job({ share: null })])).toBe('unknown');
  });
});

describe('the menus', () => {
  const none = (): never => {
    throw new Error('nothing was chosen');
  };
  const actions = {
    send: none,
    openStudy: none,
    importData: none,
    showDiagnostics: none,
    showLicences: none,
    setUpdates: none,
    lookForUpdate: none,
  };
  const state: MenuState = {
    platform: 'linux',
    recent: [],
    checkForUpdates: undefined,
    licences: true,
    development: false,
  };
  const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
  const labels = (of: Partial<MenuState>): string =>
    flat(menuTemplate({ ...state, ...of }, actions))
      .map((item) => item.label ?? item.role ?? '')
      .join('|');

  it('have quit and settings where each system has them', () => {
    const mac = menuTemplate({ ...state, platform: 'darwin' }, actions);
    expect(mac[0]!.role).toBe('appMenu');
    expect(labels({ platform: 'darwin' })).toContain('services');
    expect(labels({ platform: 'win32' })).toContain('E&xit');
    expect(flat(menuTemplate(state, actions)).find((item) => item.role === 'quit')!.accelerator).toBe('Ctrl+Q');
  });

  it('use each accelerator once', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const used = flat(menuTemplate({ ...state, platform }, actions)).flatMap((item) => item.accelerator ?? []);
      expect(new Set(used).size).toBe(used.length);
    }
  });

  it('leave to the window the shortcuts that can be rebound there', () => {
    const palette = flat(menuTemplate(state, actions)).find((item) => item.accelerator === 'CmdOrCtrl+K')!;
    expect(palette.registerAccelerator).toBe(false);
  });

  it('say nothing of updates in a build that has none, and nothing of tools for developers in a packaged one', () => {
    expect(labels({})).not.toMatch(/update|toggleDevTools|reload/i);
    expect(labels({ checkForUpdates: false, development: true })).toMatch(/Updates.*|toggleDevTools/);
  });
});

describe('the diagnostics', () => {
  const privacy = { program: '/opt/Isochromat/resources/app.asar', home: '/home/mueller', user: 'mueller' };

  it('hold no path but the program’s own, and no name of a user', () => {
    const lines = withoutPrivate(
      [
        'could not read /home/mueller/scans/Meier_Anna.h5: truncated',
        `at file:///opt/Isochromat/resources/app.asar/build/electron/main.cjs:3:4`,
        `open "C:\\Users\\Anna Meier\\scans\\a b.h5" failed`,
        String.raw`\\server\share\Meier Anna.h5`,
        "ENOENT: no such file, open '/data/patients/Anna Meier/1.dcm'",
        'user Mueller began; half of 3/4 was done at 10 MB/s, see and/or',
      ],
      privacy,
    );
    expect(lines.join('\n')).not.toMatch(/meier|anna|mueller|patients|scans|C:/i);
    expect(lines[1]).toContain('«program»/build/electron/main.cjs:3:4');
    expect(lines[5]).toBe('user «user» began; half of 3/4 was done at 10 MB/s, see and/or');
  });

  it('are one text with every part named, empty ones too', () => {
    const text = diagnosticsText(
      [
        { title: 'Engine', lines: ['State: ready'] },
        { title: 'Log', lines: [] },
      ],
      privacy,
    );
    expect(text).toMatch(/== Engine\nState: ready\n\n== Log\n\(nothing\)\n$/);
  });

  it('take the end of a long log, in whole lines', () => {
    const file = join(temporary(), 'log');
    writeFileSync(file, Array.from({ length: 20_000 }, (_, i) => `line ${i} of this long log`).join('\n'));
    const lines = lastLines(file);
    expect(lines).toHaveLength(300);
    expect(lines.at(-1)).toBe('line 19999 of this long log');
    expect(lastLines('/no/such/log')).toEqual([]);
  });
});
