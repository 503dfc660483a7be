import { app, ipcMain, session } from 'electron';
import type { IpcMainInvokeEvent, WebPreferences } from 'electron';
import { APPLICATION_ORIGIN, SHELL_ORIGIN } from './bridge.ts';

/** For every window: a sandboxed page that reaches Node through nothing but its bridge. */
export function securePreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    disableBlinkFeatures: 'Auxclick',
    devTools: !app.isPackaged,
  };
}

/**
 * Holds every page, whoever made it, to what ours need: no other address, no new window, no embedded guest, no permission, no
 * certificate overruled, no request that leaves the machine. Call before the first window.
 * @param developmentServer Vite's address, in development
 */
export function restrictPages(developmentServer?: URL): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isOurs(event.url) && !event.url.startsWith('blob:app://')) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  app.on('certificate-error', (_event, _contents, _url, _error, _certificate, decide) => decide(false));
  // Asked by a certificate or by a proxy: there is neither.
  app.on('select-client-certificate', (event) => event.preventDefault());
  app.on('login', (event) => event.preventDefault());
  void app.whenReady().then(() => restrictSession(developmentServer));
}

function restrictSession(developmentServer?: URL): void {
  const pages = session.defaultSession;
  pages.setPermissionRequestHandler((_contents, permission, decide) => decide(isAllowed(permission)));
  pages.setPermissionCheckHandler((_contents, permission) => isAllowed(permission));
  pages.setDevicePermissionHandler(() => false);
  pages.setSpellCheckerEnabled(false);
  pages.webRequest.onBeforeRequest((request, decide) =>
    decide({ cancel: leavesTheMachine(request.url, developmentServer) }),
  );
}

/** A picture or a table may be copied; nothing else is needed. */
function isAllowed(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** Whether a page's request goes anywhere but to ourselves. */
export function leavesTheMachine(url: string, developmentServer?: URL): boolean {
  const { protocol, host } = new URL(url);
  if (['app:', 'data:', 'blob:', 'devtools:'].includes(protocol)) return false;
  return host === '' || host !== developmentServer?.host;
}

export function isOurs(url: string): boolean {
  return originOf(url) === APPLICATION_ORIGIN || originOf(url) === SHELL_ORIGIN;
}

/** `URL.origin` is "null" for schemes that only Chromium knows to be standard. */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/**
 * Answers a page's question, if it comes from the top frame of a page of `origin`; any other sender is refused.
 * @param answer gets what was sent, whose type it must check itself: a page may send anything
 */
export function answerPage(
  channel: string,
  origin: string,
  answer: (message: unknown, event: IpcMainInvokeEvent) => unknown,
): void {
  ipcMain.handle(channel, (event, message: unknown) => {
    const frame = event.senderFrame;
    const trusted = frame !== null && frame.parent === null && originOf(frame.url) === origin;
    if (!trusted) throw new Error(`${channel} was refused.`);
    return answer(message, event);
  });
}
