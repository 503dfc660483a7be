import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createStudy, openStudy, volumeChanges } from '../../main/study/index.ts';
import { addVolume, temporaryFolder } from '../study/temporary-study.ts';
import { runCli } from './run-cli.ts';

const TABLE = `scan,Diagnosis
one,glioma
two,healthy
three,perhaps
,healthy
elsewhere,healthy
`;

async function begin() {
  const home = temporaryFolder();
  process.env['ISOCHROMAT_CONFIG_DIR'] = join(home, 'settings');
  const folder = join(home, 'study');
  const study = await createStudy(folder, { name: 'Labels' });
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three']) ids.push((await addVolume(study, name)).id);
  study.close();
  const table = join(home, 'labels.csv');
  writeFileSync(table, TABLE);
  const classes = async () => {
    const opened = await openStudy(folder, { readOnly: true });
    try {
      return ids.map((id) => opened.volumes.get(id).tissueClass);
    } finally {
      opened.close();
    }
  };
  return { folder, table, ids, classes };
}

test('classes come out of a table: shown first, then set, with the reason on record', async () => {
  const { folder, table, ids, classes } = await begin();
  const args = ['labels', folder, table, '--word', 'glioma=abnormal'];
  const shown = await runCli([...args, '--dry-run']);
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.output).toContain('glioma = abnormal');
  expect(shown.output).toContain('Line 4 was left out: “perhaps” is not understood.');
  expect(shown.output).toContain('Line 5 was left out: It names no volume.');
  expect(shown.output).toContain('Not in the study: elsewhere.');
  expect(shown.output).toContain('2 volumes found, 2 would change. Nothing was written.');
  expect(await classes()).toEqual(['unlabeled', 'unlabeled', 'unlabeled']);

  const { code, output } = await runCli([...args, '--json', '--quiet']);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    written: true,
    volumes: [
      { id: ids[0], line: 2, says: 'glioma', from: 'unlabeled', to: 'abnormal', changed: true },
      { id: ids[1], line: 3, says: 'healthy', from: 'unlabeled', to: 'normal', changed: true },
    ],
    notInStudy: ['elsewhere'],
    problems: [{ line: 4 }, { line: 5 }],
  });
  expect(await classes()).toEqual(['abnormal', 'normal', 'unlabeled']);
  const study = await openStudy(folder, { readOnly: true });
  expect(volumeChanges(study, ids[0]!)).toMatchObject([{ what: 'class', reason: 'A table of labels says “glioma”.' }]);
  study.close();
});

test('what cannot be understood at all is refused, and says which option helps', async () => {
  const { folder, table, classes } = await begin();
  writeFileSync(table, 'a,b\none,healthy\n');
  const unknown = await runCli(['labels', folder, table]);
  expect(unknown.code).toBe(1);
  expect(unknown.errors).toContain('--volume-column TITLE');
  const nothing = await runCli(['labels', folder, table, '--volume-column', 'b', '--label-column', 'a']);
  expect(nothing).toMatchObject({ code: 1 });
  expect(nothing.output).toContain('0 volumes found');
  const wrong = await runCli(['labels', folder, table, '--word', 'healthy=well']);
  expect(wrong.code).toBe(2);
  expect(wrong.errors).toContain('Write WORD=CLASS');
  expect(await runCli(['labels', folder, table, '--volume-column', 'a', '--label-column', 'b'])).toMatchObject({
    code: 0,
  });
  expect(await classes()).toEqual(['normal', 'unlabeled', 'unlabeled']);
});
