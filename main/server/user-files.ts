import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../formats/atomic-file.ts';
import { settingsFolder } from '../study/index.ts';

/**
 * A small JSON document in the user's settings folder. What cannot be understood counts as absent: settings are
 * no reason not to start. Writes follow one another, and each is whole or not at all.
 */
export class UserFile<Content> {
  private readonly file: string;
  private readonly parse: (document: unknown) => Content;
  private last: Promise<void> = Promise.resolve();

  /** @param parse makes content of whatever is found; undefined = the file is absent or not JSON */
  constructor(name: string, parse: (document: unknown) => Content, folder: string = settingsFolder()) {
    this.file = join(folder, name);
    this.parse = parse;
  }

  read(): Content {
    return this.parse(this.document());
  }

  /** Reads, changes and writes, one change at a time. */
  change(how: (content: Content) => Content): Promise<Content> {
    const changed = this.last.then(async () => {
      const content = how(this.read());
      await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
      await writeFileAtomically(this.file, async (handle) => {
        await handle.chmod(0o600);
        await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      });
      return content;
    });
    this.last = changed.then(
      () => {},
      () => {},
    );
    return changed;
  }

  private document(): unknown {
    if (!existsSync(this.file)) return undefined;
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as unknown;
    } catch {
      return undefined;
    }
  }
}
