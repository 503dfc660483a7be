import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStudy } from '../../main/study/index.ts';
import { seriousProblems } from './accessible.ts';
import { describeInBrowser, launchBrowser } from './browser.ts';
import { TestDesktop } from './desktop.ts';
import { remembered } from './settled.ts';
import { filesFrom } from './studies.ts';

/** Different grey levels of a picture: one where it is empty. */
function levels(picture: Locator): Promise<number> {
  return picture.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(data.filter((_, i) => i % 4 === 0)).size;
  });
}

// One journey: scans are looked at, imported, seen as cards, and made an external set.
describeInBrowser('Looking before importing, cards, and external sets', () => {
  let browser: Browser;
  let desktop: TestDesktop;
  let page: Page;
  let home: string;

  const cards = () => page.getByRole('grid', { name: 'Volumes' });
  const card = (name: RegExp) => cards().getByRole('gridcell', { name });
  const panel = () => page.getByRole('complementary');

  const expectAccessible = async (): Promise<void> => expect(await seriousProblems(page)).toEqual([]);

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'isochromat-e2e-'));
    (await createStudy(join(home, 'study'), { name: 'Two sites' })).close();
    filesFrom(join(home, 'scans'), 'dicom', 'siemens_ve11_mgre_mag_phase_unsorted');
    filesFrom(join(home, 'scans'), 'dicom', 'siemens_t1_sagittal_supine_hfs');
    filesFrom(join(home, 'scans'), 'hdf5_variants', 'ok_plain.h5');
    browser = await launchBrowser();
    desktop = await TestDesktop.open(browser, home, { study: join(home, 'study') });
    page = desktop.page;
    page.setDefaultTimeout(60_000);
    await page.waitForURL(/#\/library/);
  }, 600_000);
  afterAll(async () => {
    await desktop?.close();
    await browser?.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('shows slices of what was found, magnitude and phase, before anything is imported', async () => {
    // No look is taken before one of the files has been damaged.
    const looks = '**/arrays/scans/**';
    let look = (): void => {};
    const damaged = new Promise<void>((resolve) => (look = resolve));
    await page.route(looks, async (route) => {
      await damaged;
      await route.continue();
    });
    desktop.choices.push([join(home, 'scans')]);
    await page.getByRole('main').getByRole('button', { name: 'Import volumes' }).last().click();
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    const found = page.getByRole('table', { name: 'Volumes found' });
    await found.waitFor({ timeout: 120_000 });
    // A file that is damaged between the search and the look fails alone.
    truncateSync(join(home, 'scans', 'ok_plain.h5'), 3000);
    look();
    for (const sequence of await found.locator('tbody').getByRole('combobox').all())
      await sequence.selectOption('AXT2');
    const previews = page.getByRole('region', { name: 'What it shows' });
    const echo = previews.getByRole('article').filter({ hasText: '76 × 128' }).first();
    const magnitude = echo.getByRole('img', { name: /^Magnitude of slice 6 of 10/ });
    await magnitude.waitFor({ timeout: 180_000 });
    await expect.poll(() => levels(magnitude)).toBeGreaterThan(30);
    expect(await levels(echo.getByRole('img', { name: /^Phase of slice 6 of 10/ }))).toBeGreaterThan(30);
    // What holds magnitude alone shows no phase.
    const flat = previews.getByRole('article').filter({ hasText: 'sagittal' });
    await flat
      .getByRole('img', { name: /^Magnitude/ })
      .first()
      .waitFor({ timeout: 180_000 });
    expect(await flat.getByRole('img', { name: /^Phase/ }).count()).toBe(0);
    await previews
      .getByRole('article')
      .filter({ has: page.getByRole('alert') })
      .waitFor({ timeout: 180_000 });
  }, 400_000);

  it('names what identifies, attribute by attribute, and says what becomes of it', async () => {
    const names = page.getByTestId('identities');
    const row = (attribute: string) => names.getByRole('row').filter({ hasText: attribute });
    await row("Patient's Name").getByText('acdc_95p').waitFor({ timeout: 120_000 });
    await row('Patient ID (0010,0020)').getByText('becomes a hash').waitFor();
    await row('Institution Name').getByText('is dropped').waitFor();
    await expectAccessible();
  }, 240_000);

  it('forgets the names when the step is over, and imports the rest', async () => {
    const broken = page.getByRole('table', { name: 'Volumes found' }).getByRole('row').filter({ hasText: 'ok_plain' });
    await broken.getByRole('checkbox').uncheck();
    await page.getByRole('button', { name: 'Import 4 volumes' }).click();
    await page.getByTestId('identities').waitFor({ state: 'hidden' });
    await page.getByText('4 volumes imported', { exact: false }).first().waitFor({ timeout: 180_000 });
    await page.getByRole('button', { name: 'Show in the library' }).click();
    await cards().locator('[aria-selected]').nth(3).waitFor();
  }, 240_000);

  it('marks what is in the study already, leaves it out, and takes it all the same where that is wanted', async () => {
    desktop.choices.push([join(home, 'scans')]);
    await page.getByRole('main').getByRole('button', { name: 'Import volumes' }).last().click();
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    const found = page.getByRole('table', { name: 'Volumes found' });
    await found.waitFor({ timeout: 120_000 });
    const leaveOut = page.getByRole('checkbox', { name: 'Leave out 4 volumes that are in the study already' });
    await leaveOut.waitFor({ timeout: 60_000 });
    expect(await leaveOut.isChecked()).toBe(true);
    await expect.poll(() => found.getByText(/^In the study already, as AXT2 /).count()).toBe(4);
    expect(await found.getByRole('checkbox', { name: /^Import .*sagittal/ }).isEnabled()).toBe(false);
    for (const sequence of await found.locator('tbody').getByRole('combobox').all())
      await sequence.selectOption('AXT2');
    await expect.poll(() => page.getByRole('button', { name: /^Import \d/ }).count()).toBe(0);
    await expectAccessible();
    await leaveOut.uncheck();
    await page.getByRole('button', { name: 'Import 4 volumes' }).click();
    await page.getByText('0 volumes imported, 4 in the study already', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Show in the library' }).click();
    await cards().locator('[aria-selected]').nth(3).waitFor();
  }, 240_000);

  it('lets go of the names of a scan when its screen is left, after the look and in the middle of it', async () => {
    const toLibrary = () => page.getByRole('link', { name: 'Library' }).click();
    const look = async (): Promise<string> => {
      desktop.choices.push([join(home, 'scans')]);
      await page.getByRole('main').getByRole('button', { name: 'Import volumes' }).last().click();
      const asked = page.waitForResponse('**/api/intake.inspect*');
      await page.getByRole('button', { name: 'Choose a folder…' }).click();
      return ((await (await asked).json()) as { result: { data: { task: string } } }).result.data.task;
    };
    /** What the engine knows of a scan; asked past the page, which would complain of what is gone. */
    const answer = async (task: string): Promise<string> => {
      const url = new URL('/api/intake.found', desktop.url);
      url.searchParams.set('input', JSON.stringify({ task }));
      return (await fetch(url)).text();
    };
    const finished = await look();
    await page.getByRole('table', { name: 'Volumes found' }).waitFor({ timeout: 120_000 });
    expect(await answer(finished)).toContain('sagittal');
    await toLibrary();
    await expect.poll(() => answer(finished)).toContain('no-such-task');

    // Left before the engine has said what it calls the scan.
    await page.route('**/api/intake.inspect*', async (route) => {
      const response = await route.fetch();
      await toLibrary();
      await cards().waitFor();
      await route.fulfill({ response });
    });
    const early = await look();
    await page.unroute('**/api/intake.inspect*');
    await expect.poll(() => answer(early)).toContain('no-such-task');
  }, 240_000);

  it('shows the library as cards: magnitude, and phase under the pointer or by key', async () => {
    const toCards = page.getByRole('button', { name: 'Cards', exact: true });
    await remembered(page, () => toCards.click(), '"library.view":"cards"');
    await card(/ /).nth(3).waitFor();
    const echo = card(/TE 2\.5 ms/).first();
    await echo.getByRole('img', { name: /^Magnitude/ }).waitFor();
    await echo.hover();
    await echo.getByRole('img', { name: /^Phase/ }).waitFor();
    await page.mouse.move(2, 2);
    await echo.getByRole('img', { name: /^Magnitude/ }).waitFor();
    await cards().focus();
    await page.keyboard.press('p');
    await expect
      .poll(() =>
        cards()
          .getByRole('img', { name: /^Phase/ })
          .count(),
      )
      .toBe(3);
    await page.keyboard.press('p');
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('2 volumes selected').first().waitFor();
    await expectAccessible();
  }, 120_000);

  it('remembers the view', async () => {
    await page.reload();
    await card(/TE 2\.5 ms/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Cards', exact: true }).getAttribute('aria-pressed')).toBe('true');
  }, 120_000);

  it('makes a volume external, and sets its facial slices by eye', async () => {
    await card(/TE 2\.5 ms/)
      .first()
      .click();
    await panel().getByRole('button', { name: 'Make external' }).click();
    await panel().getByRole('button', { name: 'Make training' }).waitFor();
    await panel().getByRole('button', { name: 'Facial slices…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Facial slices of/ });
    const clear = dialog.getByRole('button', { name: 'No facial slices' });
    if (await clear.isEnabled()) await clear.click();
    await dialog.getByRole('button', { name: /^Slice 1\b/ }).click();
    await dialog.getByRole('button', { name: /^Slice 4\b/ }).click();
    expect(await dialog.getByRole('button', { name: 'Slice 3, left out' }).getAttribute('aria-pressed')).toBe('true');
    expect(await levels(dialog.locator('[data-slice="5"] canvas'))).toBeGreaterThan(10);
    await expectAccessible();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await panel().getByTestId('facial').getByText('1 to 4').waitFor();
    await cards().focus();
    await page.keyboard.press('Control+z');
    await expect.poll(() => panel().getByTestId('facial').textContent()).not.toContain('1 to 4');
  }, 120_000);

  it('takes classes from a table, once it is said what the words mean', async () => {
    // What was changed is asked for again; meanwhile its card has no name.
    await expect.poll(() => cards().locator('.name').count()).toBe(4);
    const names = await cards().locator('.name').allTextContents();
    const table = join(home, 'labels.csv');
    const rows = names.map((name, i) => `${name},${['glioma', 'healthy', 'no idea'][i] ?? 'healthy'}`);
    writeFileSync(table, ['volume,diagnosis', ...rows, 'elsewhere,healthy'].join('\n'));
    await page.getByRole('button', { name: 'Labels…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Class labels from a table' });
    desktop.choices.push([table]);
    await dialog.getByRole('button', { name: 'Choose a table…' }).click();
    await dialog.getByRole('combobox', { name: /^glioma/ }).selectOption('abnormal');
    await expect
      .poll(() => dialog.getByRole('status').textContent())
      .toBe('3 volumes of this study found; the class of 3 changes.');
    await dialog.getByText('Line 4: “no idea” is not understood.').waitFor();
    await expectAccessible();
    await dialog.getByRole('button', { name: 'Set the classes' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await card(/abnormal/).waitFor();
    await expect.poll(() => cards().getByText('unlabeled').count()).toBe(1);
    await cards().focus();
    await page.keyboard.press('Control+z');
    await expect.poll(() => cards().getByText('unlabeled').count()).toBe(4);
    // The browser tells of the look that was refused, as it should be.
    expect(desktop.complaints.filter((text) => !text.includes('/arrays/scans/'))).toEqual([]);
  }, 120_000);
});
