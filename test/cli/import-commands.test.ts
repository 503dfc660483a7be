import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readNpy } from '../../main/formats/npy.ts';
import { buildDicom } from '../jobs/intake/build-dicom.ts';
import { isochromat } from '../jobs/intake/command-line.ts';
import type { Ran } from '../jobs/intake/command-line.ts';
import { dataFile, describeWithData } from '../data.ts';
import { temporaryFolder } from '../study/temporary-study.ts';

const ENTRY = join(import.meta.dirname, '../../main/cli/index.ts');

interface Place {
  study: string;
  scans: string;
  folder: string;
  run: (...args: string[]) => Promise<Ran>;
}

/** A new study, and complex series of two slices each. */
async function place(series: number): Promise<Place> {
  const folder = temporaryFolder();
  const places = { config: join(folder, 'config'), logs: join(folder, 'logs') };
  const [study, scans] = [join(folder, 'study'), join(folder, 'scans')];
  mkdirSync(scans);
  for (let i = 1; i <= series; i++) {
    for (const instance of [1, 2]) {
      for (const component of ['M', 'P']) {
        const image = { series: String(i), instance, position: 5 * instance, component };
        writeFileSync(join(scans, `${i}-${instance}-${component}`), buildDicom(image));
      }
    }
  }
  const run = (...args: string[]): Promise<Ran> => isochromat(args, places);
  expect((await run('study', 'create', study)).code).toBe(0);
  return { study, scans, folder, run };
}

describeWithData('an import of k-space with damaged slices', () => {
  test('takes the others, and says which it could not use and why', async () => {
    const { study, run } = await place(0);
    const paths = ['bad_nan_kspace.h5', 'ok_plain.h5'].map((name) => dataFile('hdf5_variants', name));
    const json = await run('import', study, ...paths, '--json');
    const { imported } = JSON.parse(json.stdout) as { imported: { path: string; slicesNotUsed: unknown[] }[] };
    expect(imported.map(({ path, slicesNotUsed }) => [path, slicesNotUsed])).toEqual([
      [
        paths[0],
        [{ slice: 0, code: 'fastmri-slice-not-finite', reason: expect.stringMatching(/not (a )?(number|finite)/i) }],
      ],
      [paths[1], []],
    ]);
    const zeros = await run('import', study, dataFile('hdf5_variants', 'bad_all_zero_slice.h5'));
    expect(zeros.code).toBe(0);
    expect(zeros.stdout).toMatch(
      /bad_all_zero_slice\.h5: not used of 2 slices, which are numbered from 0:\nslice \d: .+/,
    );
  }, 60_000);
});

describe('an import', () => {
  test('that is stopped with Ctrl-C says so, keeps what it had, and goes on where it was', async () => {
    const { study, scans, folder, run } = await place(12);
    const child = spawn(process.execPath, [ENTRY, 'import', study, scans, '--threads', '1'], {
      env: {
        ...process.env,
        ISOCHROMAT_CONFIG_DIR: join(folder, 'config'),
        ISOCHROMAT_LOG_DIR: join(folder, 'logs'),
      },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<number | null>((done) => child.once('close', done));
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      const before = said;
      said += chunk.toString();
      if (!/Importing/.test(before) && /Importing/.test(said)) child.kill('SIGINT');
    });
    expect(await ended).toBe(130);
    expect(said).toMatch(/keeping what is done/);
    expect(said).toMatch(/The import was cancelled; \d+ volumes were imported, and are kept. Start it again to go on/);
    const { code, stdout } = await run('import', study, scans, '--json');
    expect(code).toBe(0);
    const { imported, known, failed } = JSON.parse(stdout) as Record<string, unknown[]>;
    expect([imported!.length + known!.length, failed!.length]).toEqual([12, 0]);
    expect(JSON.parse((await run('study', 'verify', study, '--json')).stdout)).toMatchObject({ ok: true, items: 12 });
  }, 300_000);
});

describe('a study', () => {
  test('lists its volumes, and gives them out with their provenance and without identities', async () => {
    const { study, scans, folder, run } = await place(2);
    await run('import', study, scans);
    const listed = JSON.parse((await run('study', 'volumes', study, '--json')).stdout) as { id: string }[];
    expect(listed).toMatchObject([{ sequence: 'AXT1', hasPhase: true }, { sequence: 'AXT1' }]);
    expect((await run('study', 'volumes', study)).stdout).toContain(listed[0]!.id);

    const out = join(folder, 'out');
    expect((await run('study', 'export', study, out)).stdout).toMatch(/^2 items, 4 files/);
    const copy = join(out, listed[0]!.id);
    const { shape, dtype } = await readNpy(join(copy, 'image.npy'));
    expect([...shape, dtype]).toEqual([2, 320, 320, 'complex64']);
    const provenance = readFileSync(join(copy, 'provenance.json'), 'utf8');
    expect(provenance).toContain('sha256');
    expect(provenance).not.toMatch(/Muster|0815|1\.2\.826/);

    const again = await run('study', 'export', study, out, '--item', listed[0]!.id);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/nothing is overwritten/);
    expect(existsSync(`${copy}.partial`)).toBe(false);
  }, 300_000);
});
