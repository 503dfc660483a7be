import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStudy } from '../../main/study/index.ts';
import { describeInBrowser } from './browser.ts';
import { startWindow } from './running-window.ts';
import type { RunningWindow } from './running-window.ts';

const SCREENS = ['library', 'import', 'viewer', 'patches', 'activity', 'settings', ''];

describeInBrowser('the window', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-offline-'));
  let window: RunningWindow | undefined;

  beforeAll(async () => {
    const study = join(folder, 'study');
    (await createStudy(study, { name: 'Offline' })).close();
    window = await startWindow(study);
  }, 400_000);
  afterAll(async () => {
    await window?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks its own engine and nobody else, on every screen', async () => {
    const { page, asked, show } = window!;
    const own = new URL(page.url()).origin;
    for (const screen of SCREENS) {
      await show(screen);
      await page.waitForFunction((hash) => location.hash.startsWith(hash), `#/${screen}`);
      await page.locator('main').first().waitFor();
    }
    expect(asked.some((address) => address.startsWith(`${own}/api/`))).toBe(true);
    const elsewhere = asked.filter((address) => !/^(data|blob):/.test(address) && new URL(address).origin !== own);
    expect(elsewhere).toEqual([]);
  }, 200_000);
});
