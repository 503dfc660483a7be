import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../study/temporary-study.ts';
import { buildDicom } from './build-dicom.ts';
import { isochromat } from './command-line.ts';

/** A disk of its own of some megabytes; undefined where this user may not mount one. */
function smallDisk(megabytes: number): string | undefined {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

function remount(folder: string, options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, folder]);
}

/** Complex series of four slices each: 4 MB a volume once it is stored. */
function scans(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (let series = 1; series <= count; series++) {
    for (let instance = 1; instance <= 4; instance++) {
      for (const component of ['M', 'P']) {
        const image = { series: String(series), instance, position: 5 * instance, component };
        writeFileSync(join(folder, `${series}-${instance}-${component}`), buildDicom(image));
      }
    }
  }
  return folder;
}

describe('a study', () => {
  test('on a disk that becomes full says so, keeps what it had, and goes on when there is room', async (context) => {
    const disk = smallDisk(16);
    if (disk === undefined) return context.skip('this user may not mount a disk');
    const folder = temporaryFolder();
    const places = { config: join(folder, 'config'), logs: join(folder, 'logs') };
    const study = join(disk, 'study');
    const source = scans(join(folder, 'scans'), 6);
    await isochromat(['study', 'create', study], places);
    const first = await isochromat(['import', study, source], places);
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/disk is full/i);
    expect(first.stderr).not.toContain('unforeseen');

    remount(disk, 'size=64m');
    const kept = await isochromat(['study', 'verify', study, '--json'], places);
    expect(JSON.parse(kept.stdout)).toMatchObject({ ok: true, problems: [] });
    expect((JSON.parse(kept.stdout) as { items: number }).items).toBeGreaterThan(0);
    const second = await isochromat(['import', study, source, '--json'], places);
    expect(second.code).toBe(0);
    const { imported, known } = JSON.parse(second.stdout) as { imported: unknown[]; known: unknown[] };
    expect(imported.length + known.length).toBe(6);
    expect(known.length).toBe((JSON.parse(kept.stdout) as { items: number }).items);
  }, 120_000);

  test('on a disk that cannot be written to says so, and can still be read', async (context) => {
    const disk = smallDisk(32);
    if (disk === undefined) return context.skip('this user may not mount a disk');
    const folder = temporaryFolder();
    const places = { config: join(folder, 'config'), logs: join(folder, 'logs') };
    const study = join(disk, 'study');
    const source = scans(join(folder, 'scans'), 1);
    await isochromat(['study', 'create', study], places);
    await isochromat(['import', study, source], places);
    remount(disk, 'ro');
    const refused = await isochromat(['import', study, source], places);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/cannot be written|read.only/i);
    const info = await isochromat(['study', 'verify', study, '--read-only', '--json'], places);
    expect(JSON.parse(info.stdout)).toMatchObject({ ok: true, items: 1 });
  }, 120_000);
});
