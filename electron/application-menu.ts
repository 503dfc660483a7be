import { Menu, app, shell } from 'electron';
import { choosePaths } from './dialogs.ts';
import type { EngineClient } from './engine-client.ts';
import type { JobWatch } from './job-watch.ts';
import type { ShellLog } from './log.ts';
import { menuTemplate } from './menu.ts';
import type { MenuActions, RecentStudy } from './menu.ts';
import { hasLicences } from './paths.ts';
import type { ShellPaths } from './paths.ts';
import type { SettingsFile } from './settings.ts';
import { canUpdate, lookForUpdate } from './updates.ts';
import type { MainWindow } from './window.ts';

/** More would not be read. */
const MOST_RECENT = 10;

export interface MenuParts {
  client: EngineClient;
  jobs: JobWatch;
  log: ShellLog;
  main: MainWindow;
  paths: ShellPaths;
  settings: SettingsFile;
  showDiagnostics: () => void;
  openStudy: (folder: string) => Promise<void>;
}

/** The menu bar, made anew when the list of recent studies or a setting changes. */
export function keepMenu(parts: MenuParts): void {
  let recent: readonly RecentStudy[] = [];
  const draw = (): void => {
    const template = menuTemplate(
      {
        platform: process.platform,
        recent: recent.slice(0, MOST_RECENT),
        checkForUpdates: canUpdate() ? parts.settings.current.checkForUpdates : undefined,
        licences: hasLicences(parts.paths),
        development: !app.isPackaged,
      },
      actionsOf(parts, draw),
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  const ask = async (): Promise<void> => {
    const answer = await parts.client.query('study.recent').catch(() => undefined);
    if (!Array.isArray(answer)) return;
    recent = (answer as (RecentStudy & { present?: boolean })[]).filter(({ present }) => present !== false);
    draw();
  };
  draw();
  void ask();
  parts.jobs.on('study', () => void ask());
}

function actionsOf(
  { client, log, main, paths, settings, showDiagnostics, openStudy }: MenuParts,
  draw: () => void,
): MenuActions {
  return {
    send: (command) => main.send(command),
    showDiagnostics,
    openStudy: async () => {
      const [folder] = await choosePaths(main.show(), { purpose: 'open-study' });
      if (folder !== undefined) await openStudy(folder);
    },
    importData: async () => {
      const chosen = await choosePaths(main.show(), { purpose: 'import' });
      if (chosen.length > 0) main.send({ kind: 'import', sources: await client.tokens(chosen) });
    },
    // A text file of our own, shown by whatever shows text files.
    showLicences: () => void shell.openPath(paths.licences),
    setUpdates: (on) => {
      settings.change({ checkForUpdates: on });
      draw();
    },
    lookForUpdate: () => void lookForUpdate(main.window, log, true),
  };
}
