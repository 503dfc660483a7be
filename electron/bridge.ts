/**
 * What the window may ask of the desktop, as `window.isochromat` (absent in a browser). Types and channel names only: the
 * renderer, the preload script and the main process all import this file and nothing else of each other.
 */

/** A path that a person picked or dropped. The window sees the name; the path stays between shell and engine. */
export interface PickedPath {
  token: string;
  name: string;
  kind: 'file' | 'folder';
}

/** Why a dialog is shown: decides its title, its button and what can be picked. */
export type ChoosePurpose = 'open-study' | 'new-study' | 'import' | 'annotations' | 'save';

export interface ChooseRequest {
  purpose: ChoosePurpose;
  /** `save` and `new-study`: the name proposed. */
  suggestedName?: string;
  /** `import`: single files instead of a folder (on macOS one dialog offers both). */
  files?: boolean;
}

/** The engine as the window needs to know it: a banner, and a button where `failed`. */
export type EngineState =
  | { kind: 'starting' }
  | { kind: 'ready' }
  | { kind: 'restarting'; reason: string; seconds: number }
  | { kind: 'failed'; reason: string }
  | { kind: 'stopping' }
  | { kind: 'stopped' };

/** What a menu, a double click or the operating system asks of the window. */
export type ShellCommand =
  | { kind: 'new-study' }
  | { kind: 'open-study'; study: PickedPath }
  | { kind: 'open-recent'; key: string }
  | { kind: 'close-study' }
  | { kind: 'import'; sources: PickedPath[] }
  | { kind: 'show'; screen: 'library' | 'activity' | 'settings' | 'about' }
  | { kind: 'command-palette' }
  | { kind: 'shortcuts' };

export interface ShellBridge {
  platform: 'win32' | 'darwin' | 'linux';
  version: string;
  /** Shows a dialog; an empty list when the person cancelled it. */
  choose(request: ChooseRequest): Promise<PickedPath[]>;
  /** Tokens for what was dropped on the window: files and folders. */
  dropped(files: File[]): Promise<PickedPath[]>;
  /** What was asked before anybody listened (a double click that started us) is told at once. @returns a function that stops listening */
  onCommand(listener: (command: ShellCommand) => void): () => void;
  /** Tells the present state at once, then every change. @returns a function that stops listening */
  onEngine(listener: (state: EngineState) => void): () => void;
  /** After `failed`. */
  restartEngine(): Promise<void>;
  /** Opens the window in which the diagnostics can be read, and saved. */
  showDiagnostics(): Promise<void>;
}

/** The little that the diagnostics window may do, as `window.diagnostics`. */
export interface DiagnosticsBridge {
  /** What would be saved, word by word. */
  read(): Promise<string>;
  /** Saves what was read last. @returns whether it was saved (false: cancelled) */
  save(): Promise<boolean>;
}

/** Origins of our pages: the application, and the shell's own page, which must work when the application does not. */
export const APPLICATION_ORIGIN = 'app://isochromat';
export const SHELL_ORIGIN = 'app://shell';

/** Asked by a page (`invoke`), each answered for one origin only. */
export const REQUESTS = {
  choose: 'shell:choose',
  dropped: 'shell:dropped',
  listening: 'shell:listening',
  engineState: 'shell:engine-state',
  restartEngine: 'shell:restart-engine',
  showDiagnostics: 'shell:show-diagnostics',
  readDiagnostics: 'diagnostics:read',
  saveDiagnostics: 'diagnostics:save',
} as const;

/** Told to the window by the shell. */
export const MESSAGES = { command: 'shell:command', engine: 'shell:engine' } as const;
