import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStudy } from '../../main/study/index.ts';
import { describeInBrowser } from './browser.ts';
import { builtWindow } from './built-window.ts';
import type { EveryScreen } from './every-screen.ts';

const PROGRAM = join(import.meta.dirname, 'every-screen.ts');
/** A network of its own: a loopback, and no other device, route or name server. */
const ALONE = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const canBeAlone = spawnSync(ALONE[0]!, [...ALONE.slice(1), 'true']).status === 0;

describeInBrowser('the window', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-offline-'));
  const study = join(folder, 'study');

  beforeAll(async () => {
    (await createStudy(study, { name: 'Offline' })).close();
    await builtWindow();
  }, 400_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function everyScreen(before: readonly string[]): Promise<EveryScreen> {
    const [program, ...rest] = [...before, process.execPath, PROGRAM, study];
    const { stdout } = await promisify(execFile)(program!, rest);
    return JSON.parse(stdout) as EveryScreen;
  }

  it('asks its own engine and nobody else, on every screen', async () => {
    const { own, elsewhere } = await everyScreen([]);
    expect(elsewhere).toEqual([]);
    expect(own).toBeGreaterThan(20);
  }, 200_000);

  it.skipIf(!canBeAlone)(
    `and its engine work where there is no network at all${canBeAlone ? '' : ' [skipped: unshare -n is not allowed here]'}`,
    async () => {
      const { headings, complaints } = await everyScreen(ALONE);
      expect(headings.filter((heading) => heading !== '')).toHaveLength(7);
      expect(complaints).toEqual([]);
    },
    200_000,
  );
});
