import { BrowserWindow, dialog } from 'electron';
import { writeFile } from 'node:fs/promises';
import { REQUESTS, SHELL_ORIGIN } from './bridge.ts';
import { answerPage, securePreferences } from './security.ts';

/**
 * The window in which the diagnostics are read and then saved. It needs neither the engine nor the application's page, since it is
 * wanted most when those do not work.
 */
export class DiagnosticsWindow {
  readonly #preload: string;
  #window: BrowserWindow | undefined;
  /** What was shown: this, and nothing collected later, is what is saved. */
  #shown: string | undefined;

  /** @param collect makes the text */
  constructor(preload: string, collect: () => Promise<string>) {
    this.#preload = preload;
    answerPage(REQUESTS.readDiagnostics, SHELL_ORIGIN, async () => (this.#shown = await collect()));
    answerPage(REQUESTS.saveDiagnostics, SHELL_ORIGIN, () => this.#save());
  }

  show(): void {
    if (this.#window !== undefined) return this.#window.focus();
    const window = new BrowserWindow({
      width: 900,
      height: 700,
      title: 'Diagnostics',
      backgroundColor: '#15181c',
      webPreferences: securePreferences(this.#preload),
    });
    window.removeMenu();
    window.on('closed', () => {
      this.#window = undefined;
      this.#shown = undefined;
    });
    this.#window = window;
    void window.loadURL(`${SHELL_ORIGIN}/diagnostics.html`);
  }

  async #save(): Promise<boolean> {
    if (this.#shown === undefined || this.#window === undefined) return false;
    const day = new Date().toISOString().slice(0, 10);
    const { canceled, filePath } = await dialog.showSaveDialog(this.#window, {
      defaultPath: `isochromat-diagnostics-${day}.txt`,
      filters: [{ name: 'Text', extensions: ['txt'] }],
    });
    if (canceled || filePath === '') return false;
    await writeFile(filePath, this.#shown, { mode: 0o600 });
    return true;
  }
}
