import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type {
  JobRecord,
  KnownVolume,
  ScanResult,
  TaskState,
  VolumeDetails,
  VolumePage,
} from '../../main/server/contract.ts';
import { describeWithData } from '../data.ts';
import { filesFrom } from '../e2e/studies.ts';
import { EngineProcess } from './engine-process.ts';

// One enhanced file of two echoes: two volumes.
const ENHANCED = ['dicom', 'philips_enhanced_fieldmap_mag_phase'];

describeWithData('a file that holds several volumes', () => {
  async function scanned(...source: string[]) {
    const home = mkdtempSync(join(tmpdir(), 'isochromat-choice-'));
    filesFrom(home, ...(source.length > 0 ? source : ENHANCED));
    const engine = await EngineProcess.start('desktop');
    onTestFinished(async () => {
      await engine.stop();
      rmSync(home, { recursive: true, force: true });
    });
    const until = async <T>(ask: () => Promise<T>, over: (answer: T) => boolean): Promise<T> => {
      for (;;) {
        const answer = await ask();
        if (over(answer)) return answer;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const { task } = await engine.mutate<{ task: string }>('intake.inspect', { paths: await engine.tokens(home) });
    const state = await until(
      () => engine.query<TaskState<ScanResult>>('intake.found', { task }),
      (answer) => answer.state !== 'running',
    );
    if (state.state !== 'done') throw new Error(JSON.stringify(state));
    const [folder] = await engine.tokens(home);
    await engine.mutate('study.create', { folder, name: 'Choice' });
    const imported = async (volumes: { key: string; sequence?: string }[], more: { coilSlices?: string } = {}) => {
      const { id } = await engine.mutate<JobRecord>('intake.import', { task, volumes, ...more });
      const job = await until(
        () => engine.query<JobRecord>('jobs.get', { id }),
        ({ state: now }) => now !== 'queued' && now !== 'running',
      );
      expect(job.state).toBe('succeeded');
      const { rows } = await engine.query<VolumePage>('volumes.list', {});
      return rows.map(({ sequence }) => sequence).sort();
    };
    const known = async () => {
      const { task: recognition } = await engine.mutate<{ task: string }>('intake.recognise', { task });
      const answer = await until(
        () => engine.query<TaskState<KnownVolume[]>>('intake.recognised', { task: recognition }),
        ({ state: now }) => now !== 'running',
      );
      if (answer.state !== 'done') throw new Error(JSON.stringify(answer));
      return answer.result;
    };
    return { engine, found: state.result.volumes, imported, known };
  }

  test('gives the one that was chosen, and no other', async () => {
    const { found, imported } = await scanned();
    expect(found).toHaveLength(2);
    expect(await imported([{ key: found[1]!.key, sequence: 'AXT2' }])).toEqual(['AXT2']);
  });

  test('is told from what is in the study already, volume by volume', async () => {
    const { found, imported, known } = await scanned();
    expect(await known()).toEqual([]);
    await imported([{ key: found[1]!.key, sequence: 'AXT2' }]);
    expect(await known()).toMatchObject([
      { key: found[1]!.key, volume: { name: expect.stringMatching(/^AXT2 /) as string } },
    ]);
  });

  test('gives each the sequence that was said of it', async () => {
    const { found, imported } = await scanned();
    const [first, second] = found as [ScanResult['volumes'][number], ScanResult['volumes'][number]];
    expect(
      await imported([
        { key: first.key, sequence: 'AXT1' },
        { key: second.key, sequence: 'AXFLAIR' },
      ]),
    ).toEqual(['AXFLAIR', 'AXT1']);
  });

  test('keeps the coils of those slices that were asked for, and says what they take', async () => {
    const { engine, found, imported } = await scanned('fastmri_layout', 'file_brain_AXT1_900_9000002.h5');
    const { key, coils, slices, coilBytes } = found[0]!;
    // Complex images and sensitivities of 320 × 320.
    expect(coilBytes).toBe(2 * coils! * 320 * 320 * 8);
    await imported([{ key }], { coilSlices: 'all' });
    const { rows } = await engine.query<VolumePage>('volumes.list', {});
    const { info } = await engine.query<VolumeDetails>('volumes.get', { id: rows[0]!.id });
    expect(info['coilSlices']).toEqual(Array.from({ length: slices }, (_, i) => i));
  });
});
