import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStudy, verifyStudy } from '../../main/study/index.ts';
import { addVolume, IDENTITY_KEY, temporaryStudy } from './temporary-study.ts';

const DOOR = join(import.meta.dirname, '../../main/study/index.ts');

describe('opening a study after a process was killed', () => {
  test('removes what was half written and interrupts the run that was running', async () => {
    const study = await temporaryStudy();
    study.close();
    const child = await processAtWork(study.folder);
    expect(readdirSync(join(study.folder, 'staging'))).toHaveLength(2);
    await kill(child);
    const again = await openStudy(study.folder, { identityKey: IDENTITY_KEY });
    expect(again.recovery.removed).toHaveLength(1);
    expect(again.recovery.interruptedRuns).toEqual(again.runs.list().map((run) => run.id));
    expect(again.runs.list()[0]).toMatchObject({ status: 'interrupted', kind: 'flow' });
    expect(again.recovery.movedToTrash).toEqual([]);
    expect(readdirSync(join(study.folder, 'staging')).filter((name) => !name.endsWith('.lock'))).toHaveLength(1);
    expect(await verifyStudy(again)).toMatchObject({ ok: true });
    again.close();
  });

  test('does not touch the work of a process that is alive', async () => {
    const study = await temporaryStudy();
    study.close();
    const child = await processAtWork(study.folder);
    const other = await openStudy(study.folder, { identityKey: IDENTITY_KEY });
    expect(other.recovery).toEqual({ removed: [], movedToTrash: [], interruptedRuns: [], missing: [] });
    expect(other.runs.list()[0]).toMatchObject({ status: 'running' });
    await addVolume(other, 'from another process');
    other.close();
    child.stdin!.end('finish');
    await new Promise((done) => child.once('exit', done));
    const after = await openStudy(study.folder, { identityKey: IDENTITY_KEY });
    expect(after.volumes.list().map((volume) => volume.name)).toEqual(['from another process', 'from the child']);
    expect(after.runs.list()[0]).toMatchObject({ status: 'succeeded' });
    expect(await verifyStudy(after)).toMatchObject({ ok: true });
    after.close();
  });

  test('moves files that no row knows to the trash, and keeps them there', async () => {
    const study = await temporaryStudy();
    const run = await study.runs.start({ kind: 'flow', configuration: {}, inputs: [] });
    await study.runs.finish(run.id, 'succeeded');
    study.close();
    mkdirSync(join(study.folder, 'volumes', 'stranger'));
    writeFileSync(join(study.folder, 'volumes', 'stranger', 'image.npy'), 'x');
    writeFileSync(join(study.folder, 'runs', run.id, 'checkpoints', 'step-7.safetensors'), 'x');
    const again = await openStudy(study.folder);
    expect(again.recovery.movedToTrash).toEqual(['volumes/stranger', `runs/${run.id}/checkpoints/step-7.safetensors`]);
    expect(readdirSync(join(study.folder, 'trash')).sort()).toEqual([
      `runs-${run.id}-checkpoints-step-7.safetensors`,
      'volumes-stranger',
    ]);
    expect(await verifyStudy(again)).toMatchObject({ ok: true });
    again.close();
  });

  test('finishes a removal that was cut off between its row and its files', async () => {
    const study = await temporaryStudy();
    const { id } = await addVolume(study, 'one');
    study.remove(id);
    renameSync(join(study.folder, 'trash', `volumes-${id}`), join(study.folder, 'volumes', id));
    study.close();
    const again = await openStudy(study.folder);
    expect(again.recovery.movedToTrash).toEqual([`volumes/${id}`]);
    expect(again.volumes.count()).toBe(0);
    expect(await verifyStudy(again)).toMatchObject({ ok: true });
    again.close();
  });

  test('reports items whose files are gone, and changes nothing', async () => {
    const study = await temporaryStudy();
    const { id } = await addVolume(study, 'one');
    study.close();
    rmSync(join(study.folder, 'volumes', id), { recursive: true });
    const again = await openStudy(study.folder);
    expect(again.recovery.missing).toEqual([id]);
    expect(again.volumes.count()).toBe(1);
    const { ok, problems } = await verifyStudy(again);
    expect(ok).toBe(false);
    expect(problems.map((problem) => problem.code)).toEqual(['file-missing', 'file-missing']);
    again.close();
  });
});

describe('verifying a study', () => {
  test.each([
    ['a changed byte', (file: string) => writeFileSync(file, 'y', { flag: 'r+' }), 'file-changed'],
    ['a longer file', (file: string) => appendFileSync(file, 'y'), 'file-changed'],
    ['a file that is now a folder', (file: string) => (rmSync(file), mkdirSync(file)), 'file-replaced'],
  ])('finds %s', async (_, damage, code) => {
    const study = await temporaryStudy();
    const { id } = await addVolume(study, 'one');
    damage(join(study.folder, 'volumes', id, 'mask.npy'));
    const { ok, problems } = await verifyStudy(study);
    expect(ok).toBe(false);
    expect(problems).toMatchObject([{ code, item: id, path: `volumes/${id}/mask.npy` }]);
  });

  test('finds a file that does not belong there, also in a study that is only read', async () => {
    const study = await temporaryStudy();
    const { id } = await addVolume(study, 'one');
    writeFileSync(join(study.folder, 'volumes', id, 'notes.txt'), 'x');
    expect((await verifyStudy(study)).problems).toMatchObject([
      { code: 'file-unknown', path: `volumes/${id}/notes.txt` },
    ]);
  });

  test('finds a patient in two splits, and patches where their scheme does not put them', async () => {
    const study = await temporaryStudy();
    const one = await addVolume(study, 'one', { patient: 'p' });
    const two = await addVolume(study, 'two', { patient: 'p' });
    const scheme = study.splits.create(1, {});
    study.splits.place(
      scheme.id,
      new Map([
        [one.id, 'train'],
        [two.id, 'test'],
      ]),
    );
    expect((await verifyStudy(study)).problems).toMatchObject([{ code: 'split-leak' }]);
  });

  test('can be stopped', async () => {
    const study = await temporaryStudy();
    await addVolume(study, 'one');
    await expect(verifyStudy(study, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

/** A child process with a run that is running and a volume half staged; on "finish" it completes both. */
async function processAtWork(folder: string): Promise<ChildProcess> {
  const script = `
    const { openStudy, writeVolumeArrays } = await import(${JSON.stringify(DOOR)});
    const { facts } = await import(${JSON.stringify(join(import.meta.dirname, 'volume-facts.ts'))});
    const study = await openStudy(${JSON.stringify(folder)});
    const run = await study.runs.start({ kind: 'flow', configuration: {}, inputs: [] });
    study.runs.openMetrics(run.id).append({ step: 1, loss: 2 });
    const volume = facts('from the child');
    const folder = study.volumes.stage();
    const { slices, rows, columns } = volume;
    const samples = slices * rows * columns;
    await writeVolumeArrays(folder, { slices, rows, columns, data: new Float32Array(2 * samples) }, new Uint8Array(samples));
    process.stdout.write('at work');
    for await (const chunk of process.stdin) {
      await study.volumes.add(folder, volume, { inputs: [{ id: 'source', sha256: volume.sourceSha256 }], configuration: {} });
      await study.runs.finish(run.id, 'succeeded');
    }
    study.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((done) => child.stdout.once('data', done));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}
