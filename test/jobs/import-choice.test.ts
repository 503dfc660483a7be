import { expect, it } from 'vitest';
import { importVolumes } from '../../main/jobs/import.ts';
import { findVolumes } from '../../main/jobs/intake/find.ts';
import { dataFile, describeWithData } from '../data.ts';
import { temporaryStudy } from '../study/temporary-study.ts';

// One enhanced file of two echoes: two volumes.
describeWithData('volumes chosen of a file that holds several', () => {
  const begin = async () => {
    const paths = [dataFile('dicom', 'philips_enhanced_fieldmap_mag_phase')];
    const { volumes: found } = await findVolumes(paths);
    return { paths, found, study: await temporaryStudy() };
  };

  it('are imported alone', async () => {
    const { paths, found, study } = await begin();
    expect(found.map(({ index }) => index)).toEqual([0, 1]);
    const second = found[1]!;
    const choices = [{ files: second.files, index: second.index, sequence: 'AXT2' }] as const;
    const { imported, failed } = await importVolumes(study, paths, { choices });
    expect(failed).toEqual([]);
    expect(imported.map(({ volume }) => [volume.sequence, volume.sequenceSource, volume.sourceIndex])).toEqual([
      ['AXT2', 'user', 1],
    ]);
    expect(imported[0]!.volume.info['echoTimes']).toEqual(second.facts.echoTimes);
  });

  it('keep each the sequence that was said of it', async () => {
    const { paths, found, study } = await begin();
    const sequences = ['AXT1', 'AXFLAIR'] as const;
    const choices = found.map(({ files, index }, i) => ({ files, index, sequence: sequences[i]! }));
    await importVolumes(study, paths, { choices });
    const stored = study.volumes.list().toSorted((a, b) => a.sourceIndex - b.sourceIndex);
    expect(stored.map(({ sequence }) => sequence)).toEqual(sequences);
  });

  it('are reported when they are not found again', async () => {
    const { paths, found, study } = await begin();
    const choices = [{ files: found[0]!.files, index: 7, sequence: 'AXT1' }] as const;
    const { imported, failed } = await importVolumes(study, paths, { choices });
    expect(imported).toEqual([]);
    expect(failed.map(({ error }) => error.code)).toEqual(['volume-changed']);
  });
});
