import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The shell's own few settings; everything else belongs to the engine. */
export interface ShellSettings {
  window?: unknown;
  /** Off until somebody turns it on: the one thing that may ever use the network. */
  checkForUpdates: boolean;
}

const DEFAULTS: ShellSettings = { checkForUpdates: false };

/** A file that can be lost without harm: what cannot be read is the default, what cannot be written is forgotten. */
export class SettingsFile {
  readonly #file: string;
  #settings: ShellSettings;

  constructor(file: string) {
    this.#file = file;
    this.#settings = read(file);
  }

  get current(): Readonly<ShellSettings> {
    return this.#settings;
  }

  change(changes: Partial<ShellSettings>): void {
    this.#settings = { ...this.#settings, ...changes };
    try {
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#settings, null, 2), { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // The next start begins with the defaults.
    }
  }
}

function read(file: string): ShellSettings {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<ShellSettings> | null;
    return { ...DEFAULTS, window: stored?.window, checkForUpdates: stored?.checkForUpdates === true };
  } catch {
    return DEFAULTS;
  }
}
