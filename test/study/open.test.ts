import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createStudy, nothingToRecover, openStudy, verifyStudy } from '../../main/study/index.ts';
import { addVolume, IDENTITY_KEY, temporaryFolder, temporaryStudy } from './temporary-study.ts';

describe('a study', () => {
  test('is a folder that can be opened again, with what was stored in it', async () => {
    const study = await temporaryStudy('Glioma 2024');
    const volume = await addVolume(study, 'one');
    study.close();
    const again = await openStudy(study.folder, { identityKey: IDENTITY_KEY });
    expect([again.name, again.id, again.readOnly]).toEqual(['Glioma 2024', study.id, false]);
    expect(again.volumes.list()).toEqual([volume]);
    expect(nothingToRecover(again.recovery)).toBe(true);
    expect(JSON.parse(readFileSync(join(study.folder, 'study.json'), 'utf8'))).toMatchObject({
      format: 'isochromat-study',
      formatVersion: 1,
      name: 'Glioma 2024',
    });
    again.close();
  });

  test('leaves no trace of a session that ended well', async () => {
    const study = await temporaryStudy();
    study.close();
    expect(existsSync(join(study.folder, 'study.db-wal'))).toBe(false);
    const left = spawnSync('ls', ['-A', join(study.folder, 'staging')]).stdout.toString();
    expect(left).toBe('');
  });

  test('is not made in a folder that holds something else, or another study', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'thesis.txt'), 'x');
    await expect(createStudy(folder, { name: 'x' })).rejects.toMatchObject({ code: 'folder-not-empty' });
    const study = await temporaryStudy();
    await expect(createStudy(study.folder, { name: 'x' })).rejects.toMatchObject({ code: 'study-exists' });
  });

  test('is made in a folder where an earlier attempt was cut off', async () => {
    const study = await temporaryStudy();
    study.close();
    rmSync(join(study.folder, 'study.json'));
    const again = await createStudy(study.folder, { name: 'second' });
    expect(again.name).toBe('second');
    again.close();
  });

  test.each([
    ['no folder', () => join(temporaryFolder(), 'nowhere'), 'not-a-study'],
    ['an empty folder', () => temporaryFolder(), 'not-a-study'],
    ['a study.json of another program', () => folderWith('{"format": "other"}'), 'not-a-study'],
    ['a torn study.json', () => folderWith('{"format": "isochr'), 'study-damaged'],
    [
      'a study.json without a date',
      () => folderWith('{"format": "isochromat-study", "formatVersion": 1}'),
      'study-damaged',
    ],
    ['no catalogue', () => folderWith(description(1)), 'study-damaged'],
    ['a later format', () => folderWith(description(2)), 'study-newer'],
    [
      'a catalogue that is text',
      () => folderWith(description(1), 'not a database, but long enough to be read'),
      'study-damaged',
    ],
  ])('is refused for %s', async (_, make, code) => {
    await expect(openStudy(make())).rejects.toMatchObject({ name: 'IsochromatError', code });
  });

  test('can be read where nothing may be written, and says so when writing is tried', async () => {
    const study = await temporaryStudy();
    await addVolume(study, 'one');
    study.close();
    const reader = await openStudy(study.folder, { readOnly: true });
    expect(reader.volumes.count()).toBe(1);
    expect(() => reader.volumes.setSequence(reader.volumes.list()[0]!.id, 'AXT1')).toThrow(
      expect.objectContaining({ code: 'study-read-only' }),
    );
    expect(() => reader.volumes.stage()).toThrow(expect.objectContaining({ code: 'study-read-only' }));
    expect(await verifyStudy(reader)).toMatchObject({ ok: true, problems: [], files: 2 });
    reader.close();
  });

  test.runIf(process.getuid?.() === 0)('opens in a folder that this user may not write to', async () => {
    const study = await temporaryStudy();
    await addVolume(study, 'one');
    study.close();
    for (const path of ['..', '.', 'volumes', 'staging']) chmodSync(join(study.folder, path), 0o555);
    chmodSync(join(study.folder, 'study.db'), 0o444);
    const script = `
      const { openStudy } = await import(${JSON.stringify(join(import.meta.dirname, '../../main/study/index.ts'))});
      const folder = ${JSON.stringify(study.folder)};
      const reader = await openStudy(folder, { readOnly: true });
      const read = reader.volumes.count();
      reader.close();
      const code = await openStudy(folder).then(() => 'opened', (error) => error.code);
      console.log(JSON.stringify({ read, code }));`;
    const nobody = spawnSync(process.execPath, ['--input-type=module', '-e', script], { uid: 65534, gid: 65534 });
    expect(JSON.parse(nobody.stdout.toString() || nobody.stderr.toString())).toEqual({
      read: 1,
      code: 'study-read-only',
    });
  });
});

function description(formatVersion: number): string {
  return JSON.stringify({ format: 'isochromat-study', formatVersion, id: 'study-1', name: 'x', created: '2024' });
}

function folderWith(json: string, catalogue?: string): string {
  const folder = join(temporaryFolder(), 'study');
  mkdirSync(folder);
  writeFileSync(join(folder, 'study.json'), json);
  if (catalogue !== undefined) writeFileSync(join(folder, 'study.db'), catalogue);
  return folder;
}
