import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JobRecord, ScanResult, TaskState, VolumePage } from '../../main/server/contract.ts';
import { describeWithData } from '../data.ts';
import { filesFrom } from '../e2e/studies.ts';
import { EngineProcess } from './engine-process.ts';

// One enhanced file of two echoes: two volumes.
describeWithData('a file that holds several volumes', () => {
  async function scanned() {
    const home = mkdtempSync(join(tmpdir(), 'isochromat-choice-'));
    filesFrom(home, 'dicom', 'philips_enhanced_fieldmap_mag_phase');
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
    const imported = async (volumes: { key: string; sequence?: string }[]) => {
      const { id } = await engine.mutate<JobRecord>('intake.import', { task, volumes });
      const job = await until(
        () => engine.query<JobRecord>('jobs.get', { id }),
        ({ state: now }) => now !== 'queued' && now !== 'running',
      );
      expect(job.state).toBe('succeeded');
      const { rows } = await engine.query<VolumePage>('volumes.list', {});
      return rows.map(({ sequence }) => sequence).sort();
    };
    return { found: state.result.volumes, imported };
  }

  test('gives the one that was chosen, and no other', async () => {
    const { found, imported } = await scanned();
    expect(found).toHaveLength(2);
    expect(await imported([{ key: found[1]!.key, sequence: 'AXT2' }])).toEqual(['AXT2']);
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
});
