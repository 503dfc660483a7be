import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineProcess } from './engine-process.ts';

test('a study gets a folder of its own where only hidden files are, and beside one of the same name, but not inside another study', async () => {
  const other = await EngineProcess.start('desktop');
  const home = mkdtempSync(join(tmpdir(), 'isochromat-home-'));
  try {
    writeFileSync(join(home, '.profile'), '');
    const [folder] = await other.tokens(home);
    for (const name of ['Demo', 'Demo-2']) {
      await other.mutate('study.create', { folder, name: 'Demo' });
      expect(readdirSync(join(home, name))).toContain('study.json');
    }
    const [inside] = await other.tokens(join(home, 'Demo'));
    await expect(other.mutate('study.create', { folder: inside, name: 'Third' })).rejects.toMatchObject({
      code: 'study-exists',
    });
  } finally {
    await other.stop();
    rmSync(home, { recursive: true });
  }
});
