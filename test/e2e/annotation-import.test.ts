import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seriousProblems } from './accessible.ts';
import { describeInBrowser, launchBrowser } from './browser.ts';
import { TestDesktop } from './desktop.ts';
import { exportedTable } from './exported-table.ts';
import { viewerStudy } from './viewer-study.ts';

describeInBrowser('importing annotations', () => {
  let browser: Browser;
  let desktop: TestDesktop;
  let table: string;
  let real: string;
  const boxes = (): Promise<string[]> =>
    desktop.page.locator('[data-pane="0"] [data-box]').evaluateAll((all) => all.map((one) => one.ariaLabel ?? ''));

  beforeAll(async () => {
    const study = await viewerStudy();
    real = study.real;
    browser = await launchBrowser();
    const home = mkdtempSync(join(tmpdir(), 'isochromat-e2e-'));
    desktop = await TestDesktop.open(browser, home, {
      study: study.folder,
      context: { viewport: { width: 1440, height: 900 } },
    });
    await desktop.page.waitForURL(/#\/library/);
    await desktop.page.evaluate((id) => void (location.hash = `#/viewer/${id}`), real);
    await desktop.page.locator('[data-pane="0"] [data-box]').first().waitFor();
    table = await exportedTable(desktop.page);
  }, 300_000);
  afterAll(async () => {
    await desktop?.close();
    await browser?.close();
  });

  it('sees columns, boxes and volumes of a table, and that its boxes lie in the head', async () => {
    const { page } = desktop;
    // Another order and other names: the columns are guessed, and can be said.
    const text = await readFile(table, 'utf8');
    await writeFile(
      table,
      text.replace('file,slice,study_level,x,y,width,height,label', 'scan,slice,study_level,left,top,w,h,finding'),
    );
    await page.getByRole('button', { name: 'Import a table…' }).click();
    desktop.choices.push([table]);
    await page.getByRole('button', { name: 'Choose a table…' }).click();
    await page.locator('[data-role="file"]').selectOption('scan');
    await page.locator('[data-testid="flipped"]').setChecked(true);
    await page.getByText(/\d+ boxes on \d+ volumes of this study\./).waitFor();
    await page.getByText('The boxes lie in the head.').waitFor();
    expect(await seriousProblems(page, '[role="dialog"]')).toEqual([]);
  });

  it('brings the same boxes back, and the screen follows the job', async () => {
    const { page } = desktop;
    const before = (await boxes()).sort();
    expect(before.length).toBeGreaterThan(0);
    const selected = page
      .locator('[data-row]')
      .first()
      .getByRole('button', { name: /^Delete/ });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await selected.click();
    await expect.poll(async () => (await boxes()).length, { timeout: 20_000 }).toBe(before.length - 1);
    await page.getByRole('button', { name: 'Import a table…' }).click();
    desktop.choices.push([table]);
    await page.getByRole('button', { name: 'Choose a table…' }).click();
    await page.locator('[data-role="file"]').selectOption('scan');
    await page.locator('[data-testid="flipped"]').setChecked(true);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect.poll(async () => (await boxes()).sort(), { timeout: 60_000 }).toEqual(before);
    expect(desktop.complaints).toEqual([]);
  });

  it('leaves those volumes in the library that have a finding', async () => {
    const { page } = desktop;
    const finding = (await boxes())[0]!.split(/[,:·]/)[0]!.trim();
    await page.getByRole('link', { name: 'Library' }).click();
    const facet = page.getByRole('group', { name: 'Finding' }).getByRole('checkbox').and(page.getByLabel(finding));
    await facet.check();
    const count = page.getByText(/^\d+ of \d+ volumes$/);
    await count.waitFor();
    expect(await page.getByRole('grid', { name: 'Volumes' }).textContent()).toContain('file_brain_AXT1_900_9000001');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await count.waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: /^not annotated/ }).check();
    await count.waitFor();
    expect(await page.getByRole('grid', { name: 'Volumes' }).textContent()).not.toContain('file_brain_AXT1_900');
    expect(desktop.complaints).toEqual([]);
  });
});
