import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, unknownLabels } from '../../../main/domain/label-rules.ts';
import {
  placeFastMriPlus,
  readFastMriPlus,
  readFileList,
  reviewedWithoutRows,
  writeFastMriPlus,
} from '../../../main/formats/annotations/index.ts';
import { storedBox } from '../../../main/formats/annotations/place.ts';
import { IsochromatError } from '../../../main/domain/errors.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder } from '../temporary.ts';

const file = temporaryFolder();
const HEADER = 'file,slice,study_level,x,y,width,height,label';

async function read(...lines: string[]): ReturnType<typeof readFastMriPlus> {
  await writeFile(file('table.csv'), [HEADER, ...lines].join('\n'));
  return readFastMriPlus(file('table.csv'));
}

describe('a fastMRI+ table', () => {
  it('is read into volumes with boxes and study-level labels', async () => {
    const { files, problems } = await read(
      'file_brain_AXT1_1,3,No,10,20,30,40,Mass',
      'file_brain_AXT1_1,0,Yes,,,,,Global label: Global Ischemia',
      'file_brain_AXT1_2.h5,0,Yes,,,,,Normal for age',
    );
    expect(problems).toEqual([]);
    expect(files).toEqual([
      {
        file: 'file_brain_AXT1_1',
        boxes: [{ line: 2, slice: 3, x: 10, y: 20, width: 30, height: 40, label: 'Mass' }],
        studyLabels: ['Global Ischemia'],
      },
      { file: 'file_brain_AXT1_2', boxes: [], studyLabels: ['Normal for age'] },
    ]);
  });

  it('places boxes on the stored image, which is the drawn one flipped up/down', async () => {
    const { files } = await read('a,3,No,10,20,30,40,Mass', 'a,3,No,0,0,5,320,Edema', 'a,3,No,1,300,5,21,Edema');
    const { annotations, problems } = placeFastMriPlus(files[0]!, 320);
    expect(annotations.boxes.map(({ top, left, height, width }) => [top, left, height, width])).toEqual([
      [260, 10, 40, 30],
      [0, 0, 320, 5],
    ]);
    expect(problems).toMatchObject([{ line: 4, code: 'annotation-outside' }]);
  });

  it.each([
    ['no number', 'a,1,No,ten,20,30,40,Mass', 'annotation-row'],
    ['a fraction', 'a,1,No,10.5,20,30,40,Mass', 'annotation-row'],
    ['a negative number', 'a,1,No,-10,20,30,40,Mass', 'annotation-row'],
    ['an absurd number', 'a,1,No,99999999999,20,30,40,Mass', 'annotation-row'],
    ['too few cells', 'a,1,No,10', 'annotation-row'],
    ['no label', 'a,1,No,10,20,30,40,', 'annotation-row'],
    ['no file', ',1,No,10,20,30,40,Mass', 'annotation-row'],
    ['an unknown level', 'a,1,Perhaps,10,20,30,40,Mass', 'annotation-row'],
    ['no area', 'a,1,No,10,20,0,40,Mass', 'annotation-empty-box'],
    ['the same box again', 'good,1,No,10,20,30,40,Mass', 'annotation-duplicate'],
  ])('loses one row and keeps the others when it has %s', async (_, row, code) => {
    const { files, problems } = await read('good,1,No,10,20,30,40,Mass', row);
    expect(problems).toMatchObject([{ line: 3, code }]);
    expect(files.find((one) => one.file === 'good')!.boxes.length).toBe(1);
  });

  it.each([
    ['an empty file', '', 'csv-empty'],
    ['another table', 'id,name\n1,x\n', 'annotations-columns'],
    ['an open quotation mark', `${HEADER}\na,1,No,1,2,3,4,"Mass\n`, 'csv-damaged'],
    ['binary data', `${HEADER}\n\u0000\u0001`, 'text-not-text'],
    ['labels of knees', `${HEADER}\nfile1000001,1,No,1,2,3,4,Meniscus Tear\n`, 'annotations-vocabulary'],
    ['labels of nobody', `${HEADER}\na,1,No,1,2,3,4,Tumour\n`, 'annotations-vocabulary'],
  ])('is refused when it is %s', async (_, text, code) => {
    await writeFile(file('bad.csv'), text);
    await expect(readFastMriPlus(file('bad.csv'))).rejects.toMatchObject({ code, subject: file('bad.csv') });
  });

  it('says of knees that they are knees', async () => {
    await writeFile(file('knee.csv'), `${HEADER}\nfile1000001,1,No,1,2,3,4,ACL High Grade Sprain\n`);
    await expect(readFastMriPlus(file('knee.csv'))).rejects.toMatchObject({
      sentence: 'These are annotations of knees, not of brains.',
      remedy: expect.stringContaining('rule table'),
    });
  });

  it('comes back equal after being written', async () => {
    const text = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((value) => value.trim() === value && !/\.h5$/i.test(value));
    const box = fc.record({
      slice: fc.nat(15),
      top: fc.nat(200),
      left: fc.nat(300),
      height: fc.integer({ min: 1, max: 56 }),
      width: fc.integer({ min: 1, max: 56 }),
      label: fc.constantFrom('Mass', 'Edema', 'Normal variant'),
    });
    const volume = fc.record({
      file: text.filter((value) => !value.includes('\u0000')),
      boxes: fc.uniqueArray(box, { minLength: 1, maxLength: 4, selector: (one) => JSON.stringify(one) }),
      studyLabels: fc.constantFrom<string[]>([], ['Normal for age'], ['Colpocephaly', 'Motion artifact']),
    });
    const volumes = fc.uniqueArray(volume, { selector: (one) => one.file, minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(volumes, async (written) => {
        await writeFastMriPlus(file('written.csv'), written, 256);
        const { files, problems } = await readFastMriPlus(file('written.csv'));
        expect(problems).toEqual([]);
        expect(files.map((one) => placeFastMriPlus(one, 256).annotations)).toEqual(written);
      }),
      { numRuns: 100 },
    );
  });

  it('is read or refused, never worse, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (noise) => {
        await writeFile(file('noise.csv'), `${HEADER}\na,1,No,1,2,3,4,Mass\n${noise}`);
        await readFastMriPlus(file('noise.csv')).catch((thrown) => expect(thrown).toBeInstanceOf(IsochromatError));
      }),
      { numRuns: 200 },
    );
  });
});

describeWithData('the published fastMRI+ brain annotations', () => {
  const brain = dataFile('fastmri_plus', 'brain.csv');

  it('are read but for two empty boxes and one repetition', async () => {
    const { files, problems } = await readFastMriPlus(brain);
    const boxes = files.reduce((sum, one) => sum + one.boxes.length, 0);
    const labels = files.reduce((sum, one) => sum + one.studyLabels.length, 0);
    // 7,570 box rows and 643 study-level rows in 997 files, as counted with grep.
    expect([files.length, boxes, labels]).toEqual([997, 7570 - 2, 643 - 1]);
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'annotation-duplicate',
      'annotation-empty-box',
      'annotation-empty-box',
    ]);
    expect(unknownLabels(files.map((one) => placeFastMriPlus(one, 320).annotations))).toEqual([]);
  });

  it('have these classes by contrast', async () => {
    const { files } = await readFastMriPlus(brain);
    const counts: Record<string, Record<string, number>> = {};
    for (const drawn of files) {
      const contrast = drawn.file.split('_')[2]!;
      const tissueClass = classify(placeFastMriPlus(drawn, 320).annotations);
      counts[contrast] ??= { normal: 0, abnormal: 0, excluded: 0 };
      counts[contrast][tissueClass]! += 1;
    }
    console.table(counts); // eslint-disable-line no-console -- the counts are part of what this test shows
    // Derived with pandas from brain.csv by set operations on file names: abnormal = files with a box of the seven
    // labels; normal = (files with study-level "Normal for age" ∪ files whose set of box labels is {"Normal variant"})
    // minus abnormal; excluded = the rest; then a cross-tabulation by the third part of the file name.
    expect(counts).toEqual({
      AXFLAIR: { normal: 94, abnormal: 217, excluded: 136 },
      AXT1: { normal: 178, abnormal: 78, excluded: 84 },
      AXT1POST: { normal: 106, abnormal: 50, excluded: 54 },
    });
  });

  it('leave four reviewed files without a row', async () => {
    const [reviewed, { files }] = [
      await readFileList(dataFile('fastmri_plus', 'brain_file_list.csv')),
      await readFastMriPlus(brain),
    ];
    expect(reviewed.length).toBe(1001);
    expect(reviewedWithoutRows(reviewed, files)).toEqual([
      'file_brain_AXFLAIR_200_6002474',
      'file_brain_AXFLAIR_202_6000584',
      'file_brain_AXFLAIR_203_6000935',
      'file_brain_AXFLAIR_203_6000942',
    ]);
  });

  it('lie where an independent program puts them on images of 320 rows', async () => {
    const expected = (await readFile(dataFile('fastmri_plus', 'expected_boxes_height320.csv'), 'utf8'))
      .trim()
      .split('\n');
    const { files } = await readFastMriPlus(brain);
    expect(expected.length).toBe(1 + 26);
    let emptyBoxes = 0;
    for (const row of expected.slice(1)) {
      const [name, slice, label, ...numbers] = row.split(',');
      const [x, y, width, height, top, bottom, left, right] = numbers.map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const drawn = { line: 0, slice: Number(slice), x, y, width, height, label: label! };
      const box = storedBox(drawn, 320, true);
      expect([box.top, box.top + box.height, box.left, box.left + box.width]).toEqual([top, bottom, left, right]);
      const { boxes } = placeFastMriPlus(
        files.find((one) => one.file === name)!,
        320,
      ).annotations;
      if (height === 0) emptyBoxes += 1;
      else expect(boxes).toContainEqual(box);
    }
    expect(emptyBoxes).toBe(1);
  });
});
