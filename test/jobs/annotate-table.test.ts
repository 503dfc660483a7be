import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { annotate } from '../../main/jobs/annotate.ts';
import { openStudy, verifyStudy } from '../../main/study/index.ts';
import { addVolume, temporaryFolder, temporaryStudy } from '../study/temporary-study.ts';
import { isochromat } from './intake/command-line.ts';

interface Prepared {
  study: string;
  id: string;
  file: (name: string, content: string) => string;
  run: (...args: string[]) => Promise<{ code: number | null; json: Record<string, unknown>; stderr: string }>;
}

async function prepared(): Promise<Prepared> {
  const open = await temporaryStudy();
  const { id } = await addVolume(open, 'one', { originalRows: 16, originalColumns: 12 });
  open.close();
  const folder = temporaryFolder();
  return {
    study: open.folder,
    id,
    file: (name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    run: async (...args) => {
      const { code, stdout, stderr } = await isochromat([...args, '--json'], { config: folder, logs: folder });
      return { code, stderr, json: JSON.parse(stdout) as Record<string, unknown> };
    },
  };
}

describe('annotating from a table of another origin', () => {
  test('shows how it would be read, then reads it: CSV with corners, slices from 1, a row that is wrong', async () => {
    const { study, id, file, run } = await prepared();
    const table = file(
      'boxes.csv',
      `scan;slice no;left;top;right edge;bottom edge;finding\n${id};2;1;2;5;8;Mass\n${id};1;1;2;x;8;Mass\n`.replaceAll(
        ';',
        ',',
      ),
    );
    const columns = ['--column', 'slice=slice no', '--column', 'right=right edge', '--column', 'bottom=bottom edge'];
    const args = ['annotate', study, table, '--first-slice', '1', ...columns];
    const preview = await run(...args, '--preview');
    expect(preview.json).toMatchObject({
      mapping: { file: 'scan', slice: 'slice no', x: 'left', y: 'top', right: 'right edge', label: 'finding' },
      count: 2,
      annotated: [{ id, class: 'abnormal', boxes: 1, changed: true }],
      problems: [{ line: 3, code: 'annotation-row' }],
    });
    const before = await openStudy(study, { readOnly: true });
    expect(before.volumes.get(id).tissueClass).toBe('unlabeled');
    before.close();
    const { code, json } = await run(...args);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      annotated: [{ id, class: 'abnormal', boxes: 1 }],
      problems: [{ line: 3, code: 'annotation-row' }],
    });
    const again = await openStudy(study, { readOnly: true });
    const { rows } = again.volumes.get(id);
    expect(again.annotations.boxes(id)).toMatchObject([{ slice: 1, label: 'Mass', abnormal: true }]);
    // Rows 2 to 8 of 16, on the stored image of `rows` rows.
    expect(again.annotations.boxes(id)[0]!.height).toBeCloseTo((6 * rows) / 16, 6);
    again.close();
  });

  test('shows a table of fastMRI+ as it will be read: on the image flipped up/down', async () => {
    const { study, id, file, run } = await prepared();
    const rows = `${id},0,No,1,2,3,4,Mass\n${id},0,No,90,2,3,4,Mass\nelsewhere,0,Yes,,,,,Normal for age\n`;
    const table = file('plus.csv', `file,slice,study_level,x,y,width,height,label\n${rows}`);
    const { json } = await run('annotate', study, table, '--preview');
    expect(json).toMatchObject({
      mapping: { flipped: true, firstSlice: 0, studyLevel: 'study_level' },
      annotated: [{ id, class: 'abnormal', boxes: 1 }],
      problems: [{ line: 3, code: 'annotation-outside' }],
      notInStudy: ['elsewhere'],
    });
    const done = await run('annotate', study, table);
    expect(done.json['annotated']).toEqual(json['annotated']);
    expect(done.json['problems']).toEqual(json['problems']);
  });

  test('of knees is refused before and after, saying where those of brains are', async () => {
    const { study, id, file, run } = await prepared();
    // Labels as knee.csv of fastMRI+ has them.
    const rows = ['Meniscus Tear', 'Joint Effusion', 'Ligament - ACL Low Grade sprain', 'artifact'];
    const lines = rows.map((label, i) => `${id},${i % 2},No,1,2,3,4,${label}`).join('\n');
    const table = file('knee.csv', `file,slice,study_level,x,y,width,height,label\n${lines}\n`);
    for (const how of [['--preview'], []]) {
      const { code, json } = await run('annotate', study, table, ...how);
      expect(code).toBe(1);
      expect(json).toMatchObject({
        error: {
          code: 'annotations-vocabulary',
          sentence: expect.stringContaining('knees'),
          remedy: expect.stringContaining('brain.csv'),
        },
      });
    }
  });

  test('says of a column that is not there that it is not there', async () => {
    const { study, id, file, run } = await prepared();
    const table = file('boxes.csv', `file,slice,x,y,width,height,label\n${id},0,1,2,3,4,Mass\n`);
    const { code, stderr } = await run('annotate', study, table, '--column', 'x=left', '--preview');
    expect(code).toBe(1);
    expect(stderr).toContain('The table has no column "left" (x).');
  });

  test('finds BIDS images by their names, with or without the part', async () => {
    const open = await temporaryStudy();
    const { id } = await addVolume(open, 'sub-01_T1w', {
      sourceKey: open.hideIdentity('file', 'sub-01_T1w'),
      originalRows: 16,
      originalColumns: 12,
    });
    const folder = temporaryFolder();
    const csv = join(folder, 'plus.csv');
    const name = 'sub-01_part-mag_T1w.nii.gz';
    writeFileSync(csv, `file,slice,study_level,x,y,width,height,label\n${name},0,No,1,2,3,4,Mass\n`);
    const list = join(folder, 'list.csv');
    writeFileSync(list, `${name}\n`);
    const report = await annotate(open, csv, { fileList: list });
    expect(report.annotated.map(({ volume }) => volume.id)).toEqual([id]);
    expect(report.reviewedWithoutRows).toEqual([]);
  });

  test('says which column is missing, and how to name it', async () => {
    const { study, file, run } = await prepared();
    const { code, stderr } = await run('annotate', study, file('boxes.csv', 'a,b,c\n1,2,3\n'), '--table');
    expect(code).toBe(1);
    expect(stderr).toMatch(/file, slice, x, y, label.*--column ROLE=TITLE/s);
  });

  test('of another vocabulary is refused until the rule table of the study is edited', async () => {
    const { study, id, file, run } = await prepared();
    const boxes = file(
      'boxes.json',
      JSON.stringify([{ file: id, slice: 0, x: 1, y: 1, width: 3, height: 3, label: 'Meniscus tear' }]),
    );
    const refused = await run('annotate', study, boxes, '--table');
    expect(refused.code).toBe(1);
    expect(refused.json).toMatchObject({ error: { code: 'annotations-vocabulary' } });
    expect(refused.stderr).toMatch(/knees.*rule table/s);
    const { json: rules } = await run('study', 'rules', study);
    const edited = { ...rules, name: 'Knees', abnormalImageLabels: ['Meniscus tear'] };
    expect((await run('study', 'rules', study, '--set', file('rules.json', JSON.stringify(edited)))).code).toBe(0);
    const { json } = await run('annotate', study, boxes, '--table');
    expect(json).toMatchObject({ annotated: [{ id, class: 'abnormal' }] });
    const wrong = await run('study', 'rules', study, '--set', file('wrong.json', '{"name": "x"}'));
    expect(wrong.json).toMatchObject({ error: { code: 'label-rules' } });
    const open = await openStudy(study, { readOnly: true });
    expect(await verifyStudy(open)).toMatchObject({ ok: true });
    open.close();
  });
});
