import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeFastMri } from '../../../main/formats/fastmri/index.ts';
import { writeNpy } from '../../../main/formats/npy.ts';
import { inspectPaths } from '../../../main/jobs/inspect.ts';
import { niftiBytes } from '../../formats/nifti/build.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';
import { buildDicom } from './build-dicom.ts';

/** Run-length coding of a constant byte (PS3.5 G.3). */
function runs(count: number, value: number): Buffer {
  const out = Buffer.alloc(2 * Math.ceil(count / 128));
  for (let i = 0; i < out.length; i += 2) out.writeUInt16LE(((value << 8) | 129) & 0xffff, i);
  return out;
}

/** One image of so many rows and columns in a file of a sixty-fourth of its size. */
function rleImage(side: number): Buffer {
  const high = runs(side * side, 0);
  const low = runs(side * side, 9);
  const head = Buffer.alloc(64);
  [2, 64, 64 + high.length].forEach((value, i) => head.writeUInt32LE(value, 4 * i));
  const frame = Buffer.concat([head, high, low]);
  const item = (tag: number, content: Buffer): Buffer => {
    const start = Buffer.from([0xfe, 0xff, tag, 0xe0, 0, 0, 0, 0]);
    start.writeUInt32LE(content.length, 4);
    return Buffer.concat([start, content]);
  };
  const pixels = Buffer.concat([item(0x00, Buffer.alloc(0)), item(0x00, frame), item(0xdd, Buffer.alloc(0))]);
  const syntax = '1.2.840.10008.1.2.5';
  const file = buildDicom({ series: '1', instance: 1, position: 0, rows: side, columns: side, syntax, pixels });
  // Of undefined length, as compressed pixels are.
  file.writeUInt32LE(0xffffffff, file.length - pixels.length - 4);
  return file;
}

/** Files that claim no more than they hold, and would take gigabytes all the same. */
async function absurdFiles(folder: string): Promise<void> {
  const data = Float32Array.from({ length: 2 * 4096 * 64 }, (_, i) => 1 + (i % 3));
  await writeNpy(join(folder, 'slices.npy'), { shape: [4096, 8, 8], dtype: 'complex64', data });
  const thin = niftiBytes({ datatype: 2, shape: [16, 16, 8192], values: new Uint8Array(16 * 16 * 8192).fill(7) });
  writeFileSync(join(folder, 'slices.nii.gz'), gzipSync(thin));
  const wide = niftiBytes({ datatype: 2, shape: [8192, 8192, 1], values: new Uint8Array(8192 * 8192).fill(7) });
  writeFileSync(join(folder, 'wide.nii.gz'), gzipSync(wide, { level: 1 }));
  writeFileSync(join(folder, 'wide.dcm'), rleImage(16_384));
  mkdirSync(join(folder, 'series'));
  for (let instance = 0; instance < 600; instance++) {
    const image = { series: '2', instance, position: instance, rows: 8, columns: 8 };
    writeFileSync(join(folder, 'series', String(instance)), buildDicom(image));
  }
  const content = { acquisition: 'AXT2', patientId: '', slices: 600, coils: 1, readout: 16, columns: 8 };
  const header = { encodedMatrix: { x: 16, y: 8, z: 1 }, reconMatrix: { x: 8, y: 8, z: 1 } };
  const slices = Array.from({ length: 600 }, () => ({ kspace: new Float32Array(2 * 16 * 8).fill(1) }));
  await writeFastMri(join(folder, 'slices.h5'), { ...content, header }, slices);
}

describe('volumes of absurd sizes that their files really hold', () => {
  test('are refused, each for its size, before an import takes memory for them', async () => {
    const folder = temporaryFolder();
    await absurdFiles(folder);
    const { volumes, refused } = await inspectPaths([folder]);
    expect(volumes).toEqual([]);
    const codes = Map.groupBy(refused, ({ path }) => path.slice(folder.length + 1).replace(/\/\d+$/, '/…'));
    expect(Object.fromEntries([...codes].map(([name, all]) => [name, `${all.length} ${all[0]!.code}`]))).toEqual({
      'series/…': '600 volume-too-large',
      'slices.h5': '1 volume-too-large',
      'slices.nii.gz': '1 volume-too-large',
      'slices.npy': '1 volume-too-large',
      'wide.dcm': '1 dicom-bad-size',
      'wide.nii.gz': '1 nifti-shape',
    });
    expect(refused.find(({ path }) => path.endsWith('slices.npy'))!.reason).toMatch(
      /at most 512 slices.*Found: 4096 slices of 8 × 8/,
    );
  }, 60_000);

  test('stay below a gigabyte together where they are as large as may be', async () => {
    const folder = temporaryFolder();
    const data = Float32Array.from({ length: 2 * 512 * 64 }, (_, i) => 1 + (i % 3));
    for (const name of ['most_AXT2.npy', 'more_AXT2.npy']) {
      data[0]! += 1;
      await writeNpy(join(folder, name), { shape: [512, 8, 8], dtype: 'complex64', data });
    }
    const wide = niftiBytes({ datatype: 2, shape: [4096, 2048, 1], values: new Uint8Array(1 << 23).fill(7) });
    writeFileSync(join(folder, 'wide_T2w.nii.gz'), gzipSync(wide, { level: 1 }));
    const script = `
      const { importVolumes } = await import(${JSON.stringify(join(import.meta.dirname, '../../../main/jobs/import.ts'))});
      const { createStudy } = await import(${JSON.stringify(join(import.meta.dirname, '../../../main/study/index.ts'))});
      const study = await createStudy(${JSON.stringify(join(folder, 'study'))}, { name: '', identityKey: Buffer.alloc(32, 7) });
      const { imported } = await importVolumes(study, [${JSON.stringify(folder)}], { sequence: 'AXT2', threads: 3 });
      console.log(JSON.stringify({ imported: imported.length, megabytes: process.resourceUsage().maxRSS / 1024 }));
      process.exit();`;
    const file = join(temporaryFolder(), 'import.mjs');
    writeFileSync(file, script);
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    const { imported, megabytes } = JSON.parse(printed) as { imported: number; megabytes: number };
    expect(imported).toBe(3);
    expect(megabytes).toBeLessThan(1024);
  }, 120_000);
});
