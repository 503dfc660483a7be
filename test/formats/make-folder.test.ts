import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../main/formats/make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'isochromat-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes a folder with those above it, and minds none that is there', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('refuses where a file is in the way', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(() => makeFolder(path)).toThrow(expect.objectContaining({ code: 'folder-not-made', subject: path }));
    }
  });

  it.runIf(process.platform === 'linux')('refuses, and does not try for ever, where no folder can be made', () => {
    for (const path of ['/proc/x', '/proc/x/y/z']) {
      expect(() => makeFolder(path)).toThrow(expect.objectContaining({ code: 'folder-not-made' }));
    }
  });
});
