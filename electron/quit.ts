import { app, dialog, powerMonitor } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import type { EngineProcess } from './engine-process.ts';
import type { JobWatch, WatchedJob } from './job-watch.ts';
import type { MainWindow } from './window.ts';

/**
 * Leaves in order: asks when a job runs, stops the engine (which stops the jobs at a checkpoint), then ends. On macOS closing the
 * window leaves the application running, as is usual there; elsewhere it is the same as quitting.
 */
export class Quit {
  readonly #engine: EngineProcess;
  readonly #jobs: JobWatch;
  readonly #main: MainWindow;
  #stage: 'running' | 'asking' | 'stopping' | 'done' = 'running';

  constructor(engine: EngineProcess, jobs: JobWatch, main: MainWindow) {
    this.#engine = engine;
    this.#jobs = jobs;
    this.#main = main;
  }

  /** Listens to everything that ends an application. */
  watch(): void {
    app.on('before-quit', (event) => {
      if (this.#stage === 'done') return;
      event.preventDefault();
      void this.#leave();
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    // The system goes down: nobody can be asked.
    powerMonitor.on('shutdown', () => void this.#stop());
  }

  /** The window stays until it was answered whether to quit. */
  guard(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (process.platform === 'darwin' || this.#stage === 'done') return;
      event.preventDefault();
      app.quit();
    });
    window.on('session-end', () => void this.#stop());
  }

  async #leave(): Promise<void> {
    if (this.#stage !== 'running') return;
    this.#stage = 'asking';
    if (!(await this.#mayLeave())) {
      this.#stage = 'running';
      return;
    }
    await this.#stop();
    app.quit();
  }

  async #mayLeave(): Promise<boolean> {
    const { running } = this.#jobs;
    if (running.length === 0) return true;
    const { window } = this.#main;
    const { response } = await (window === undefined
      ? dialog.showMessageBox(question(running))
      : dialog.showMessageBox(window, question(running)));
    return response === 0;
  }

  async #stop(): Promise<void> {
    this.#stage = 'stopping';
    this.#jobs.close();
    await this.#engine.stop();
    this.#stage = 'done';
  }
}

function question(running: readonly WatchedJob[]): MessageBoxOptions {
  const [first] = running;
  return {
    type: 'question',
    message: running.length === 1 ? `“${first!.title}” is running.` : `${running.length} jobs are running.`,
    detail: 'When you quit they stop at their next checkpoint, and can be resumed later. This may take a minute.',
    buttons: ['Stop and Quit', 'Keep Running'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
}
