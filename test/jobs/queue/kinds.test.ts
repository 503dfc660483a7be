import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { writePhantomDataset } from '../../../main/jobs/phantom.ts';
import { JobQueue } from '../../../main/jobs/queue/index.ts';
import { DEFAULT_PATCH_SETTINGS } from '../../../main/patches/index.ts';
import { ANNOTATIONS_FILE } from '../../../main/phantom/index.ts';
import { createStudy, openStudy, verifyStudy } from '../../../main/study/index.ts';
import { temporaryFolder, temporaryFolderForAll } from '../../study/temporary-study.ts';
import { event, processOf, until } from './queue-fixture.ts';

const FEW_PATCHES = {
  ...DEFAULT_PATCH_SETTINGS,
  minimumBrain: 0.5,
  perVolume: { abnormal: { minimum: 2, maximum: 4 }, normalBesideBoxes: 2, normal: 6, unlabeled: 6 },
};

/** Long enough that a fast machine is still at it when it is told to stop. */
const STEPS = 60;

describe('the real work, in the real process', () => {
  const data = join(temporaryFolderForAll(), 'data');
  beforeAll(async () => {
    await writePhantomDataset({ volumes: 4, slices: 1, size: 160, coils: 2, seed: 1, unlabeledShare: 0 }, data);
  });

  test('imports, annotates, takes patches, trains, and goes on with a training whose process was killed; exports', async () => {
    const folder = join(temporaryFolder(), 'study');
    // With the key that the processes of jobs have.
    (await createStudy(folder, { name: 'Queue' })).close();
    const study = await openStudy(folder);
    const queue = new JobQueue(study, { sleep: { hold: () => {}, release: () => {} } });
    onTestFinished(async () => {
      await queue.close({ grace: 0 });
      study.close();
    });

    const scans = queue.submit('import', { paths: [data], threads: 1 });
    const imported = await queue.ended(scans.id);
    expect(imported).toMatchObject({ state: 'succeeded', outcome: { details: { imported: 4 } } });
    expect(imported.items.sort()).toEqual(
      study.volumes
        .list()
        .map(({ id }) => id)
        .sort(),
    );
    expect(queue.details(scans.id)).toMatchObject({ failed: [] });
    const boxes = queue.submit('annotate', { table: join(data, ANNOTATIONS_FILE) });
    expect(await queue.ended(boxes.id)).toMatchObject({ state: 'succeeded' });

    const patches = await queue.ended(queue.submit('patches', { settings: FEW_PATCHES }).id);
    expect(patches).toMatchObject({ state: 'succeeded', items: [study.patchSets.latest()!.id] });

    const asked = { model: 'autoencoder', budget: { steps: STEPS }, backend: 'cpu-simd' } as const;
    const { id } = queue.submit('train', asked);
    await event(queue, (each) => each.type === 'progress' && each.progress.stage === 'Autoencoder');
    queue.cancel(id);
    const stopped = await queue.ended(id);
    expect(stopped).toMatchObject({ state: 'cancelled', resumable: true });
    const [run] = stopped.items;
    expect(study.checkpoints.latest(run!)!.step).toBeLessThan(STEPS);
    queue.resume(id);
    await until(() => study.runs.get(run!).status === 'running', 60_000);
    process.kill(processOf(queue, id), 'SIGKILL');
    expect((await queue.ended(id)).state).toBe('crashed');
    await until(() => study.runs.get(run!).status === 'crashed');
    queue.resume(id);
    expect(await queue.ended(id)).toMatchObject({ state: 'succeeded', attempt: 3, outcome: { links: { run } } });
    expect(study.checkpoints.latest(run!)!.step).toBe(STEPS);
    expect(study.runs.list()).toHaveLength(1);

    const out = join(temporaryFolder(), 'out');
    const items = [...patches.items, imported.items[0]!];
    const exported = await queue.ended(queue.submit('export', { items, folder: out }).id);
    expect(exported).toMatchObject({ state: 'succeeded' });
    expect(existsSync(join(out, imported.items[0]!, 'image.npy'))).toBe(true);
    const rows = readFileSync(join(out, patches.items[0]!, 'patches.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(rows).toHaveLength(1 + study.patchSets.patches(patches.items[0]!).length);
    const again = await queue.ended(queue.submit('export', { items, folder: out }).id);
    expect(again).toMatchObject({ state: 'failed', error: { code: 'export-exists' } });
    expect((await verifyStudy(study)).problems).toEqual([]);
  }, 240_000);
});
