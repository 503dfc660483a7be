// The desktop: puts the parts together and starts them. No part of the work is done here, or in this folder.
import { app } from 'electron';
import { join } from 'node:path';
import { keepMenu } from './application-menu.ts';
import { studyFileOf, studyFolderOf, studyInArguments } from './associations.ts';
import { collectDiagnostics } from './collect-diagnostics.ts';
import { watchForCrashes, watchWindow } from './crashes.ts';
import { DiagnosticsWindow } from './diagnostics-window.ts';
import { EngineClient } from './engine-client.ts';
import { EngineProcess } from './engine-process.ts';
import { answerTheWindow } from './ipc.ts';
import { JobWatch } from './job-watch.ts';
import { ShellLog } from './log.ts';
import { developmentServer, logFolder, shellPaths } from './paths.ts';
import { showPresence } from './presence.ts';
import { declareScheme, servePages } from './protocol.ts';
import { Quit } from './quit.ts';
import { restrictPages } from './security.ts';
import { SettingsFile } from './settings.ts';
import { canUpdate, lookForUpdate, stayOffline } from './updates.ts';
import { MainWindow } from './window.ts';

const ownArguments = app.isPackaged ? 1 : 2;

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  const settings = new SettingsFile(join(app.getPath('userData'), 'shell.json'));
  const paths = shellPaths();
  const vite = developmentServer();
  app.setAppUserModelId('org.isochromat.desktop');
  app.enableSandbox();
  stayOffline(settings.current.checkForUpdates);
  declareScheme();
  restrictPages(vite);

  const log = new ShellLog(logFolder());
  const engine = new EngineProcess({
    node: paths.node,
    entry: paths.engine,
    environment: { ISOCHROMAT_LOG_DIR: logFolder() },
  });
  engine.on('log', (line) => log.write(`Engine says: ${line}`));
  const client = new EngineClient(() => engine.ready());
  const jobs = new JobWatch(client);
  const main = new MainWindow(paths, settings);
  const quit = new Quit(engine, jobs, main);

  const openStudy = async (folder: string): Promise<void> => {
    const document = studyFileOf(folder);
    if (document !== undefined) app.addRecentDocument(document);
    const [study] = await client.tokens([folder]);
    if (study !== undefined) main.send({ kind: 'open-study', study });
  };
  const openFound = (folder: string | undefined): void => {
    if (folder !== undefined)
      openStudy(folder).catch((error: Error) => log.write(`A study could not be opened: ${error.message}`));
  };
  // macOS says so by an event, which may come before we are ready; the others by arguments.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFound(studyFolderOf(path));
  });
  app.on('second-instance', (_event, argv, folder) => {
    main.show();
    openFound(studyInArguments(argv, folder, ownArguments));
  });

  engine.start();
  void app.whenReady().then(() => {
    servePages({
      renderer: paths.renderer,
      pages: paths.pages,
      developmentServer: vite,
      engine: () => engine.connection,
    });
    const diagnostics = new DiagnosticsWindow(paths.diagnosticsPreload, () => collectDiagnostics(engine, client));
    const showDiagnostics = (): void => diagnostics.show();
    const parts = { engine, client, main, log, jobs, paths, settings, showDiagnostics, openStudy };
    answerTheWindow(parts);
    watchForCrashes(parts);
    showPresence(jobs, main);
    keepMenu(parts);
    quit.watch();
    main.onCreated((window) => {
      quit.guard(window);
      watchWindow(window, parts);
    });
    main.show();
    app.on('activate', () => void main.show());
    void jobs.follow();
    openFound(studyInArguments(process.argv, process.cwd(), ownArguments));
    if (canUpdate() && settings.current.checkForUpdates) void lookForUpdate(main.window, log, false);
  });
}
