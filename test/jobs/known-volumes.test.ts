import { appendFileSync, copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importVolumes } from '../../main/jobs/import.ts';
import { findVolumes } from '../../main/jobs/intake/find.ts';
import { knownVolumes } from '../../main/jobs/known-volumes.ts';
import { dataFile, describeWithData } from '../data.ts';
import { filesFrom } from '../e2e/studies.ts';
import { temporaryFolder, temporaryStudy } from '../study/temporary-study.ts';

describeWithData('what is in the study already', () => {
  it('is recognised by its content, under whatever name, each volume of a file for itself', async () => {
    const study = await temporaryStudy();
    const enhanced = dataFile('dicom', 'philips_enhanced_fieldmap_mag_phase');
    const { volumes: before } = await findVolumes([enhanced]);
    const choices = [{ files: before[0]!.files, index: 0, sequence: 'AXT2' as const }];
    const { imported } = await importVolumes(study, [enhanced], { choices });
    const home = temporaryFolder();
    const [, name] = /([^/\\]+)$/.exec(before[0]!.files[0]!)!;
    copyFileSync(join(filesFrom(home, 'dicom', 'philips_enhanced_fieldmap_mag_phase'), name!), join(home, 'renamed'));
    rmSync(join(home, 'philips_enhanced_fieldmap_mag_phase'), { recursive: true });
    const { volumes: found } = await findVolumes([home]);
    const known = await knownVolumes(study, found);
    expect(known.map(({ found: { index }, volume }) => [index, volume.id])).toEqual([[0, imported[0]!.volume.id]]);
  });

  it('is recognised of many files, and not any more when one of them changed or the volume was removed', async () => {
    const study = await temporaryStudy();
    const folder = filesFrom(temporaryFolder(), 'dicom', 'siemens_ve11_mgre_mag_phase_unsorted');
    await importVolumes(study, [folder], { sequence: 'AXT2' });
    const { volumes: found } = await findVolumes([folder]);
    const told: number[] = [];
    const known = await knownVolumes(study, found, { onProgress: ({ done }) => told.push(done) });
    expect(known).toHaveLength(3);
    expect(told.at(-1)).toBe(3);
    study.remove(known[2]!.volume.id);
    expect(await knownVolumes(study, found)).toHaveLength(2);
    appendFileSync(known[0]!.found.files[0]!, 'x');
    const { volumes: changed } = await findVolumes([folder]);
    expect((await knownVolumes(study, changed)).map(({ volume }) => volume.id)).toEqual([known[1]!.volume.id]);
  });

  it('reads no file of a size that the study does not hold', async () => {
    const study = await temporaryStudy();
    const folder = filesFrom(temporaryFolder(), 'dicom', 'siemens_t2_axial_ima_extension');
    const { volumes: found } = await findVolumes([folder]);
    // Were they read, they would be missed.
    rmSync(folder, { recursive: true });
    const told: unknown[] = [];
    expect(await knownVolumes(study, found, { onProgress: (progress) => told.push(progress) })).toEqual([]);
    expect(told).toMatchObject([{ done: 0, total: 0 }]);
  });
});
