import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { writePhantomDataset } from '../../main/jobs/phantom.ts';
import { createStudy, openStudy, verifyStudy } from '../../main/study/index.ts';
import type { Study } from '../../main/study/index.ts';
import { buildDicom } from './intake/build-dicom.ts';
import { temporaryFolder, temporaryFolderForAll } from '../study/temporary-study.ts';

/** More rounds: ISOCHROMAT_KILL_ROUNDS=200 npx vitest run test/jobs/kill.test.ts */
const ROUNDS = Number(process.env['ISOCHROMAT_KILL_ROUNDS'] ?? 20);
const IMPORT_ROUNDS = Math.ceil(ROUNDS / 7);
const DICOM_ROUNDS = Math.ceil(ROUNDS / 5);

describe('a study whose process is killed at any moment', () => {
  test(
    'holds no half item afterwards, whatever was being written or removed',
    async () => {
      const folder = await newStudy();
      const random = new Random(`${Date.now()}`);
      let caught = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const signal = await runAndKill('churn.ts', [folder, String(round)], random.uniform(0, 400));
        expect(signal).toBe('SIGKILL');
        const study = await openStudy(folder);
        const { problems } = await verifyStudy(study);
        expect(problems).toEqual([]);
        expect(study.runs.list({ status: 'running' })).toEqual([]);
        const { removed, movedToTrash, interruptedRuns } = study.recovery;
        caught += removed.length + movedToTrash.length + interruptedRuns.length > 0 ? 1 : 0;
        study.close();
        expect(readdirSync(join(folder, 'staging'))).toEqual([]);
      }
      // Had no kill come in the middle of something, nothing would have been tested.
      expect(caught).toBeGreaterThan(0);
    },
    60_000 + ROUNDS * 5000,
  );
});

describe('an import that is killed again and again', () => {
  const data = join(temporaryFolderForAll(), 'data');
  beforeAll(async () => {
    await writePhantomDataset({ volumes: 4, slices: 1, size: 64, coils: 2, seed: 1, unlabeledShare: 1 }, data);
  });

  test(
    'is continued to the same volumes and patches as one that is not',
    async () => {
      const untouched = await newStudy();
      const started = performance.now();
      expect(await finish(untouched, data)).toBe(0);
      const whole = performance.now() - started;
      const folder = await newStudy();
      const random = new Random(`${Date.now()}`);
      for (let round = 0; round < IMPORT_ROUNDS; round++) {
        await runAndKill('import-and-patch.ts', [folder, data], random.uniform(0, whole / 2));
        const study = await openStudy(folder);
        expect((await verifyStudy(study)).problems).toEqual([]);
        study.close();
      }
      expect(await finish(folder, data)).toBe(0);
      expect(await contentOf(folder)).toEqual(await contentOf(untouched));
    },
    120_000 + IMPORT_ROUNDS * 15_000,
  );
});

describe('an import of DICOM series, and their removal, killed again and again', () => {
  const data = join(temporaryFolderForAll(), 'series');
  beforeAll(() => {
    mkdirSync(data, { recursive: true });
    for (const series of ['1', '2', '3', '4']) {
      for (const instance of [1, 2]) {
        for (const component of ['M', 'P']) {
          const image = { series, instance, position: 5 * instance, component };
          writeFileSync(join(data, `${series}-${instance}-${component}`), buildDicom(image));
        }
      }
    }
  });

  test(
    'leaves no half item, and is continued to the same volumes',
    async () => {
      const untouched = await newStudy();
      expect(await finish(untouched, data, 'import-and-remove.ts')).toBe(0);
      expect(await volumesOf(untouched)).toHaveLength(4);
      const folder = await newStudy();
      const random = new Random(`${Date.now()}`);
      for (let round = 0; round < DICOM_ROUNDS; round++) {
        await runAndKill('import-and-remove.ts', [folder, data], random.uniform(0, 2500));
        const study = await openStudy(folder);
        expect((await verifyStudy(study)).problems).toEqual([]);
        study.close();
      }
      expect(await finish(folder, data, 'import-and-remove.ts')).toBe(0);
      expect(await volumesOf(folder)).toEqual(await volumesOf(untouched));
    },
    120_000 + DICOM_ROUNDS * 15_000,
  );
});

describe('two processes that import the same folder at the same time', () => {
  const data = join(temporaryFolderForAll(), 'data');
  beforeAll(async () => {
    await writePhantomDataset({ volumes: 2, slices: 1, size: 64, coils: 2, seed: 2, unlabeledShare: 1 }, data);
  });

  test('store each scan once, and both succeed', async () => {
    const folder = await newStudy();
    expect(await Promise.all([finish(folder, data), finish(folder, data)])).toEqual([0, 0]);
    const study = await openStudy(folder);
    expect(study.volumes.count()).toBe(2);
    expect(study.patchSets.list()).toHaveLength(2);
    expect((await verifyStudy(study)).problems).toEqual([]);
    study.close();
  });
});

async function newStudy(): Promise<string> {
  const study = await createStudy(join(temporaryFolder(), 'study'), { name: 'killed' });
  study.close();
  return study.folder;
}

/** Runs a script of this folder until it says that it is ready, and kills it some time later. Tells how it ended. */
async function runAndKill(script: string, args: string[], delay: number): Promise<string | null> {
  const child = start(script, args);
  const ended = new Promise<string | null>((done) => child.once('exit', (_, signal) => done(signal)));
  await new Promise((ready) => child.stdout!.once('data', ready));
  await new Promise((later) => setTimeout(later, delay));
  child.kill('SIGKILL');
  return ended;
}

async function finish(folder: string, data: string, script = 'import-and-patch.ts'): Promise<number | null> {
  const child = start(script, [folder, data, 'once']);
  return new Promise((done) => child.once('exit', done));
}

function start(script: string, args: string[]): ReturnType<typeof spawn> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ISOCHROMAT_CONFIG_DIR: join(temporaryConfig(), 'config') },
  });
  child.stdout!.resume();
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

let config: string | undefined;
function temporaryConfig(): string {
  config = config !== undefined && existsSync(config) ? config : temporaryFolder();
  return config;
}

/** What a study holds, without what differs by nature: ids that were drawn and times. */
async function contentOf(folder: string): Promise<unknown> {
  const study: Study = await openStudy(folder);
  const digests = study.volumes.list().map((volume) => `${volume.id} ${study.digest(volume.id)}`);
  const set = study.patchSets.latest()!;
  const splits = study.patchSets.patches(set.id);
  const content = {
    digests: digests.sort(),
    patches: splits,
    files: study.digest(set.id),
    verified: await verifyStudy(study),
  };
  const { ok, problems } = content.verified;
  study.close();
  return { ...content, verified: { ok, problems } };
}

/** Volumes by their content; the id of one that was removed and imported again differs. */
async function volumesOf(folder: string): Promise<string[]> {
  const study = await openStudy(folder);
  const found = study.volumes.list().map(({ id, sourceSha256, name }) => `${name} ${sourceSha256} ${study.digest(id)}`);
  expect(await verifyStudy(study)).toMatchObject({ ok: true });
  study.close();
  return found.sort();
}
