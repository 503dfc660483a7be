import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { importVolumes } from '../../../main/jobs/import.ts';
import { inspectPaths } from '../../../main/jobs/inspect.ts';
import { verifyStudy } from '../../../main/study/index.ts';
import { temporaryFolder, temporaryStudy } from '../../study/temporary-study.ts';
import { buildDicom, withMeta } from './build-dicom.ts';

/** A folder with one sound series of three slices. */
function soundSeries(folder: string, series = '1'): void {
  mkdirSync(folder, { recursive: true });
  for (const instance of [1, 2, 3]) {
    writeFileSync(join(folder, `${series}-${instance}`), buildDicom({ series, instance, position: 5 * instance }));
  }
}

describe('files that are not meant well', () => {
  test('are refused, each with its cause, in bounded memory, and the sound ones are read', async () => {
    const folder = temporaryFolder();
    soundSeries(folder);
    const hostile: Record<string, Buffer> = {
      // 64 MB of zeros in 64 KB.
      'bomb.dcm': withMeta(deflateRawSync(Buffer.alloc(64 << 20)), '1.2.840.10008.1.2.1.99'),
      'frames.dcm': buildDicom({ series: '2', instance: 1, position: 0, frames: 999_999 }),
      'no-number.dcm': buildDicom({ series: '3', instance: 1, position: 0, frames: 'many' }),
      'huge.dcm': buildDicom({
        series: '4',
        instance: 1,
        position: 0,
        rows: 65535,
        columns: 65535,
        pixels: Buffer.alloc(8),
      }),
      'nothing.dcm': buildDicom({
        series: '5',
        instance: 1,
        position: 0,
        rows: 0,
        columns: 0,
        pixels: Buffer.alloc(0),
      }),
      'rle.dcm': buildDicom({
        series: '6',
        instance: 1,
        position: 0,
        frames: 900_000,
        syntax: '1.2.840.10008.1.2.5',
        pixels: Buffer.alloc(64),
      }),
      'endless.h5': Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), Buffer.alloc(4096, 0xff)]),
      'bomb.nii.gz': Buffer.from('1f8b0800000000000003', 'hex'),
      'bomb.npy': npyClaiming([100_000, 100_000, 100_000]),
    };
    for (const [name, bytes] of Object.entries(hostile)) writeFileSync(join(folder, name), bytes);
    const before = process.memoryUsage().rss;
    const { volumes, refused } = await inspectPaths([folder]);
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 2 ** 20);
    expect(volumes).toMatchObject([{ format: 'dicom', slices: 3 }]);
    expect(Object.fromEntries(refused.map(({ path, code }) => [basename(path), code]))).toEqual({
      'bomb.dcm': 'dicom-inflated-too-large',
      'frames.dcm': 'dicom-truncated',
      'no-number.dcm': 'dicom-bad-size',
      'huge.dcm': 'dicom-bad-size',
      'nothing.dcm': 'dicom-bad-size',
      'rle.dcm': 'dicom-truncated',
      'endless.h5': expect.stringMatching(/^hdf5-/),
      'bomb.nii.gz': 'format-unknown',
      'bomb.npy': 'npy-truncated',
    });
  });

  test('at which a library would never come to an end are refused for what is wrong in them, and the others are read', async () => {
    const folder = temporaryFolder();
    soundSeries(folder);
    // Found by the fuzzer: the HDF5 library loops for ever over these readouts, whose heap has free space of no bytes.
    copyFileSync(join(import.meta.dirname, 'endless-readouts.h5'), join(folder, 'endless.h5'));
    const { volumes, refused } = await inspectPaths([folder]);
    expect(volumes).toHaveLength(1);
    expect(refused).toMatchObject([{ code: 'hdf5-damaged' }]);
    expect(refused[0]!.reason).toContain(
      'the global heap at byte 14284: its free space at byte 17564 is said to be empty',
    );
  });

  test('that claim gigabytes inside of HDF5 are refused without them', () => {
    // Found by the fuzzer: a list of readouts whose lengths are nonsense.
    const script = `
      const { openIsmrmrd } = await import(${JSON.stringify(join(import.meta.dirname, '../../../main/formats/ismrmrd/index.ts'))});
      const code = await openIsmrmrd(${JSON.stringify(join(import.meta.dirname, 'claims-gigabytes.h5'))}).then(() => 'read', (error) => error.code);
      console.log(JSON.stringify({ code, megabytes: process.resourceUsage().maxRSS / 1024 }));
      process.exit();`;
    const file = join(temporaryFolder(), 'open.mjs');
    writeFileSync(file, script);
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    const { code, megabytes } = JSON.parse(printed) as { code: string; megabytes: number };
    expect(code).toBe('hdf5-damaged');
    expect(megabytes).toBeLessThan(800);
  });

  test('are not reached through links, nor pipes opened', async () => {
    const folder = temporaryFolder();
    const outside = temporaryFolder();
    soundSeries(outside);
    symlinkSync(outside, join(folder, 'folder'));
    symlinkSync(join(outside, '1-1'), join(folder, 'file.dcm'));
    symlinkSync(folder, join(folder, 'itself'));
    execFileSync('mkfifo', [join(folder, 'pipe.dcm')]);
    const { volumes, refused } = await inspectPaths([folder, join(folder, 'nowhere')]);
    expect(volumes).toEqual([]);
    expect(refused.map(({ path, code }) => `${basename(path)} ${code}`)).toEqual([
      'file.dcm link-not-followed',
      'folder link-not-followed',
      'itself link-not-followed',
      'nowhere file-not-found',
      'pipe.dcm not-a-file',
    ]);
  });
});

describe('a folder that changes while it is imported', () => {
  test('loses nothing: what vanished is reported, the rest is there', async () => {
    const folder = temporaryFolder();
    for (const series of ['1', '2', '3']) soundSeries(join(folder, series), series);
    const study = await temporaryStudy();
    const onProgress = ({ stage, done }: { stage: string; done: number }): void => {
      if (stage === 'Importing' && done === 0) rmSync(join(folder, '2', '2-2'));
      if (stage === 'Importing' && done === 0) writeFileSync(join(folder, '3', '3-1'), 'something else');
    };
    const { imported, failed } = await importVolumes(study, [folder], { threads: 1 }, { onProgress });
    expect(imported.map(({ path }) => basename(path))).toEqual(['1']);
    expect(failed.map(({ error }) => error.code)).toEqual(['file-not-found', 'file-changed']);
    expect((await verifyStudy(study)).ok).toBe(true);
  });
});

describe('a very large folder', () => {
  /** The full 100,000: ISOCHROMAT_MANY_FILES=100000 */
  const FILES = Number(process.env['ISOCHROMAT_MANY_FILES'] ?? 10_000);

  test(
    `of ${FILES} small files is gone through in bounded memory, and the scans among them found`,
    async () => {
      const folder = temporaryFolder();
      for (let i = 0; i < FILES; i++) {
        if (i % 1000 === 0) mkdirSync(join(folder, String(i)));
        writeFileSync(join(folder, String(i - (i % 1000)), `note-${i}.txt`), `note ${i}`);
      }
      soundSeries(join(folder, 'deep', 'below'));
      const before = process.memoryUsage().rss;
      const { volumes, refused, otherFiles } = await inspectPaths([folder]);
      expect([volumes.length, refused.length, otherFiles]).toEqual([1, 0, FILES]);
      expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
      rmSync(folder, { recursive: true });
    },
    60_000 + 5 * FILES,
  );
});

function npyClaiming(shape: number[]): Buffer {
  const text = `{'descr': '<c8', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117) + '\n';
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(text), Buffer.alloc(64)]);
}
