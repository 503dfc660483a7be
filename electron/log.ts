import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_LOG = 2 * 1024 * 1024;

/** The shell's log: what started, ended and crashed, and what the engine said to nobody else. One line each. */
export class ShellLog {
  readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'shell.log');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if ((statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG) {
        renameSync(this.file, `${this.file}.1`);
      }
    } catch {
      // A folder that cannot be written: we go on without a log.
    }
  }

  write(line: string): void {
    try {
      appendFileSync(this.file, `${new Date().toISOString()} ${line.replaceAll(/\s*\n\s*/g, ' ')}\n`, { mode: 0o600 });
    } catch {
      // As above.
    }
  }
}
