import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  guessColumns,
  placeAnnotations,
  readAnnotationTable,
  readMappedAnnotations,
} from '../../../main/formats/annotations/index.ts';
import type { ColumnMapping } from '../../../main/formats/annotations/index.ts';
import { IsochromatError } from '../../../main/domain/errors.ts';
import { temporaryFolder } from '../temporary.ts';

const file = temporaryFolder();

const CORNERS: ColumnMapping = {
  file: 'Case ID',
  slice: 'Slice',
  x: 'x1',
  y: 'y1',
  right: 'x2',
  bottom: 'y2',
  label: 'Finding',
  firstSlice: 1,
  flipped: false,
};

describe('a table of boxes of another origin', () => {
  it('is read by its column mapping: corners, slices from 1, not flipped, semicolons and a byte order mark', async () => {
    await writeFile(
      file('corners.csv'),
      '\uFEFFCase ID;Slice;x1;y1;x2;y2;Finding\r\nP7;1;10;20;40;60;"Tumour; left"\r\n',
    );
    const { files, problems } = await readMappedAnnotations(file('corners.csv'), CORNERS);
    expect(problems).toEqual([]);
    const { annotations } = placeAnnotations(files[0]!, { rows: 256, columns: 208 }, CORNERS.flipped);
    expect(annotations).toEqual({
      file: 'P7',
      boxes: [{ slice: 0, top: 20, left: 10, height: 40, width: 30, label: 'Tumour; left' }],
      studyLabels: [],
    });
  });

  it('may be JSON, with boxes as lists', async () => {
    const records = [{ image: 'P7', slice: 4, bbox: [10, 20, 30, 40], label: 'Mass' }];
    await writeFile(file('boxes.json'), JSON.stringify({ version: 1, annotations: records }));
    const { header } = await readAnnotationTable(file('boxes.json'));
    const mapping = guessColumns(header) as ColumnMapping;
    const { files } = await readMappedAnnotations(file('boxes.json'), mapping);
    expect(files).toEqual([
      {
        file: 'P7',
        boxes: [{ line: 1, slice: 4, x: 10, y: 20, width: 30, height: 40, label: 'Mass' }],
        studyLabels: [],
      },
    ]);
  });

  it.each([
    [
      ['file', 'slice', 'study_level', 'x', 'y', 'width', 'height', 'label'],
      {
        file: 'file',
        slice: 'slice',
        x: 'x',
        y: 'y',
        width: 'width',
        height: 'height',
        label: 'label',
        studyLevel: 'study_level',
      },
    ],
    [
      ['PatientName', 'image_id', 'slice_index', 'xmin', 'ymin', 'xmax', 'ymax', 'class'],
      { file: 'image_id', slice: 'slice_index', x: 'xmin', y: 'ymin', right: 'xmax', bottom: 'ymax', label: 'class' },
    ],
    [['a', 'b'], {}],
  ])('gets a proposal from its titles: %s', (header, expected) => {
    expect(guessColumns(header)).toEqual({ ...expected, firstSlice: 0, flipped: false });
  });

  it('reports each row that cannot be used', async () => {
    await writeFile(
      file('rows.csv'),
      'Case ID,Slice,x1,y1,x2,y2,Finding\nP,0,1,1,2,2,Mass\nP,1,9,9,2,2,Mass\nP,2,1,1,500,2,Mass\nP,3,1,1,2,2,Mass\n',
    );
    const { files, problems } = await readMappedAnnotations(file('rows.csv'), CORNERS);
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
    const placed = placeAnnotations(files[0]!, { rows: 256, columns: 256 }, false);
    expect(placed.problems).toMatchObject([{ line: 4, code: 'annotation-outside' }]);
    expect(placed.annotations.boxes.map(({ slice }) => slice)).toEqual([2]);
  });

  it.each([
    ['cut JSON', '[{"file": ', 'json-damaged'],
    ['JSON without a list', '{"file": "a"}', 'json-no-records'],
    ['JSON with two lists', '{"a": [], "b": []}', 'json-no-records'],
    ['a missing column', 'Case ID,Slice\nP,1\n', 'annotations-columns'],
  ])('is refused when it is %s', async (_, text, code) => {
    await writeFile(file('bad'), text);
    await expect(readMappedAnnotations(file('bad'), CORNERS)).rejects.toMatchObject({ code });
  });

  it('is read or refused, never worse, when it is any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        await writeFile(file('any.json'), text);
        await readMappedAnnotations(file('any.json'), CORNERS).catch((thrown) =>
          expect(thrown).toBeInstanceOf(IsochromatError),
        );
      }),
      { numRuns: 200 },
    );
  });
});
