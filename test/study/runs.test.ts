import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStudy, verifyStudy } from '../../main/study/index.ts';
import { writeNpy } from '../../main/formats/npy.ts';
import { addVolume, temporaryStudy } from './temporary-study.ts';
import { makePatches } from '../../main/jobs/patches.ts';
import { DEFAULT_PATCH_SETTINGS } from '../../main/patches/index.ts';
import type { Study } from '../../main/study/index.ts';

async function withPatches(): Promise<{ study: Study; patchSet: string }> {
  const study = await temporaryStudy();
  for (const name of ['a', 'b', 'c']) await addVolume(study, name, { rows: 24, columns: 20 });
  const { set } = await makePatches(study, { seed: 1, settings: { ...DEFAULT_PATCH_SETTINGS, size: 8 } });
  return { study, patchSet: set.id };
}

describe('a run', () => {
  test('keeps its configuration, inputs with their hashes, backend, device and seed', async () => {
    const { study, patchSet } = await withPatches();
    const run = await study.runs.start({
      kind: 'autoencoder',
      preset: 'demo',
      configuration: { steps: 10 },
      inputs: [patchSet],
      backend: 'cpu',
      device: '2 cores',
      seed: 5,
    });
    expect(run).toMatchObject({ status: 'running', preset: 'demo', seed: '5', backend: 'cpu', inputs: [patchSet] });
    expect(JSON.parse(readFileSync(join(study.runs.folder(run.id), 'config.json'), 'utf8'))).toEqual({ steps: 10 });
    expect(study.provenance(run.id).inputs).toEqual([{ id: patchSet, sha256: study.digest(patchSet) }]);
    const done = await study.runs.finish(run.id, 'succeeded', { loss: 0.5 });
    expect(done).toMatchObject({ status: 'succeeded', summary: { loss: 0.5 } });
    expect(study.runs.latest({ kind: 'autoencoder', preset: 'demo' })?.id).toBe(run.id);
    expect(study.runs.latest({ kind: 'autoencoder', preset: 'paper' })).toBeUndefined();
    expect(await verifyStudy(study)).toMatchObject({ ok: true, problems: [] });
  });

  test('keeps metrics and checkpoints through interruption and resume', async () => {
    const { study } = await withPatches();
    const { id } = await study.runs.start({ kind: 'flow', configuration: {}, inputs: [] });
    let log = study.runs.openMetrics(id);
    for (const step of [1, 2, 3, 4]) log.append({ step, loss: 1 / step });
    await study.checkpoints.add(id, 2, (path) => writeFileSync(path, 'two'), { loss: 0.5 });
    await study.checkpoints.add(id, 4, (path) => writeFileSync(path, 'four'));
    log.close();
    // Killed while a line was written.
    appendFileSync(join(study.runs.folder(id), 'metrics.jsonl'), '{"step":5,"lo');
    study.close();
    const again = await openStudy(study.folder);
    expect(again.runs.get(id).status).toBe('interrupted');
    expect(again.runs.metrics(id).map((line) => line.step)).toEqual([1, 2, 3, 4]);
    expect(again.checkpoints.latest(id)).toMatchObject({ id: `${id}/step-4`, step: 4 });

    again.runs.resume(id);
    expect(() => again.runs.resume(id)).toThrow(expect.objectContaining({ code: 'run-not-resumable' }));
    log = again.runs.openMetrics(id, 2);
    for (const step of [3, 4]) log.append({ step, loss: 10 });
    log.close();
    const second = await again.checkpoints.add(id, 4, (path) => writeFileSync(path, 'four again'));
    expect(again.runs.metrics(id)).toEqual([
      { step: 1, loss: 1 },
      { step: 2, loss: 0.5 },
      { step: 3, loss: 10 },
      { step: 4, loss: 10 },
    ]);
    // What the resumed run made again replaces what it had made before, which lies in the trash.
    expect(again.checkpoints.list(id).map((checkpoint) => readFileSync(checkpoint.file, 'utf8'))).toEqual([
      'two',
      'four again',
    ]);
    expect(second.id).toBe(`${id}/step-4-2`);
    expect(existsSync(join(study.folder, 'trash', `runs-${id}-checkpoints-step-4.safetensors`))).toBe(true);
    await again.runs.finish(id, 'succeeded');
    expect(() => again.runs.resume(id)).toThrow(expect.objectContaining({ code: 'run-not-resumable' }));
    expect((await verifyStudy(again)).problems).toEqual([]);
    again.close();
  });

  test('a checkpoint that cannot be written leaves nothing behind', async () => {
    const { study } = await withPatches();
    const { id } = await study.runs.start({ kind: 'flow', configuration: {}, inputs: [] });
    const failing = study.checkpoints.add(id, 1, (path) => {
      writeFileSync(path, 'half');
      throw new Error('disk');
    });
    await expect(failing).rejects.toThrow('disk');
    expect(study.checkpoints.list(id)).toEqual([]);
    expect((await verifyStudy(study)).problems).toEqual([]);
  });

  test('takes samples by a plain name only', async () => {
    const { study } = await withPatches();
    const { id } = await study.runs.start({ kind: 'flow', configuration: {}, inputs: [] });
    const file = await study.runs.addSample(id, 'step-1.txt', (path) => writeFileSync(path, 'x'));
    expect(readFileSync(file, 'utf8')).toBe('x');
    for (const name of ['../escape', '.hidden', 'a/b', '']) {
      await expect(study.runs.addSample(id, name, () => {})).rejects.toMatchObject({ code: 'file-name' });
    }
    expect((await verifyStudy(study)).problems).toEqual([]);
  });
});

describe('what is made from a run', () => {
  test('is stored with where it came from, found again, and keeps what it rests on from being removed', async () => {
    const { study, patchSet } = await withPatches();
    const run = await study.runs.start({ kind: 'flow', configuration: {}, inputs: [patchSet] });
    const checkpoint = await study.checkpoints.add(run.id, 1, (path) => writeFileSync(path, 'weights'));
    await study.runs.finish(run.id, 'succeeded');
    const array = { shape: [2, 1], data: Float32Array.of(1, 2) };

    const latents = await study.latents.add(
      { checkpoint: checkpoint.id, patchSet, info: { mean: 1 }, configuration: {} },
      (folder) => writeNpy(join(folder, 'train.npy'), array),
    );
    expect(study.latents.find(checkpoint.id, patchSet)).toEqual(latents);
    expect(study.latents.find(checkpoint.id, 'another')).toBeUndefined();

    const patches = [
      { sequence: 'AXT1', condition: 'normal', seed: '1' },
      { sequence: 'AXT2', condition: 'abnormal', seed: '2' },
    ] as const;
    const set = await study.synthetic.add(
      { checkpoint: checkpoint.id, purpose: 'generate', info: { guidance: 2 }, patches, inputs: [], configuration: {} },
      (folder) => writeNpy(join(folder, 'patches.npy'), array),
    );
    expect(study.synthetic.patches(set.id)).toEqual(patches);
    expect(study.synthetic.list({ purpose: 'realism' })).toEqual([]);
    expect(study.synthetic.list({ checkpoint: checkpoint.id })).toEqual([set]);

    const experiment = study.experiments.add({
      kind: 'realism',
      configuration: { seeds: 5 },
      inputs: [set.id, patchSet],
      result: { auroc: [0.5, null] },
    });
    expect(study.experiments.latest('realism')).toEqual(experiment);
    expect(experiment).toMatchObject({
      config: { seeds: 5 },
      inputs: [set.id, patchSet],
      result: { auroc: [0.5, null] },
    });

    const volume = study.volumes.list()[0]!;
    const scores = study.scores.add({
      run: run.id,
      inputs: [checkpoint.id, volume.id],
      configuration: {},
      scores: [{ volume: volume.id, score: 0.75, patches: 40, used: 2, tissueClass: 'abnormal' }],
    });
    expect(study.scores.of(scores.id)).toEqual([
      { volume: volume.id, score: 0.75, patches: 40, used: 2, tissueClass: 'abnormal' },
    ]);

    for (const id of [volume.id, patchSet, run.id, checkpoint.id, set.id]) {
      expect(() => study.remove(id)).toThrow(expect.objectContaining({ code: 'item-in-use' }));
    }
    for (const id of [scores.id, experiment.id, set.id, latents.id, run.id, patchSet, volume.id]) study.remove(id);
    expect([study.runs.list(), study.synthetic.list(), study.experiments.list(), study.scores.list()]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(() => study.remove(run.id)).toThrow(expect.objectContaining({ code: 'no-such-item' }));
    expect((await verifyStudy(study)).problems).toEqual([]);
  });

  test('refuses inputs that the study does not know', async () => {
    const { study } = await withPatches();
    expect(() => study.experiments.add({ kind: 'realism', configuration: {}, inputs: ['nobody'], result: 1 })).toThrow(
      expect.objectContaining({ code: 'no-such-item' }),
    );
    expect(study.experiments.list()).toEqual([]);
  });
});
