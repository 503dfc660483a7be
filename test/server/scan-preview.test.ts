import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findVolumes } from '../../main/jobs/intake/find.ts';
import { ScanPreviews } from '../../main/server/arrays/scan-previews.ts';
import type { IdentitiesShown, ScanResult, TaskState } from '../../main/server/contract.ts';
import { describeWithData } from '../data.ts';
import { filesFrom } from '../e2e/studies.ts';
import { EngineProcess } from './engine-process.ts';

// Before anything is imported: what the scan holds, looked at and named, and gone afterwards.
describeWithData('a look at scans before they are imported', () => {
  let engine: EngineProcess;
  let home: string;
  let task: string;
  let found: ScanResult;

  const previewOf = (key: string) => engine.ask(`/arrays/scans/${task}/${key}/preview`);
  const keyOf = (name: string): string => found.volumes.find((volume) => volume.name.includes(name))!.key;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'isochromat-preview-'));
    filesFrom(home, 'dicom', 'siemens_ve11_mgre_mag_phase_unsorted');
    filesFrom(home, 'dicom', 'siemens_t1_sagittal_supine_hfs');
    filesFrom(home, 'fastmri_layout', 'file_brain_AXT1_900_9000002.h5');
    engine = await EngineProcess.start('desktop');
    const paths = await engine.tokens(home);
    ({ task } = await engine.mutate<{ task: string }>('intake.inspect', { paths }));
    for (;;) {
      const state = await engine.query<TaskState<ScanResult>>('intake.found', { task });
      if (state.state === 'done') {
        found = state.result;
        break;
      }
      if (state.state !== 'running') throw new Error(JSON.stringify(state));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }, 240_000);
  afterAll(async () => {
    await engine?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('shows first, middle and last slice of each volume, magnitude and phase, and lets nothing keep them', async () => {
    expect(found.volumes).toHaveLength(5);
    const answers = await Promise.all(found.volumes.map(({ key }) => previewOf(key)));
    answers.forEach(({ status, headers, body }, i) => {
      const { slices, hasPhase } = found.volumes[i]!;
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      const [count, parts, rows, columns] = String(headers['x-shape']).split(',').map(Number) as number[];
      expect([count, parts]).toEqual([Math.min(3, slices), 2]);
      expect(body).toHaveLength(count! * 2 * rows! * columns!);
      const spread = (part: number) =>
        new Set(body.subarray(part * rows! * columns!, (part + 1) * rows! * columns!)).size;
      expect(spread(0)).toBeGreaterThan(30);
      // Where no phase was measured, there is no more than rounding in its picture.
      if (hasPhase) expect(spread(1)).toBeGreaterThan(30);
    });
  }, 240_000);

  test('names what identifies, attribute by attribute, and what becomes of it', async () => {
    const keys = found.volumes.map(({ key }) => key);
    const { attributes, failed } = await engine.query<IdentitiesShown>('intake.identities', { task, keys });
    expect(failed).toEqual([]);
    const valuesOf = (name: string) => attributes.find(({ attribute }) => attribute.startsWith(name))?.values ?? [];
    expect(valuesOf('Patient ID')).toContainEqual({ value: '201911011532', becomes: 'hash', volumes: 3 });
    expect(valuesOf("Patient's Name")).toContainEqual({ value: 'acdc_95p', becomes: 'nothing', volumes: 3 });
    expect(JSON.stringify(valuesOf('Institution Address'))).toContain('Montreal');
    expect(valuesOf('patient_id')).toMatchObject([{ becomes: 'hash', volumes: 1 }]);
    expect(valuesOf('institutionName')).toMatchObject([{ value: 'PLACEHOLDER', becomes: 'nothing' }]);
    expect(valuesOf('Private elements')).not.toEqual([]);
    // The public pseudonym of a data set is no identity.
    expect(JSON.stringify(valuesOf('File name'))).not.toContain('file_brain');
    expect(JSON.stringify(found)).not.toMatch(/acdc|201911011532/);
  }, 120_000);

  test('says in its place which volume cannot be shown, and shows the others', async () => {
    truncateSync(join(home, 'file_brain_AXT1_900_9000002.h5'), 30_000);
    const broken = keyOf('9000002');
    const sound = keyOf('sagittal');
    const [bad, good] = await Promise.all([previewOf(broken), previewOf(sound)]);
    expect(bad.status).toBe(400);
    expect(JSON.parse(bad.body.toString())).toMatchObject({ code: expect.stringMatching(/^hdf5-/) as string });
    expect(bad.body.toString()).not.toContain(home);
    expect(good.status).toBe(200);
    const named = await engine.query<IdentitiesShown>('intake.identities', { task, keys: [broken, sound] });
    expect(named.failed).toMatchObject([{ key: broken }]);
    expect(named.attributes.length).toBeGreaterThan(5);
  }, 240_000);

  test('reads nothing that nobody waits for, and what somebody does all the same', async () => {
    const { volumes } = await findVolumes([join(home, 'siemens_t1_sagittal_supine_hfs')]);
    const previews = new ScanPreviews();
    const left = previews.get(volumes[0]!, AbortSignal.abort());
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    const beside = previews.get(volumes[0]!, AbortSignal.abort()).catch(() => undefined);
    const { shape } = await previews.get(volumes[0]!, new AbortController().signal);
    expect(shape.slice(0, 2)).toEqual([3, 2]);
    await beside;
  }, 120_000);

  test('is forgotten when it is not looked at any more, and leaves no trace', async () => {
    await engine.mutate('intake.forget', { task });
    expect((await previewOf('v0')).status).toBe(400);
    await expect(engine.query('intake.identities', { task, keys: ['v0'] })).rejects.toMatchObject({
      code: 'no-such-task',
    });
    for (const entry of readdirSync(engine.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      expect(readFileSync(join(entry.parentPath, entry.name), 'latin1')).not.toMatch(/acdc|201911011532|Montreal/);
    }
  });
});
