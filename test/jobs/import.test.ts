import { cpSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { importVolumes } from '../../main/jobs/import.ts';
import { readNpyAs } from '../../main/formats/npy.ts';
import { sliceOf } from '../../main/domain/complex.ts';
import { combineCoils } from '../../main/recon/combine.ts';
import { resizeInKspace } from '../../main/recon/index.ts';
import { readImage, readMask, verifyStudy } from '../../main/study/index.ts';
import { dataFile, describeWithData } from '../data.ts';
import { temporaryFolder, temporaryStudy } from '../study/temporary-study.ts';

const one = dataFile('fastmri_layout', 'file_brain_AXT1_900_9000001.h5');
const two = dataFile('fastmri_layout', 'file_brain_AXT1_900_9000002.h5');
const three = dataFile('fastmri_layout', 'file_brain_AXT1_900_9000003.h5');

describeWithData('importing fastMRI files', () => {
  test('reconstructs every file of a folder, stores what is known of it, and knows it again', async () => {
    const study = await temporaryStudy();
    const folder = dataFile('fastmri_layout');
    const report = await importVolumes(study, [folder], { purpose: 'training', site: 'A' });
    // BART's results beside them are complex arrays that name no sequence.
    expect(report.failed.every(({ path, error }) => path.endsWith('.npy') && error.code === 'sequence-unknown')).toBe(
      true,
    );
    expect(report.imported.map(({ path }) => basename(path))).toEqual([one, two, three].map((path) => basename(path)));
    expect(report.otherFiles).toBeGreaterThan(0);
    const [first, second, third] = report.imported.map(({ volume }) => volume);
    expect(first).toMatchObject({
      name: 'file_brain_AXT1_900_9000001',
      sequence: 'AXT1',
      sequenceSource: 'header',
      tissueClass: 'unlabeled',
      site: 'A',
      slices: 1,
      rows: 320,
      columns: 320,
      coils: 8,
      originalRows: 230,
      originalColumns: 180,
      hasPhase: true,
    });
    expect([second!.slices, third!.slices]).toEqual([2, 1]);
    expect(third!.info).toMatchObject({ reconstruction: { undersampled: true } });

    const image = await readImage(study, first!.id);
    let largest = 0;
    for (let i = 0; i < image.data.length; i += 2)
      largest = Math.max(largest, Math.hypot(image.data[i]!, image.data[i + 1]!));
    expect(largest).toBeCloseTo(1, 5);
    const brain = (await readMask(study, first!.id)).reduce((a, b) => a + b, 0) / (320 * 320);
    expect(brain > 0.2 && brain < 0.8).toBe(true);
    const provenance = study.provenance(first!.id);
    expect(provenance.inputs).toEqual([{ id: 'source', sha256: first!.sourceSha256 }]);
    expect(provenance.configuration).toMatchObject({ job: 'import', format: 'fastmri' });

    // Which of them a thread was done with first plays no part in their order.
    expect(new Set(report.imported.map(({ volume }) => volume.created)).size).toBe(1);
    expect(study.volumes.list().map(({ id }) => id)).toEqual([first!.id, second!.id, third!.id]);

    const again = await importVolumes(study, [folder, one]);
    expect(again.imported).toEqual([]);
    expect(again.known.map(({ volume }) => volume.id)).toEqual(report.imported.map(({ volume }) => volume.id));
    expect(await verifyStudy(study)).toMatchObject({ ok: true, items: 3 });
  });

  test('keeps the coils of the middle slice unless told otherwise, and they combine to the stored image', async () => {
    const study = await temporaryStudy();
    const { imported } = await importVolumes(study, [two], { threads: 1 });
    const { id, info } = imported[0]!.volume;
    expect(info).toMatchObject({ coilSlices: [1] });
    expect(study.provenance(id).configuration).toMatchObject({ coilSlices: 'middle' });
    const arrays = await Promise.all(
      ['coils.npy', 'sensitivities.npy'].map((name) => readNpyAs(join(study.folder, 'volumes', id, name), 'complex64')),
    );
    const [coils, maps] = arrays as [(typeof arrays)[0], (typeof arrays)[0]];
    expect([coils.shape, maps.shape]).toEqual([
      [1, 8, 320, 320],
      [1, 8, 320, 320],
    ]);
    const combined = combineCoils({ shape: [8, 320, 320], data: coils.data }, maps).data;
    const stored = sliceOf(await readImage(study, id), 1).data;
    const mask = (await readMask(study, id)).subarray(320 * 320);
    let [error, energy] = [0, 0];
    for (let i = 0; i < stored.length; i++) {
      if (mask[Math.floor(i / 2)] === 0) continue;
      error += (combined[i]! - stored[i]!) ** 2;
      energy += stored[i]! ** 2;
    }
    expect(Math.sqrt(error / energy)).toBeLessThan(0.01);
    expect(await verifyStudy(study)).toMatchObject({ ok: true, files: 4 });

    study.remove(id);
    const again = await importVolumes(study, [two], { threads: 1, coilSlices: 'none' });
    expect(again.imported[0]!.volume.info).toMatchObject({ coilSlices: [] });
    expect(study.items.files(again.imported[0]!.volume.id)).toHaveLength(2);
    study.remove(again.imported[0]!.volume.id);
    const all = await importVolumes(study, [two], { threads: 1, coilSlices: 'all' });
    expect(all.imported[0]!.volume.info).toMatchObject({ coilSlices: [0, 1] });
    const file = join(study.folder, 'volumes', all.imported[0]!.volume.id, 'coils.npy');
    truncateSync(file, statSync(file).size - 8);
    const { problems } = await verifyStudy(study);
    expect(problems).toMatchObject([{ code: 'file-changed', item: all.imported[0]!.volume.id }]);
  }, 300_000);

  test('the stored image is BART’s, magnitude and phase, up to one phase for the volume', async () => {
    const study = await temporaryStudy();
    const { imported } = await importVolumes(study, [one], { threads: 1 });
    const image = await readImage(study, imported[0]!.volume.id);
    const reference = await readNpyAs(
      dataFile('fastmri_layout', 'reference_9000001', 'combined_m1_cropped_230x180.npy'),
      'complex64',
    );
    const [rows = 0, columns = 0] = reference.shape.slice(-2);
    const resized = resizeInKspace({ rows, columns, data: reference.data }, 320, 320);
    // |Σ conj(a)·b| / (‖a‖·‖b‖): 1 for images equal up to one complex factor.
    let [re, im, a2, b2] = [0, 0, 0, 0];
    for (let i = 0; i < image.data.length; i += 2) {
      const [ar, ai, br, bi] = [image.data[i]!, image.data[i + 1]!, resized.data[i]!, resized.data[i + 1]!];
      re += ar * br + ai * bi;
      im += ar * bi - ai * br;
      a2 += ar * ar + ai * ai;
      b2 += br * br + bi * bi;
    }
    expect(Math.hypot(re, im) / Math.sqrt(a2 * b2)).toBeGreaterThan(0.99);
  });

  test('a bad file is reported with its reason, and the others are imported', async () => {
    const study = await temporaryStudy();
    const bad = dataFile('hdf5_variants', 'bad_no_kspace.h5');
    const missing = join(temporaryFolder(), 'missing.h5');
    const report = await importVolumes(study, [bad, missing, three]);
    expect(report.imported.map(({ path }) => path)).toEqual([three]);
    expect(report.failed).toEqual([]);
    expect(report.refused.map(({ path, code }) => [path, code]).sort()).toEqual(
      [
        [bad, 'fastmri-no-kspace'],
        [missing, 'file-not-found'],
      ].sort(),
    );
    expect(await verifyStudy(study)).toMatchObject({ ok: true, items: 1 });
  });

  test('keeps no file name that could hold a name, and still finds the volume by it', async () => {
    const study = await temporaryStudy();
    const folder = temporaryFolder();
    cpSync(three, join(folder, 'Mueller^Anna.h5'));
    const { imported } = await importVolumes(study, [folder], { sequence: 'AXT1PRE' });
    expect(imported[0]!.volume).toMatchObject({ sequence: 'AXT1PRE', sequenceSource: 'user' });
    expect(study.volumes.findByKey(study.hideIdentity('file', 'Mueller^Anna'))).toHaveLength(1);
    study.close();
    for (const name of ['study.db', 'study.json']) {
      expect(readFileSync(join(study.folder, name)).includes('Mueller')).toBe(false);
    }
  });

  test('does not follow links out of a folder, and says when there is nothing', async () => {
    const study = await temporaryStudy();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'inner'));
    symlinkSync(three, join(folder, 'inner', 'link.h5'));
    writeFileSync(join(folder, 'notes.txt'), 'x');
    await expect(importVolumes(study, [folder])).rejects.toMatchObject({ code: 'nothing-to-import' });
  });

  test('can be stopped and keeps what it had', async () => {
    const study = await temporaryStudy();
    const stop = new AbortController();
    const work = importVolumes(
      study,
      [one, two, three],
      { threads: 1 },
      {
        signal: stop.signal,
        onProgress: ({ stage, done }) => stage === 'Importing' && done === 1 && stop.abort(),
      },
    );
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(study.volumes.count()).toBe(1);
    const rest = await importVolumes(study, [one, two, three]);
    expect([rest.known.length, rest.imported.length]).toEqual([1, 2]);
    expect(await verifyStudy(study)).toMatchObject({ ok: true, items: 3 });
  });
});
