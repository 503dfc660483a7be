import { app, dialog } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import type { EngineClient } from './engine-client.ts';
import type { EngineProcess } from './engine-process.ts';
import type { ShellLog } from './log.ts';
import type { MainWindow } from './window.ts';

/** How often the engine must give a sign of life, and how long it may be silent (a large study is opened in one go). */
const PULSE = { every: 5000, patience: 30_000 };

export interface CrashParts {
  engine: EngineProcess;
  client: EngineClient;
  main: MainWindow;
  log: ShellLog;
  showDiagnostics: () => void;
}

/** Says when the window's process or the engine has died, and offers to start it again. The rest of the application stays. */
export function watchForCrashes(parts: CrashParts): void {
  const { engine, main, log } = parts;
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (reason !== 'clean-exit') log.write(`A ${type} process of the window ended: ${reason}.`);
  });
  engine.on('state', (state) => {
    main.tellEngine(state);
    log.write(`Engine: ${state.kind}${'reason' in state ? `. ${state.reason}` : ''}`);
    if (state.kind === 'failed') void offerEngine(parts, state.reason);
  });
  followPulse(parts);
}

/** The same for one window. */
export function watchWindow(window: BrowserWindow, parts: CrashParts): void {
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    parts.log.write(`The window's process ended: ${reason}, code ${exitCode}.`);
    void offerWindow(window, parts, reason);
  });
  window.on('unresponsive', () => {
    parts.log.write('The window does not respond.');
    void offerToWait(window, parts);
  });
}

async function offerEngine({ engine, main, showDiagnostics }: CrashParts, reason: string): Promise<void> {
  const chosen = await ask(main.window, {
    type: 'error',
    message: 'The engine has stopped, and could not be started again.',
    detail: `${reason}\nYour study is safe: what was being written is put right when it is opened next.`,
    buttons: ['Start Again', 'Diagnostics…', 'Quit'],
  });
  if (chosen === 0) engine.start();
  else if (chosen === 1) showDiagnostics();
  else app.quit();
}

async function offerWindow(
  window: BrowserWindow,
  { main, showDiagnostics }: CrashParts,
  reason: string,
): Promise<void> {
  const chosen = await ask(window, {
    type: 'error',
    message: reason === 'oom' ? 'The window ran out of memory.' : 'The window has crashed.',
    detail: 'The engine and its jobs go on. Nothing is lost but what was not saved in the window.',
    buttons: ['Open Again', 'Diagnostics…', 'Quit'],
  });
  if (chosen === 2) return app.quit();
  if (chosen === 1) showDiagnostics();
  main.reload();
}

async function offerToWait(window: BrowserWindow, { main }: CrashParts): Promise<void> {
  const chosen = await ask(window, {
    type: 'warning',
    message: 'The window does not respond.',
    detail: 'You can wait, or open it again. The engine and its jobs go on.',
    buttons: ['Wait', 'Open Again'],
  });
  if (chosen !== 1 || window.isDestroyed()) return;
  window.webContents.forcefullyCrashRenderer();
  main.reload();
}

async function ask(window: BrowserWindow | undefined, options: MessageBoxOptions): Promise<number> {
  const all = { ...options, defaultId: 0, noLink: true };
  const gone = window === undefined || window.isDestroyed();
  return (await (gone ? dialog.showMessageBox(all) : dialog.showMessageBox(window, all))).response;
}

/** An engine that hangs is ended, which starts it again; its jobs live in processes of their own. */
function followPulse({ engine, client, log }: CrashParts): void {
  let silentSince: number | undefined;
  const look = async (): Promise<void> => {
    if (engine.state.kind !== 'ready' || (await client.answers(PULSE.every))) silentSince = undefined;
    else {
      silentSince ??= performance.now();
      if (performance.now() - silentSince >= PULSE.patience) {
        silentSince = undefined;
        log.write('The engine does not answer and is started again.');
        engine.endUnresponsive();
      }
    }
    setTimeout(() => void look(), PULSE.every).unref();
  };
  setTimeout(() => void look(), PULSE.every).unref();
}
