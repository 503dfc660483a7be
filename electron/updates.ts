import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ShellLog } from './log.ts';

/** Whether this build knows where its releases are: only then anything about updates is shown. */
export function canUpdate(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'));
}

/**
 * Cuts Chromium itself off from every other machine: with updates off, as they are until somebody turns them on, no name is resolved at all.
 * To be called before the application is ready.
 */
export function stayOffline(updates: boolean): void {
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability']) {
    app.commandLine.appendSwitch(name);
  }
  if (!updates) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1');
}

/**
 * Looks for a newer release and asks before it is fetched and before it is installed. The updater checks the release's signature
 * (Windows, macOS) and its SHA-512 (Linux).
 * @param asked somebody chose it in the menu, and is told also when there is nothing new
 */
export async function lookForUpdate(window: BrowserWindow | undefined, log: ShellLog, asked: boolean): Promise<void> {
  const ask = async (message: string, ...buttons: string[]): Promise<boolean> => {
    const options = { message, buttons, cancelId: buttons.length - 1, noLink: true };
    const { response } = await (window === undefined
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(window, options));
    return response === 0;
  };
  try {
    const { autoUpdater } = await import('electron-updater');
    autoUpdater.autoDownload = false;
    autoUpdater.autoInstallOnAppQuit = false;
    autoUpdater.allowDowngrade = false;
    const found = await autoUpdater.checkForUpdates();
    if (found?.isUpdateAvailable !== true) {
      if (asked) await ask('This is the newest version.', 'OK');
      return;
    }
    if (!(await ask(`Version ${found.updateInfo.version} is available.`, 'Download', 'Not Now'))) return;
    await autoUpdater.downloadUpdate();
    if (await ask('The new version is ready to be installed.', 'Quit and Install', 'Later'))
      autoUpdater.quitAndInstall();
  } catch (thrown) {
    log.write(`Looking for an update failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    if (asked) await ask('It could not be found out whether there is a newer version.', 'OK');
  }
}
