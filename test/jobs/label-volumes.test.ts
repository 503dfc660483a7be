import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guessLabelMapping, readAnnotationTable } from '../../main/formats/annotations/index.ts';
import { applyLabels, planLabels } from '../../main/jobs/label-volumes.ts';
import { volumeChanges } from '../../main/study/index.ts';
import { addVolume, temporaryFolder, temporaryStudy } from '../study/temporary-study.ts';

const TABLE = `scan_id;Age;Diagnosis
one.h5;61;glioma
two.nii.gz;44;healthy
three;50;perhaps
four;12;
;13;healthy
two;44;glioma
elsewhere;70;healthy
`;

test('a table of labels is understood as far as its words are, and every row that is not says why', async () => {
  const study = await temporaryStudy();
  const key = (name: string) => study.hideIdentity('file', name);
  const one = await addVolume(study, 'one', { sourceKey: key('one'), purpose: 'external' });
  const two = await addVolume(study, 'two', { sourceKey: key('two'), purpose: 'external', tissueClass: 'normal' });
  const path = join(temporaryFolder(), 'labels.csv');
  writeFileSync(path, TABLE);
  const guess = guessLabelMapping(await readAnnotationTable(path));
  expect(guess).toMatchObject({ volume: 'scan_id', label: 'Diagnosis', values: { healthy: 'normal' } });
  expect(guess.words[0]).toEqual({ word: 'healthy', count: 3 });

  const mapping = { volume: 'scan_id', label: 'Diagnosis', values: { ...guess.values, glioma: 'abnormal' as const } };
  const plan = await planLabels(study, path, mapping);
  expect(plan.entries.map(({ volume, tissueClass }) => [volume.id, tissueClass])).toEqual([
    [one.id, 'abnormal'],
    [two.id, 'normal'],
  ]);
  expect(plan.problems.map(({ line }) => line)).toEqual([4, 5, 6, 7]);
  expect(plan.notInStudy).toEqual(['elsewhere']);

  expect(applyLabels(study, plan)).toEqual([one.id]);
  expect(study.volumes.get(one.id)).toMatchObject({ tissueClass: 'abnormal' });
  expect(volumeChanges(study, one.id)).toMatchObject([{ what: 'class', from: 'unlabeled', to: 'abnormal' }]);
  expect(volumeChanges(study, two.id)).toEqual([]);
  await expect(planLabels(study, path, { ...mapping, label: 'Truth' })).rejects.toMatchObject({
    code: 'labels-columns',
  });
});

test('volumes are also known by their id and by their name, and can be excluded', async () => {
  const study = await temporaryStudy();
  const one = await addVolume(study, 'AXT2 1a2b3c4d');
  const two = await addVolume(study, 'AXT2 ffffffff');
  const path = join(temporaryFolder(), 'labels.json');
  writeFileSync(
    path,
    JSON.stringify([
      { volume: one.id, class: 'exclude' },
      { volume: two.name, class: 1 },
    ]),
  );
  const { words: _, ...guess } = guessLabelMapping(await readAnnotationTable(path));
  const plan = await planLabels(study, path, { volume: guess.volume!, label: guess.label!, values: guess.values });
  expect(plan.entries.map(({ tissueClass }) => tissueClass)).toEqual([null, 'abnormal']);
});
