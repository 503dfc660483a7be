import { BrowserWindow, app, screen } from 'electron';
import { APPLICATION_ORIGIN, MESSAGES } from './bridge.ts';
import type { EngineState, ShellCommand } from './bridge.ts';
import type { ShellPaths } from './paths.ts';
import { securePreferences } from './security.ts';
import type { SettingsFile } from './settings.ts';
import { SMALLEST, fitToScreens } from './window-state.ts';
import type { WindowState } from './window-state.ts';

/** The colour of the page before it has painted: no white flash. */
const BACKGROUND = '#15181c';

/** The one window of the application: made, remembered, brought to the front, and told things. */
export class MainWindow {
  readonly #paths: ShellPaths;
  readonly #settings: SettingsFile;
  #window: BrowserWindow | undefined;
  /** Commands from before the page listened. */
  #waiting: ShellCommand[] = [];
  #listening = false;
  #created: ((window: BrowserWindow) => void) | undefined;

  constructor(paths: ShellPaths, settings: SettingsFile) {
    this.#paths = paths;
    this.#settings = settings;
  }

  get window(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Who is told of each window that is made: on macOS it can be closed and made again. */
  onCreated(listener: (window: BrowserWindow) => void): void {
    this.#created = listener;
  }

  /** Makes the window, or brings it to the front. */
  show(): BrowserWindow {
    const window = this.#window ?? this.#create();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  }

  /** Tells the page what was asked; kept until it listens. */
  send(command: ShellCommand): void {
    this.#waiting.push(command);
    if (this.#window === undefined) this.show();
    this.#flush();
  }

  tellEngine(state: EngineState): void {
    this.#window?.webContents.send(MESSAGES.engine, state);
  }

  /** The page has begun to listen (again: after a reload or a crash). */
  listens(): void {
    this.#listening = true;
    this.#flush();
  }

  /** Loads the page anew, as after a crash. */
  reload(): void {
    this.#listening = false;
    this.#window?.webContents.reload();
  }

  #flush(): void {
    if (!this.#listening || this.#window === undefined) return;
    for (const command of this.#waiting.splice(0)) this.#window.webContents.send(MESSAGES.command, command);
  }

  #create(): BrowserWindow {
    const state = fitToScreens(
      this.#settings.current.window,
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const { maximized, ...bounds } = state;
    const window = new BrowserWindow({
      ...bounds,
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      title: 'Isochromat',
      icon: this.#paths.icon,
      backgroundColor: BACKGROUND,
      show: false,
      webPreferences: {
        ...securePreferences(this.#paths.preload),
        additionalArguments: [`--isochromat-version=${app.getVersion()}`],
      },
    });
    this.#window = window;
    this.#listening = false;
    if (maximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.webContents.on('did-start-loading', () => (this.#listening = false));
    window.on('close', () => this.#settings.change({ window: stateOf(window) }));
    window.on('closed', () => {
      this.#window = undefined;
      this.#listening = false;
    });
    this.#created?.(window);
    void window.loadURL(`${APPLICATION_ORIGIN}/`);
    return window;
  }
}

function stateOf(window: BrowserWindow): WindowState {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}
