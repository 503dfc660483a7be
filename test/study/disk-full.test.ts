import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStudy, openStudy, verifyStudy } from '../../main/study/index.ts';
import { addVolume, closeQuietly, IDENTITY_KEY, temporaryFolder } from './temporary-study.ts';

/** A file system of two megabytes; undefined where this user may not make one. */
function smallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = temporaryFolder();
  if (spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status !== 0) return undefined;
  onTestFinished(() => void spawnSync('/usr/bin/umount', ['-l', folder]));
  return folder;
}

/** Writes until not one more byte fits. */
function fill(file: string): void {
  for (const bytes of [4096, 1]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(bytes));
    } catch {
      // Full.
    }
  }
}

describe('a study on a disk that runs full', () => {
  test('says so, keeps every volume that was stored, and goes on when there is room again', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('needs the right to mount a small disk');
    const study = await createStudy(join(disk, 'study'), { name: 'small', identityKey: IDENTITY_KEY });
    onTestFinished(() => closeQuietly(study));
    const size = { rows: 40, columns: 40 };
    let stored = 0;
    let error: { code?: string } = {};
    while (error.code === undefined && stored < 1000) {
      await addVolume(study, `volume ${stored}`, size).then(
        () => stored++,
        (thrown: { code?: string }) => (error = thrown),
      );
    }
    expect(['disk-full', 'write-failed']).toContain(error.code);
    expect(stored).toBeGreaterThan(0);
    study.close();

    // Full to the last byte, it can still be read.
    fill(join(disk, 'ballast'));
    const reader = await openStudy(study.folder, { readOnly: true });
    expect(reader.volumes.count()).toBe(stored);
    reader.close();

    writeFileSync(join(disk, 'ballast'), '');
    const again = await openStudy(study.folder, { identityKey: IDENTITY_KEY });
    onTestFinished(() => closeQuietly(again));
    expect((await verifyStudy(again)).problems).toEqual([]);
    await addVolume(again, `volume ${stored}`, { rows: 8, columns: 8 });
    expect(again.volumes.count()).toBe(stored + 1);
    expect((await verifyStudy(again)).problems).toEqual([]);
  });
});
