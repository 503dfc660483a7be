/**
 * Stands in for Electron, whose program is not there when tests run: the parts of its interface that the shell uses, recording what it was told.
 * What begins with `fake` is for the tests; every other name exists in Electron's own types (checked at the end). A fresh one comes with
 * `vi.resetModules()`.
 */
import type Electron from 'electron';
import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An event whose default can be prevented. */
export class FakeEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

class FakeApp extends EventEmitter {
  isPackaged = false;
  fakeFolder = mkdtempSync(join(tmpdir(), 'isochromat-shell-'));
  fakeRoot = this.fakeFolder;
  fakeFirst = true;
  fakeEnded = false;
  fakeSandboxed = false;
  fakeBadge = 0;
  fakeRecent: string[] = [];
  fakeSwitches = new Map<string, string>();
  commandLine = { appendSwitch: (name: string, value = '') => void this.fakeSwitches.set(name, value) };

  getPath(name: string): string {
    return name === 'logs' ? join(this.fakeFolder, 'logs') : this.fakeFolder;
  }
  getAppPath(): string {
    return this.fakeRoot;
  }
  getVersion(): string {
    return '1.2.3';
  }
  getLocale(): string {
    return 'en-US';
  }
  getGPUFeatureStatus(): object {
    return { webgpu: 'enabled' };
  }
  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  requestSingleInstanceLock(): boolean {
    return this.fakeFirst;
  }
  enableSandbox(): void {
    this.fakeSandboxed = true;
  }
  setAppUserModelId(): void {}
  addRecentDocument(path: string): void {
    this.fakeRecent.push(path);
  }
  setBadgeCount(count: number): boolean {
    this.fakeBadge = count;
    return true;
  }
  /** As Electron does it: asks, closes every window, which may refuse, then ends. */
  quit(): void {
    const event = new FakeEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    if (BrowserWindow.fakeAll.every((window) => window.fakeAskToClose())) this.fakeEnded = true;
  }
}

class FakeWebContents extends EventEmitter {
  fakeSent: [channel: string, message: unknown][] = [];
  fakeOpenHandler: ((details: { url: string }) => { action: string }) | undefined;
  fakeReloads = 0;
  fakeCrashes = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.fakeOpenHandler = handler;
  }
  send(channel: string, message: unknown): void {
    this.fakeSent.push([channel, structuredClone(message)]);
  }
  reload(): void {
    this.fakeReloads += 1;
  }
  forcefullyCrashRenderer(): void {
    this.fakeCrashes += 1;
  }
}

export class BrowserWindow extends EventEmitter {
  static fakeAll: BrowserWindow[] = [];
  webContents = new FakeWebContents();
  fakeOptions: Electron.BrowserWindowConstructorOptions;
  fakeUrl = '';
  fakeProgress: { value: number; mode: string | undefined } = { value: -1, mode: undefined };
  fakeFocused = false;
  fakeMinimized = false;
  fakeMaximized = false;
  fakeDestroyed = false;
  fakeMenuRemoved = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.fakeOptions = options;
    BrowserWindow.fakeAll.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.fakeUrl = url;
    return Promise.resolve();
  }
  show(): void {}
  focus(): void {
    this.fakeFocused = true;
  }
  isFocused(): boolean {
    return this.fakeFocused;
  }
  isMinimized(): boolean {
    return this.fakeMinimized;
  }
  restore(): void {
    this.fakeMinimized = false;
  }
  maximize(): void {
    this.fakeMaximized = true;
  }
  isMaximized(): boolean {
    return this.fakeMaximized;
  }
  isDestroyed(): boolean {
    return this.fakeDestroyed;
  }
  removeMenu(): void {
    this.fakeMenuRemoved = true;
  }
  getNormalBounds(): Electron.Rectangle {
    const { x = 0, y = 0, width = 0, height = 0 } = this.fakeOptions;
    return { x, y, width, height };
  }
  setProgressBar(value: number, options?: { mode?: string }): void {
    this.fakeProgress = { value, mode: options?.mode };
  }
  /** The person closes it. @returns whether it closed */
  fakeAskToClose(): boolean {
    const event = new FakeEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.fakeDestroyed = true;
    BrowserWindow.fakeAll = BrowserWindow.fakeAll.filter((each) => each !== this);
    this.emit('closed');
    if (BrowserWindow.fakeAll.length === 0) app.emit('window-all-closed');
    return true;
  }
}

type Handler = (event: unknown, message: unknown) => unknown;
class FakeIpcMain {
  fakeHandlers = new Map<string, Handler>();
  handle(channel: string, handler: Handler): void {
    this.fakeHandlers.set(channel, handler);
  }
  /** A page asks. */
  async fakeAsk(
    channel: string,
    message?: unknown,
    frame: object | null = fakeFrame('app://isochromat/'),
  ): Promise<unknown> {
    return this.fakeHandlers.get(channel)!({ senderFrame: frame }, structuredClone(message));
  }
}

export function fakeFrame(url: string, parent: object | null = null): object {
  return { url, parent };
}

class FakeDialog {
  /** Answers to come, in order; without one the person cancels. */
  fakeAnswers: { response?: number; filePaths?: string[]; filePath?: string }[] = [];
  fakeShown: Record<string, unknown>[] = [];
  #answer(given: unknown[]): { response?: number; filePaths?: string[]; filePath?: string } | undefined {
    this.fakeShown.push(given.at(-1) as Record<string, unknown>);
    return this.fakeAnswers.shift();
  }
  async showMessageBox(...given: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
    const cancel = (given.at(-1) as { cancelId?: number }).cancelId ?? -1;
    return { response: this.#answer(given)?.response ?? cancel, checkboxChecked: false };
  }
  async showOpenDialog(...given: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    const filePaths = this.#answer(given)?.filePaths;
    return { canceled: filePaths === undefined, filePaths: filePaths ?? [] };
  }
  async showSaveDialog(...given: unknown[]): Promise<{ canceled: boolean; filePath: string }> {
    const filePath = this.#answer(given)?.filePath;
    return { canceled: filePath === undefined, filePath: filePath ?? '' };
  }
}

export class Notification extends EventEmitter {
  static fakeAll: Notification[] = [];
  static isSupported(): boolean {
    return true;
  }
  fakeOptions: { title: string; body: string };
  constructor(options: { title: string; body: string }) {
    super();
    this.fakeOptions = options;
  }
  show(): void {
    Notification.fakeAll.push(this);
  }
}

class FakeSession {
  fakePermission: ((contents: unknown, permission: string, decide: (yes: boolean) => void) => void) | undefined;
  fakePermissionCheck: ((contents: unknown, permission: string) => boolean) | undefined;
  fakeDevice: (() => boolean) | undefined;
  fakeRequest: ((details: { url: string }, decide: (answer: { cancel: boolean }) => void) => void) | undefined;
  webRequest = {
    onBeforeRequest: (listener: NonNullable<FakeSession['fakeRequest']>) => void (this.fakeRequest = listener),
  };
  setPermissionRequestHandler(handler: NonNullable<FakeSession['fakePermission']>): void {
    this.fakePermission = handler;
  }
  setPermissionCheckHandler(handler: NonNullable<FakeSession['fakePermissionCheck']>): void {
    this.fakePermissionCheck = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.fakeDevice = handler;
  }
  setSpellCheckerEnabled(): void {}
}

class FakeProtocol {
  fakeSchemes: Electron.CustomScheme[] = [];
  fakeHandler: ((request: Request) => Promise<Response>) | undefined;
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    this.fakeSchemes = schemes;
  }
  handle(_scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.fakeHandler = handler;
  }
}

class FakeMenu {
  fakeTemplate: Electron.MenuItemConstructorOptions[] = [];
  buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): Electron.MenuItemConstructorOptions[] {
    return template;
  }
  setApplicationMenu(template: Electron.MenuItemConstructorOptions[]): void {
    this.fakeTemplate = template;
  }
}

class FakePowerSaveBlocker {
  fakeHeld = new Set<number>();
  start(): number {
    this.fakeHeld.add(1);
    return 1;
  }
  stop(id: number): void {
    this.fakeHeld.delete(id);
  }
}

class FakeIpcRenderer extends EventEmitter {
  fakeInvoked: [channel: string, message: unknown][] = [];
  fakeReply: unknown = undefined;
  invoke(channel: string, message?: unknown): Promise<unknown> {
    this.fakeInvoked.push([channel, message]);
    return Promise.resolve(this.fakeReply);
  }
}

export const app = new FakeApp();
export const ipcMain = new FakeIpcMain();
export const ipcRenderer = new FakeIpcRenderer();
export const dialog = new FakeDialog();
export const protocol = new FakeProtocol();
export const Menu = new FakeMenu();
export const powerSaveBlocker = new FakePowerSaveBlocker();
export const powerMonitor = new EventEmitter();
export const session = { defaultSession: new FakeSession() };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const shell = { openPath: (_path: string) => Promise.resolve('') };
export const fakeWorlds: Record<string, unknown> = {};
export const contextBridge = { exposeInMainWorld: (name: string, api: unknown) => void (fakeWorlds[name] = api) };
export const webUtils = { getPathForFile: (file: { path?: string }) => file.path ?? '' };

/** Names that Electron does not have. */
type Strange<Fake, Real> = Exclude<keyof Fake, keyof Real | `fake${string}`>;
type NoneIsStrange = [
  | Strange<typeof app, Electron.App>
  | Strange<BrowserWindow, Electron.BrowserWindow>
  | Strange<FakeWebContents, Electron.WebContents>
  | Strange<typeof ipcMain, Electron.IpcMain>
  | Strange<typeof ipcRenderer, Electron.IpcRenderer>
  | Strange<typeof dialog, Electron.Dialog>
  | Strange<typeof protocol, Electron.Protocol>
  | Strange<typeof Menu, typeof Electron.Menu>
  | Strange<typeof powerSaveBlocker, Electron.PowerSaveBlocker>
  | Strange<FakeSession, Electron.Session>
  | Strange<FakeSession['webRequest'], Electron.WebRequest>
  | Strange<Notification, Electron.Notification>
  | Strange<typeof webUtils, Electron.WebUtils>
  | Strange<typeof contextBridge, Electron.ContextBridge>,
] extends [never]
  ? true
  : never;
export const fakesOnlyWhatExists: NoneIsStrange = true;
