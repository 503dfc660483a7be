import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AnnotationEdit,
  AnnotationPreview,
  JobRecord,
  OpenedStudy,
  ScanResult,
  TaskState,
  VolumeAnnotations,
  VolumeDetails,
  VolumePage,
} from '../../main/server/contract.ts';
import { writePhantomDataset } from '../../main/jobs/phantom.ts';
import { EngineProcess } from './engine-process.ts';

// One story, told in order: each test goes on where the one before it ended.
describe('a study through the engine', () => {
  let engine: EngineProcess;
  let root: string;
  let data: string;
  let first: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isochromat-api-'));
    data = join(root, 'Jane Doe');
    await writePhantomDataset({ volumes: 6, slices: 2, size: 128, coils: 2, seed: 5, unlabeledShare: 0 }, data);
    engine = await EngineProcess.start('desktop');
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const ended = async (job: JobRecord): Promise<JobRecord> => {
    for (;;) {
      const now = await engine.query<JobRecord>('jobs.get', { id: job.id });
      if (now.state !== 'queued' && now.state !== 'running') return now;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const finished = async <T>(procedure: string, task: string): Promise<T> => {
    for (;;) {
      const state = await engine.query<TaskState<T>>(procedure, { task });
      if (state.state === 'done') return state.result;
      if (state.state !== 'running') throw new Error(JSON.stringify(state));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  test('nothing of a study is answered before one is open', async () => {
    expect(await engine.query('study.current')).toBeNull();
    await expect(engine.query('volumes.list', {})).rejects.toMatchObject({ code: 'no-study' });
    expect((await engine.ask('/arrays/volumes/a-b/thumbnail')).status).toBe(409);
  });

  test('it is made in a folder of its own, inside of a folder that is not empty', async () => {
    const [folder] = await engine.tokens(root);
    const study = await engine.mutate<OpenedStudy>('study.create', { folder, name: 'Töst: a study' });
    expect(study).toMatchObject({ name: 'Töst: a study', readOnly: false });
    expect(readdirSync(join(root, 'Tost-a-study'))).toContain('study.json');
    expect(await engine.query('study.recent')).toMatchObject([{ id: study.id, present: true }]);
  });

  test('what can be imported is shown, corrected and imported by a job', async () => {
    mkdirSync(join(data, 'other'));
    writeFileSync(join(data, 'other', 'broken.h5'), 'no HDF5');
    const paths = await engine.tokens(data);
    const { task } = await engine.mutate<{ task: string }>('intake.inspect', { paths });
    const found = await finished<ScanResult>('intake.found', task);
    expect(found.volumes).toHaveLength(6);
    expect(found.volumes[0]).toMatchObject({
      format: 'fastmri',
      components: ['k-space'],
      hasPhase: true,
      fileCount: 1,
    });
    expect(found.refused).toMatchObject([{ count: 1, names: ['broken.h5'] }]);
    expect(JSON.stringify(found)).not.toContain(root);
    const volumes = found.volumes.map(({ key }, i) => (i === 0 ? { key, sequence: 'AXT2' } : { key }));
    const job = await engine.mutate<JobRecord>('intake.import', { task, volumes, site: 'A' });
    const done = await ended(job);
    expect(done).toMatchObject({ kind: 'import', state: 'succeeded' });
    expect(done.items).toHaveLength(6);
    expect(JSON.stringify(done)).not.toMatch(/Jane|Doe/);
    await expect(engine.mutate('intake.import', { task, volumes: [{ key: 'v99' }] })).rejects.toMatchObject({
      code: 'no-such-volume',
    });
  });

  test('the library filters, sorts, pages and counts', async () => {
    const all = await engine.query<VolumePage>('volumes.list', { sort: { by: 'name' } });
    expect(all.total).toBe(6);
    first = all.rows[0]!.id;
    const names = all.rows.map(({ name }) => name);
    expect(names).toEqual(names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    const page = await engine.query<VolumePage>('volumes.list', {
      sort: { by: 'name', descending: true },
      offset: 4,
      limit: 1,
    });
    expect([page.total, page.rows.map(({ id }) => id)]).toEqual([6, [all.rows[1]!.id]]);
    const corrected = await engine.query<VolumePage>('volumes.list', {
      filter: { sequence: ['AXT2'], site: ['A', null] },
    });
    expect(corrected.rows.some(({ sequenceSource }) => sequenceSource === 'user')).toBe(true);
    const facets = await engine.query<Record<string, { value: string; count: number }[]>>('volumes.facets', {});
    expect(facets['site']).toEqual([{ value: 'A', count: 6 }]);
    expect(facets['sequence']!.reduce((sum, { count }) => sum + count, 0)).toBe(6);
    const text = all.rows[2]!.id.slice(-5);
    expect(await engine.query('volumes.ids', { filter: { text } })).toEqual([all.rows[2]!.id]);
    await expect(engine.query('volumes.list', { limit: 100_000 })).rejects.toMatchObject({ code: 'input' });
  });

  test('a correction needs a reason, and is remembered with it', async () => {
    await expect(engine.mutate('volumes.update', { ids: [first], tissueClass: 'normal' })).rejects.toMatchObject({
      code: 'input',
    });
    await engine.mutate('volumes.update', {
      ids: [first],
      tissueClass: 'normal',
      reason: 'seen by two',
      addTags: ['pilot', 'check'],
      notes: 'look again',
    });
    await engine.mutate('volumes.update', { ids: [first], removeTags: ['check'] });
    const details = await engine.query<VolumeDetails>('volumes.get', { id: first });
    expect(details).toMatchObject({
      tissueClass: 'normal',
      classReason: 'seen by two',
      tags: ['pilot'],
      notes: 'look again',
    });
    expect(details.changes).toMatchObject([
      { what: 'class', from: 'unlabeled', to: 'normal', reason: 'seen by two' },
      { what: 'tags', to: 'check, pilot' },
      { what: 'notes' },
      { what: 'tags', to: 'pilot' },
    ]);
    expect(details.provenance).toMatchObject({ item: first, inputs: [{ id: 'source' }] });
    expect(JSON.stringify(details)).not.toMatch(/Jane|sourceKey|studyKey/);
    expect(await engine.query<VolumePage>('volumes.list', { filter: { tag: ['pilot'] } })).toMatchObject({ total: 1 });
  });

  test('a table of annotations is previewed, notices when it is upside down, and is taken in by a job', async () => {
    const [table, fileList] = await engine.tokens(join(data, 'annotations.csv'), join(data, 'reviewed_files.csv'));
    expect(await engine.query('annotations.table', { table })).toMatchObject({ fastMriPlus: true });
    const preview = await engine.query<AnnotationPreview>('annotations.preview', { table, fileList });
    expect(preview.volumes.length).toBeGreaterThan(3);
    expect(preview.outsideMask!.asMapped).toBeLessThan(0.1);
    const job = await engine.mutate<JobRecord>('jobs.submit', {
      kind: 'annotate',
      parameters: { table, fileList, withoutRows: 'normal' },
    });
    expect(await ended(job)).toMatchObject({ state: 'succeeded' });
    const boxed = preview.volumes.find(({ boxes }) => boxes.length > 0)!;
    const now = await engine.query<VolumeAnnotations>('annotations.get', { volume: boxed.id });
    expect(now.boxes.map(({ id: _, ...box }) => box)).toEqual(boxed.boxes);
    await expect(
      engine.mutate('jobs.submit', { kind: 'annotate', parameters: { table: '/etc/passwd' } }),
    ).rejects.toMatchObject({ code: 'unknown-token' });
  });

  test('boxes are drawn, moved and deleted; every step can be undone; what others changed is noticed', async () => {
    const before = await engine.query<VolumeAnnotations>('annotations.get', { volume: first });
    const drawn = { volume: first, slice: 0, top: 100.3, left: 80, height: 30, width: 40, label: 'Mass', reader: 'R1' };
    const added = await engine.mutate<AnnotationEdit>('annotations.addBox', { ...drawn, expected: before.version });
    expect(added.before).toBe(before.version);
    const box = added.after.boxes.at(-1)!;
    expect(box).toMatchObject({ label: 'Mass', counts: 'abnormal', slice: 0 });
    expect(added.after).toMatchObject({ reader: 'R1' });
    const moved = await engine.mutate<AnnotationEdit>('annotations.changeBox', {
      volume: first,
      box: box.id,
      top: 150,
      label: 'Edema',
      expected: added.after.version,
    });
    expect(moved.after.boxes.at(-1)).toMatchObject({ label: 'Edema', counts: 'neither' });
    await expect(engine.mutate('annotations.addBox', { ...drawn, expected: before.version })).rejects.toMatchObject({
      code: 'annotation-changed',
    });
    await expect(engine.mutate('annotations.addBox', { ...drawn, slice: 99 })).rejects.toMatchObject({
      code: 'box-outside',
    });
    const undone = await engine.mutate<AnnotationEdit>('annotations.restore', { volume: first, version: moved.before });
    expect(undone.after.boxes.at(-1)).toMatchObject({ label: 'Mass', top: box.top });
    const redone = await engine.mutate<AnnotationEdit>('annotations.restore', {
      volume: first,
      version: undone.before,
    });
    expect(redone.after.boxes.at(-1)).toMatchObject({ label: 'Edema' });
    const removed = await engine.mutate<AnnotationEdit>('annotations.removeBoxes', {
      volume: first,
      boxes: [redone.after.boxes.at(-1)!.id],
    });
    expect(removed.after.boxes).toHaveLength(before.boxes.length);
    const versions = await engine.query<unknown[]>('annotations.versions', { volume: first });
    expect(versions.length).toBeGreaterThanOrEqual(5);
  });

  test('annotations are exported as a table that imports back equal', async () => {
    const drawn = { volume: first, slice: 1, top: 90, left: 77, height: 33, width: 21, label: 'Likely cysts' };
    const { after } = await engine.mutate<AnnotationEdit>('annotations.addBox', drawn);
    const exported = await engine.query<{ csv: string; boxes: number }>('annotations.export', {});
    const file = join(root, 'export.csv');
    writeFileSync(file, exported.csv);
    const [table] = await engine.tokens(file);
    const preview = await engine.query<AnnotationPreview>('annotations.preview', { table });
    expect(preview).toMatchObject({ problems: [], notInStudy: { count: 0 } });
    const back = preview.volumes.find(({ id }) => id === first)!;
    const boxes = (all: readonly object[]) => all.map((box) => ({ ...box, id: 0 }));
    expect(boxes(back.boxes)).toEqual(boxes(after.boxes));
    expect(preview.volumes.reduce((sum, each) => sum + each.boxes.length, 0)).toBe(exported.boxes);
  });

  test('another rule table changes classes when it is applied, but none that was set by hand', async () => {
    const { rules } = await engine.query<{ rules: { abnormalImageLabels: string[] } }>('rules.get');
    await engine.mutate('rules.set', {
      ...rules,
      name: 'strict',
      abnormalImageLabels: ['Likely cysts'],
      otherLabels: [],
    });
    const { changed } = await engine.mutate<{ changed: string[] }>('rules.reapply');
    expect(changed.length).toBeGreaterThan(0);
    expect(changed).not.toContain(first);
    await engine.mutate('rules.set', rules);
    await engine.mutate('rules.reapply');
    const overlapping = { ...rules, name: 'x', normalImageLabels: rules.abnormalImageLabels };
    await expect(engine.mutate('rules.set', overlapping)).rejects.toMatchObject({ code: 'label-rules' });
  });

  test('patches are previewed where they will be, counted before, and paged after', async () => {
    const { size, ...defaults } = await engine.query<{ size: number }>('patchSets.defaults');
    const settings = { size, ...defaults };
    const expected = await engine.query<{ cells: { patches: number }[] }>('patchSets.expected', { settings, seed: 3 });
    const job = await ended(
      await engine.mutate<JobRecord>('jobs.submit', { kind: 'patches', parameters: { seed: 3, settings } }),
    );
    expect(job).toMatchObject({ state: 'succeeded' });
    const [set] = await engine.query<{ id: string; counts: Record<string, number> }[]>('patchSets.list');
    const total = Object.values(set!.counts).reduce((a, b) => a + b, 0);
    expect(total).toBeLessThanOrEqual(expected.cells.reduce((sum, cell) => sum + cell.patches, 0));
    const page = await engine.query<{
      total: number;
      patches: { volume: string; slice: number; top: number; left: number }[];
    }>('patchSets.patches', { patchSet: set!.id, limit: 1000 });
    expect(page.total).toBe(total);
    const { volume, slice } = page.patches[0]!;
    const preview = await engine.query<{ positions: { top: number; left: number }[] }>('patchSets.preview', {
      volume,
      slice,
      settings,
      seed: 3,
    });
    const places = (all: readonly { top: number; left: number }[]) =>
      all.map(({ top, left }) => `${top} ${left}`).sort();
    expect(places(preview.positions)).toEqual(
      places(page.patches.filter((patch) => patch.volume === volume && patch.slice === slice)),
    );
    expect(await engine.query('study.table', {})).toMatchObject({ patchSet: set!.id });
  });

  test('what something rests on stays; what is removed comes back as it was', async () => {
    const [set] = await engine.query<{ id: string }[]>('patchSets.list');
    const held = await engine.mutate<{ failed: { error: { code: string } }[] }>('volumes.remove', { ids: [first] });
    expect(held).toMatchObject({ done: [], failed: [{ id: first, error: { code: 'item-in-use' } }] });
    expect(await engine.mutate('volumes.remove', { ids: [set!.id, first] })).toMatchObject({ done: [set!.id, first] });
    await expect(engine.query('volumes.get', { id: first })).rejects.toMatchObject({ code: 'no-such-item' });
    expect((await engine.ask(`/arrays/volumes/${first}/thumbnail`)).status).toBe(404);
    const trash = await engine.query<{ id: string; restorable: boolean }[]>('volumes.trash');
    expect(trash.map(({ id, restorable }) => [id, restorable])).toContainEqual([first, true]);
    const early = await engine.mutate<{ failed: { error: { code: string } }[] }>('volumes.restore', { ids: [set!.id] });
    expect(early.failed).toMatchObject([{ error: { code: 'input-in-trash' } }]);
    expect(await engine.mutate('volumes.restore', { ids: [first, set!.id] })).toMatchObject({ done: [first, set!.id] });
    const { task } = await engine.mutate<{ task: string }>('study.verify');
    expect(await finished('study.verification', task)).toMatchObject({ ok: true, problems: [] });
  });

  test('settings and what the window remembers outlive the study; wrong ones are refused', async () => {
    expect(await engine.query('system.settings')).toMatchObject({ theme: 'dark', updates: false });
    await engine.mutate('system.changeSettings', { theme: 'light', display: { phaseMask: 0.2 } });
    await expect(engine.mutate('system.changeSettings', { theme: 'pink' })).rejects.toMatchObject({ code: 'input' });
    await engine.mutate('system.keepSession', { key: 'a-study', state: { view: 'viewer' } });
    await engine.mutate('study.close');
    expect(await engine.query('system.settings')).toMatchObject({
      theme: 'light',
      display: { phaseMask: 0.2, interpolation: true },
    });
    expect(await engine.query('system.session', { key: 'a-study' })).toEqual({ view: 'viewer' });
  });

  test('it opens again from the recent ones, and not twice at once', async () => {
    const [recent] = await engine.query<{ key: string }[]>('study.recent');
    // As it was when it was closed, and not as when it was made.
    expect(recent).toMatchObject({ volumes: 6, picture: expect.any(String) });
    expect(JSON.stringify(recent)).not.toContain(root);
    const picture = await engine.ask(`/arrays/recent/${recent!.key}/picture`);
    expect(picture).toMatchObject({ status: 200, headers: { 'x-type': 'uint8' } });
    expect(Math.max(...picture.body)).toBe(255);
    expect(await engine.ask('/arrays/recent/other/picture')).toMatchObject({ status: 404 });
    let heard = '';
    const line = engine.open('/events', {}, (reply) => {
      reply.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      reply.on('error', () => {});
    });
    await expect.poll(() => heard).toContain('event:');
    // As two windows do that come back at a time.
    await Promise.all([1, 2, 3].map(() => engine.mutate('study.open', { recent: recent!.key })));
    await expect.poll(() => heard).toContain('"change":"opened"');
    expect(heard.split('"change":"opened"')).toHaveLength(2);
    expect(heard).not.toContain('"change":"closed"');
    line.destroy();
    expect(await engine.query<VolumePage>('volumes.list', {})).toMatchObject({ total: 6 });
    const second = await EngineProcess.start('desktop');
    try {
      const [folder] = await second.tokens(join(root, 'Tost-a-study'));
      await expect(second.mutate('study.open', { folder })).rejects.toMatchObject({ code: 'study-in-use' });
      expect(await second.mutate('study.open', { folder, readOnly: true })).toMatchObject({ readOnly: true });
      await expect(second.mutate('volumes.update', { ids: [first], notes: 'no' })).rejects.toMatchObject({
        code: 'study-read-only',
      });
    } finally {
      await second.stop();
    }
  });
});
