import { describe, expect, test } from 'vitest';
import { findVolumeIds, libraryFacets, libraryRows } from '../../main/study/index.ts';
import type { LibraryFilter, Study, VolumeAnnotation } from '../../main/study/index.ts';
import { addVolume, sha256, temporaryStudy } from './temporary-study.ts';

const box = (label: string): VolumeAnnotation['boxes'][number] => ({
  slice: 0,
  top: 1,
  left: 1,
  height: 2,
  width: 2,
  label,
  abnormal: label !== 'Normal variant',
});

function say(study: Study, volume: string, labels: string[], studyLabels: string[] = []): void {
  study.annotations.set(
    volume,
    { tissueClass: null, classReason: 'test', boxes: labels.map(box), studyLabels },
    { sha256: sha256(JSON.stringify([volume, labels, studyLabels])), rulesSha256: sha256('rules') },
  );
}

describe('the library by what readers found', () => {
  test('is narrowed to volumes with any of the findings, of a box or of the whole volume', async () => {
    const { study, named } = await annotatedStudy();
    const find = (filter: LibraryFilter): string[] => findVolumeIds(study, filter, { by: 'name' }).map(named);
    expect(find({ finding: ['Mass'] })).toEqual(['a', 'b']);
    expect(find({ finding: ['Normal for age', 'Edema'] })).toEqual(['b', 'c']);
    expect(find({ finding: ['Mass'], text: '/b' })).toEqual(['b']);
    expect(find({ finding: ['never seen'] })).toEqual([]);
  });

  test('tells what was reviewed from what was not, also where nothing was found', async () => {
    const { study, named } = await annotatedStudy();
    const find = (annotated: boolean[]): string[] => findVolumeIds(study, { annotated }, { by: 'name' }).map(named);
    expect(find([true])).toEqual(['a', 'b', 'c', 'd']);
    expect(find([false])).toEqual(['e']);
    expect(find([true, false])).toHaveLength(5);
  });

  test('counts volumes and not boxes, and forgets what a later reading took back', async () => {
    const { study, id } = await annotatedStudy();
    const findings = (filter: LibraryFilter = {}) => libraryFacets(study, filter).finding;
    expect(findings()).toEqual([
      { value: 'Mass', count: 2 },
      { value: 'Edema', count: 1 },
      { value: 'Normal for age', count: 1 },
    ]);
    // A facet's own choice does not narrow its counts; those of others do.
    expect(findings({ finding: ['Edema'] })).toHaveLength(3);
    expect(findings({ text: '/a' })).toEqual([{ value: 'Mass', count: 1 }]);
    expect(libraryFacets(study, { finding: ['Mass'] }).annotated).toEqual([{ value: 'yes', count: 2 }]);
    say(study, id('a'), []);
    expect(findings()[0]).toEqual({ value: 'Edema', count: 1 });
    expect(libraryFacets(study).annotated).toEqual([
      { value: 'yes', count: 4 },
      { value: 'no', count: 1 },
    ]);
  });
});

test('ten thousand volumes with twenty thousand boxes are filtered, counted and paged at once', async () => {
  const study = await temporaryStudy();
  const model = await addVolume(study, 'model');
  fill(study, model.id, 10_000);
  const spent = (work: () => unknown): number => {
    work();
    const times = [0, 1, 2].map(() => {
      const begun = performance.now();
      work();
      return performance.now() - begun;
    });
    return Math.min(...times);
  };
  const filter: LibraryFilter = { finding: ['Finding 3', 'Finding 7'], annotated: [true] };
  const found = findVolumeIds(study, filter, { by: 'name' });
  expect(found).toHaveLength(2_000);
  // On a quiet machine about 10, 100 and 2 ms; loosely, since others may be at work on it.
  expect(spent(() => findVolumeIds(study, filter, { by: 'name' }))).toBeLessThan(400);
  expect(spent(() => libraryFacets(study, filter))).toBeLessThan(1_500);
  expect(spent(() => libraryRows(study, found.slice(0, 100)))).toBeLessThan(200);
});

/** Five volumes: a has two masses; b a mass, and an edema of the whole; c is normal; d was reviewed in vain; e was not. */
async function annotatedStudy() {
  const study = await temporaryStudy();
  const ids = new Map<string, string>();
  for (const name of ['a', 'b', 'c', 'd', 'e']) ids.set(name, (await addVolume(study, `scan/${name}`)).id);
  const id = (name: string): string => ids.get(name)!;
  say(study, id('a'), ['Mass', 'Mass']);
  say(study, id('b'), ['Mass'], ['Edema']);
  say(study, id('c'), [], ['Normal for age']);
  say(study, id('d'), []);
  const names = new Map([...ids].map(([name, of]) => [of, name]));
  return { study, id, named: (of: string): string => names.get(of)! };
}

/** Copies of a volume's rows, each but every tenth annotated with two boxes of twenty labels. */
function fill(study: Study, model: string, count: number): void {
  const copy = (table: string, change: Record<string, string>): void => {
    const columns = study.catalogue.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table);
    const values = columns.map(({ name }) => change[name] ?? `m.${name}`);
    study.catalogue.run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
       INSERT INTO ${table} SELECT ${values.join(', ')} FROM n, ${table} AS m WHERE m.id = '${model}'`,
    );
  };
  study.transaction(() => {
    copy('items', { id: `m.id || '-' || i`, path: `m.path || '-' || i` });
    copy('volumes', { id: `m.id || '-' || i`, name: `'volume ' || i`, source_index: 'i' });
    study.catalogue.run(
      `INSERT INTO annotations (volume, source_sha256, rules_sha256, tissue_class, class_reason, created)
       SELECT id, source_sha256, source_sha256, 'abnormal', 'test', 'now' FROM volumes WHERE source_index % 10 <> 0`,
    );
    study.catalogue.run(
      `INSERT INTO boxes (annotation, slice, box_top, box_left, height, width, label, abnormal)
       SELECT id, slice, 1, 1, 2, 2, 'Finding ' || ((id + 5 * slice) % 18), 1
       FROM annotations, (SELECT 0 AS slice UNION SELECT 1)`,
    );
  });
}
