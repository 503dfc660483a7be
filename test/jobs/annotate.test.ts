import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { annotate } from '../../main/jobs/annotate.ts';
import { readFastMriPlus } from '../../main/formats/annotations/index.ts';
import type { Study } from '../../main/study/index.ts';
import { dataFile, describeWithData } from '../data.ts';
import { addVolume, temporaryFolder, temporaryStudy } from '../study/temporary-study.ts';

const HEADER = 'file,slice,study_level,x,y,width,height,label';

function table(...rows: string[]): string {
  const path = join(temporaryFolder(), 'annotations.csv');
  writeFileSync(path, [HEADER, ...rows].join('\n'));
  return path;
}

async function studyOf(...files: string[]): Promise<Study> {
  const study = await temporaryStudy();
  for (const file of files) {
    await addVolume(study, file, {
      sourceKey: study.hideIdentity('file', file),
      originalRows: 16,
      originalColumns: 12,
    });
  }
  return study;
}

describe('annotating a study', () => {
  test('gives each volume the class that follows from its labels, with the reason', async () => {
    const study = await studyOf('mass', 'healthy', 'variant', 'artifact', 'unseen');
    const report = await annotate(
      study,
      table(
        'mass,1,No,2,2,4,4,Mass',
        'mass,0,Yes,,,,,Normal for age',
        'healthy,0,Yes,,,,,Normal for age',
        'variant,0,No,1,1,2,2,Normal variant',
        'artifact,0,No,1,1,2,2,Possible artifact',
        'elsewhere,0,Yes,,,,,Normal for age',
      ),
    );
    const classes = Object.fromEntries(study.volumes.list().map((volume) => [volume.name, volume.tissueClass]));
    expect(classes).toEqual({
      mass: 'abnormal',
      healthy: 'normal',
      variant: 'normal',
      artifact: null,
      unseen: 'unlabeled',
    });
    const reason = (name: string): string => study.volumes.list().find((v) => v.name === name)!.classReason;
    expect(reason('mass')).toBe('Mass (fastMRI+ brain).');
    expect(reason('artifact')).toContain('neither normal nor abnormal: Possible artifact');
    expect(report.notInStudy).toEqual(['elsewhere']);
    expect(report.notMentioned.map((volume) => volume.name)).toEqual(['unseen']);
    expect(report.annotated).toHaveLength(4);
  });

  test('carries boxes over to the stored image: unflipped, and resized with it', async () => {
    const study = await studyOf('mass');
    // Drawn on 16 × 12, upside down; stored in 8 × 6. Rows 16 − 2 − 4 = 10 … 13 become 5 … 6.
    await annotate(study, table('mass,1,No,2,2,4,4,Mass', 'mass,0,No,0,0,12,16,Edema'));
    const [edema, mass] = study.annotations.boxes(study.volumes.list()[0]!.id);
    expect(mass).toMatchObject({ slice: 1, height: 2, width: 2, label: 'Mass', abnormal: true });
    // Pixels become twice as large about the centres of pixels 8 and 4, 6 and 3: edges move by half a new pixel's excess.
    expect(mass!.top).toBeCloseTo(5.25, 9);
    expect(mass!.left).toBeCloseTo(1.25, 9);
    expect(edema).toMatchObject({ slice: 0, height: 8, width: 6, abnormal: false });
  });

  test('says which rows it left out and why', async () => {
    const study = await studyOf('one');
    const { problems } = await annotate(
      study,
      table('one,7,No,1,1,2,2,Mass', 'one,0,No,1,10,2,9,Mass', 'one,0,No,x,1,2,2,Mass', 'one,1,No,1,1,2,2,Mass'),
    );
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [2, 'annotation-outside'],
      [3, 'annotation-outside'],
      [4, 'annotation-row'],
    ]);
    expect(study.annotations.boxes(study.volumes.list()[0]!.id)).toHaveLength(1);
  });

  test('reports volumes that were reviewed without a row, and does with them what it is told', async () => {
    const study = await studyOf('listed', 'unlisted', 'mass');
    const fileList = join(temporaryFolder(), 'list.csv');
    writeFileSync(fileList, 'listed\nmass\n');
    const csv = table('mass,1,No,2,2,4,4,Mass');
    const classOf = (name: string): string | null =>
      study.volumes.list().find((volume) => volume.name === name)!.tissueClass;
    const report = await annotate(study, csv, { fileList });
    expect(report.reviewedWithoutRows.map((volume) => volume.name)).toEqual(['listed']);
    expect([classOf('listed'), classOf('unlisted')]).toEqual([null, 'unlabeled']);
    await annotate(study, csv, { fileList, withoutRows: 'normal' });
    expect([classOf('listed'), classOf('unlisted')]).toEqual(['normal', 'unlabeled']);
  });

  test('changes nothing when the same table comes again, and keeps what another one supersedes', async () => {
    const study = await studyOf('one');
    const csv = table('one,1,No,2,2,4,4,Mass');
    expect((await annotate(study, csv)).annotated[0]).toMatchObject({ changed: true, boxes: 1 });
    expect((await annotate(study, csv)).annotated[0]).toMatchObject({ changed: false });
    await annotate(study, table('one,0,Yes,,,,,Normal for age'));
    const { id, tissueClass } = study.volumes.list()[0]!;
    expect([tissueClass, study.annotations.boxes(id), study.annotations.studyLabels(id)]).toEqual([
      'normal',
      [],
      ['Normal for age'],
    ]);
    expect(study.catalogue.one('SELECT count(*) AS n FROM annotations')).toEqual({ n: 2 });
  });

  test('refuses a table of another vocabulary and stores nothing', async () => {
    const study = await studyOf('one');
    await expect(annotate(study, table('one,1,No,2,2,4,4,Meniscus Tear'))).rejects.toMatchObject({
      code: 'annotations-vocabulary',
    });
    expect(study.annotations.boxes(study.volumes.list()[0]!.id)).toEqual([]);
  });
});

describeWithData('annotating with the real fastMRI+ table', () => {
  test('gives volumes of its files the classes that set operations on its labels give', async () => {
    const csv = dataFile('fastmri_plus', 'brain.csv');
    const { files } = await readFastMriPlus(csv);
    // Every 25th file of the table, and two that were reviewed without a row.
    const chosen = files.filter((_, i) => i % 25 === 0).map((file) => file.file);
    const silent = ['file_brain_AXFLAIR_200_6002474', 'file_brain_AXFLAIR_202_6000584'];
    const study = await temporaryStudy();
    for (const file of [...chosen, ...silent]) {
      await addVolume(study, file, {
        sourceKey: study.hideIdentity('file', file),
        slices: 16,
        originalRows: 320,
        originalColumns: 320,
      });
    }
    const report = await annotate(study, csv, { fileList: dataFile('fastmri_plus', 'brain_file_list.csv') });
    expect(report.notInStudy).toHaveLength(997 - chosen.length);
    expect(report.reviewedWithoutRows.map((volume) => volume.name).sort()).toEqual(silent);
    expect(report.unknownLabels).toEqual([]);
    const abnormal =
      /,(Mass|Extra-axial mass|Nonspecific lesion|Nonspecific white matter lesion|Encephalomalacia|Lacunar infarct|Likely cysts)$/;
    const lines = readFileSync(csv, 'utf8').trimEnd().split('\n').slice(1);
    for (const { volume } of report.annotated) {
      const mine = lines.filter((line) => line.startsWith(`${volume.name},`));
      const drawn = mine.filter((line) => line.includes(',No,'));
      const expected = drawn.some((line) => abnormal.test(line))
        ? 'abnormal'
        : mine.some((line) => line.endsWith(',Normal for age')) ||
            (drawn.length > 0 && drawn.every((line) => line.endsWith(',Normal variant')))
          ? 'normal'
          : null;
      expect([volume.name, volume.tissueClass]).toEqual([volume.name, expected]);
    }
  });
});
