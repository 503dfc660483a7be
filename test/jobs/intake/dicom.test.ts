import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sliceOf } from '../../../main/domain/complex.ts';
import type { ComplexImage } from '../../../main/domain/complex.ts';
import { readNpyAs, writeNpy } from '../../../main/formats/npy.ts';
import { importVolumes } from '../../../main/jobs/import.ts';
import { inspectPaths } from '../../../main/jobs/inspect.ts';
import { makePatches } from '../../../main/jobs/patches.ts';
import { volumePatches } from '../../../main/jobs/volume-patches.ts';
import { resizeInKspace } from '../../../main/recon/index.ts';
import { readImage, verifyStudy } from '../../../main/study/index.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder, temporaryStudy } from '../../study/temporary-study.ts';

/** Largest |a·s − b| relative to the largest |b|, with the complex factor s that fits best. */
function largestError(a: Float32Array, b: Float32Array): number {
  let [re, im, power, top, worst] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 2) {
    re += a[i]! * b[i]! + a[i + 1]! * b[i + 1]!;
    im += a[i]! * b[i + 1]! - a[i + 1]! * b[i]!;
    power += a[i]! ** 2 + a[i + 1]! ** 2;
    top = Math.max(top, Math.hypot(b[i]!, b[i + 1]!));
  }
  for (let i = 0; i < a.length; i += 2) {
    const x = (a[i]! * re - a[i + 1]! * im) / power;
    const y = (a[i]! * im + a[i + 1]! * re) / power;
    worst = Math.max(worst, Math.hypot(x - b[i]!, y - b[i + 1]!));
  }
  return worst / top;
}

async function truth(): Promise<ComplexImage[]> {
  const { shape, data } = await readNpyAs(dataFile('dicom_derived_complex', 'truth_complex64.npy'), 'complex64');
  const [slices = 0, rows = 0, columns = 0] = shape;
  return Array.from({ length: slices }, (_, i) => sliceOf({ slices, rows, columns, data }, i));
}

describeWithData('complex DICOM series in a study', () => {
  test('are what they were written from, resampled like k-space, whoever made them', async () => {
    const study = await temporaryStudy();
    const { imported, failed, refused } = await importVolumes(study, [dataFile('dicom_derived_complex')], {
      sequence: 'AXT1',
    });
    expect(failed).toEqual([]);
    expect(refused).toEqual([]);
    expect(imported).toHaveLength(7);
    const slices = (await truth()).map((slice) => resizeInKspace(slice, 320, 320));
    for (const { volume } of imported) {
      expect(volume).toMatchObject({ hasPhase: true, slices: 2, rows: 320, columns: 320, originalRows: 230 });
      const image = await readImage(study, volume.id);
      slices.forEach((slice, i) => {
        // Quantised to 12 bits and more; resampling spreads the error of one pixel over its neighbours.
        expect(largestError(sliceOf(image, i).data, slice.data), volume.sourceFormat).toBeLessThan(2e-3);
      });
    }
    expect((await verifyStudy(study)).ok).toBe(true);
  });

  test('are known again whatever their files are called and in whatever order they lie', async () => {
    const study = await temporaryStudy();
    const source = dataFile('dicom_derived_complex', 'ge_mag_phase_real_imag');
    const first = await importVolumes(study, [source], { sequence: 'AXT1' });
    const folder = temporaryFolder();
    readdirSync(source).forEach((name, i, all) => {
      mkdirSync(join(folder, `deep${i % 3}`), { recursive: true });
      cpSync(join(source, name), join(folder, `deep${i % 3}`, `${all.length - i}`));
    });
    const again = await importVolumes(study, [folder, folder], { sequence: 'AXT1' });
    expect(again.imported).toEqual([]);
    expect(again.known.map(({ volume }) => volume.id)).toEqual(first.imported.map(({ volume }) => volume.id));
  });

  test('keep where they lie in the patient, and what they are', async () => {
    const study = await temporaryStudy();
    const { imported } = await importVolumes(study, [dataFile('dicom', 'siemens_ve11_mgre_mag_phase_unsorted')], {
      sequence: 'AXT1',
    });
    expect(imported.map(({ volume }) => volume.name.replace(/^AXT1 [0-9a-f]{8} /, '')).sort()).toEqual([
      'TE 2.5 ms',
      'TE 5.5 ms',
      'TE 8.5 ms',
    ]);
    const info = imported[0]!.volume.info as Record<string, unknown>;
    expect(info).toMatchObject({
      vendor: 'Siemens',
      fieldStrength: 3,
      components: ['magnitude', 'phase'],
      pairing: 'magnitude + phase',
      originalPixelSpacing: [2.1875, 2.1875],
      pixelSpacing: [expect.closeTo((2.1875 * 76) / 320, 9), expect.closeTo((2.1875 * 128) / 320, 9)],
      geometry: { plane: 'axial', patientPosition: 'HFS', sliceSpacing: expect.closeTo(3, 3) },
    });
    expect(imported[0]!.volume.scanner).toMatch(/^Siemens Prisma/);
  });

  test('that name no sequence of ours are not taken until it is named', async () => {
    const study = await temporaryStudy();
    const report = await importVolumes(study, [dataFile('dicom', 'canon_classic_dti')]);
    expect(report.imported).toEqual([]);
    expect(report.failed).toMatchObject([{ error: { code: 'sequence-unknown' } }]);
    expect(report.failed[0]!.error.message).toContain('diffusion');
  });
});

describeWithData('magnitude-only series', () => {
  test('can be viewed, and are kept out of all that needs phase, saying so', async () => {
    const study = await temporaryStudy();
    const { imported } = await importVolumes(study, [dataFile('dicom', 'philips_mprage_sagittal')], {
      sequence: 'AXT1',
    });
    const volume = imported[0]!.volume;
    expect(volume).toMatchObject({ hasPhase: false, slices: 10 });
    const { data } = await readImage(study, volume.id);
    let [lowest, imaginary] = [Infinity, 0];
    for (let i = 0; i < data.length; i += 2) {
      lowest = Math.min(lowest, data[i]!);
      imaginary = Math.max(imaginary, Math.abs(data[i + 1]!));
    }
    expect([lowest, imaginary]).toEqual([0, 0]);
    await expect(makePatches(study, { seed: 1 })).rejects.toMatchObject({ code: 'no-volumes' });
    await expect(volumePatches(study, volume, 96)).rejects.toMatchObject({ code: 'magnitude-only' });
  });
});

describe('complex arrays', () => {
  test('are imported as they are, and k-space is not taken for images', async () => {
    const folder = temporaryFolder();
    const [rows, columns] = [64, 48];
    const image = new Float32Array(2 * 2 * rows * columns);
    const kspace = new Float32Array(2 * rows * columns);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const inside = Math.hypot(y - 32, x - 24) < 20 ? 1 : 0.01;
        const at = 2 * (y * columns + x);
        image[at] = image[at + 2 * rows * columns] = inside * Math.cos(x / 9);
        image[at + 1] = image[at + 1 + 2 * rows * columns] = inside * Math.sin(x / 9);
        kspace[at] = Math.exp(-Math.hypot(y - 32, x - 24));
      }
    }
    await writeNpy(join(folder, 'scan_AXT2.npy'), { shape: [2, rows, columns], dtype: 'complex64', data: image });
    await writeNpy(join(folder, 'kspace.npy'), { shape: [rows, columns], dtype: 'complex64', data: kspace });
    const { volumes, refused } = await inspectPaths([folder]);
    expect(volumes).toMatchObject([{ format: 'npy', sequence: 'AXT2', slices: 2, rows, columns }]);
    expect(refused).toMatchObject([{ code: 'npy-is-kspace' }]);
    const study = await temporaryStudy();
    const { imported } = await importVolumes(study, [folder]);
    expect(imported).toMatchObject([{ volume: { sequence: 'AXT2', hasPhase: true, sequenceSource: 'name' } }]);
  });
});

describeWithData('a folder of anything', () => {
  test('is described in full: volumes with their files, and every refusal with its reason', async () => {
    const { volumes, refused, otherFiles } = await inspectPaths([dataFile('dicom')]);
    const summary = volumes.map(
      ({ format, components, slices, rows, columns, files }) =>
        `${format} ${components.join('+')} ${slices}×${rows}×${columns} ${files.length}`,
    );
    expect(summary.filter((line) => line.includes('phase'))).toEqual([
      'dicom magnitude+phase 53×80×80 106',
      'dicom magnitude+phase 53×80×80 106',
      'dicom magnitude+phase 53×80×80 1',
      'dicom magnitude+phase 53×80×80 1',
      'dicom magnitude+phase 10×76×128 20',
      'dicom magnitude+phase 10×76×128 20',
      'dicom magnitude+phase 10×76×128 20',
    ]);
    expect(volumes).toHaveLength(24);
    expect(otherFiles).toBe(1);
    const counts = Map.groupBy(refused, ({ code }) => code);
    expect(Object.fromEntries([...counts].map(([code, all]) => [code, all.length]))).toEqual({
      'dicom-field-map': 16,
      'dicom-mosaic': 3,
      'dicom-no-partner': 1,
      'dicom-phase-difference': 13,
    });
  });

  test('is told apart by content: endings mean nothing, other things are left alone', async () => {
    const folder = temporaryFolder();
    cpSync(dataFile('dicom', 'canon_classic_dti'), join(folder, 'a'), { recursive: true });
    for (const name of readdirSync(join(folder, 'a'))) {
      cpSync(join(folder, 'a', name), join(folder, 'a', name.replace('.dcm', '.txt')));
      rmSync(join(folder, 'a', name));
    }
    cpSync(dataFile('hdf5_variants', 'ok_plain.h5'), join(folder, 'kspace.jpg'));
    writeFileSync(join(folder, 'readme.txt'), 'nothing');
    writeFileSync(join(folder, 'fake.dcm'), 'not DICOM');
    writeFileSync(join(folder, 'empty.h5'), '');
    const { volumes, refused, otherFiles } = await inspectPaths([folder]);
    expect(volumes.map(({ format, slices }) => `${format} ${slices}`)).toEqual(['dicom 6', 'fastmri 2']);
    expect(refused.map(({ path, code }) => `${basename(path)} ${code}`)).toEqual([
      'empty.h5 file-empty',
      'fake.dcm format-unknown',
    ]);
    expect(otherFiles).toBe(1);
  });

  test('that is broken is read, or refused with a sentence that names the cause', async () => {
    const { volumes, refused } = await inspectPaths([dataFile('dicom_malformed'), dataFile('dicom_not_image')]);
    const verdicts = new Map<string, string>();
    for (const { files, slices } of volumes) for (const path of files) verdicts.set(path, `read: ${slices} slices`);
    for (const { path, reason } of refused) verdicts.set(path, reason);
    const all = ['dicom_malformed', 'dicom_not_image'].flatMap((folder) =>
      readdirSync(dataFile(folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    expect(verdicts.size).toBe(all.length);
    const table = all.map((path) => [path.slice(dataFile().length + 1), verdicts.get(path)]).sort();
    expect(Object.fromEntries(table)).toMatchSnapshot();
    for (const reason of verdicts.values()) expect(reason).not.toMatch(/undefined|unforeseen|parse\w+:/);
  });

  test('is refused where it is a study, and study folders are left alone', async () => {
    const study = await temporaryStudy();
    const { volumes, refused } = await inspectPaths([study.folder]);
    expect(volumes).toEqual([]);
    expect(refused).toMatchObject([{ code: 'is-a-study' }]);
    expect(readFileSync(join(study.folder, 'study.json'), 'utf8')).toContain('isochromat');
  });
});
