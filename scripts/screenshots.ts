// Makes the pictures of the window in docs/images/window: node scripts/screenshots.ts [NAME…]
// Every screen in both themes, and its states: empty, loading, full, failing. Needs Chromium and the real test files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createStudy } from '../main/study/index.ts';
import { launchBrowser } from '../test/e2e/browser.ts';
import { TestDesktop } from '../test/e2e/desktop.ts';
import { withFailure, withManyVolumes, withoutAnswer, withUnusableSlices } from '../test/e2e/stand-ins.ts';
import { filesFrom, realStudy } from '../test/e2e/studies.ts';
import { takePatches } from '../test/e2e/viewer-study.ts';
import { VIEWER_SHOTS } from './screenshots-viewer.ts';

interface Shot {
  name: string;
  /** The study to open; `none` = the start. */
  study: 'none' | 'empty' | 'real';
  /** From the start of the address to the picture. */
  show: (page: Page, desktop: TestDesktop) => Promise<unknown>;
  /** Where it matters that a request is answered differently. */
  before?: (page: Page) => Promise<void>;
  /** Puts back what the window would remember. */
  after?: (page: Page) => Promise<unknown>;
}

const out = join(import.meta.dirname, '..', 'docs', 'images', 'window');
const home = mkdtempSync(join(tmpdir(), 'isochromat-pictures-'));
const only = process.argv.slice(2);

const go = (page: Page, place: string): Promise<unknown> =>
  page.evaluate((hash) => void (location.hash = hash), `#/${place}`);
const firstRow = (page: Page) =>
  page.getByRole('grid', { name: 'Volumes' }).locator('[role="row"][aria-selected]').first();
const rowOf = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Volumes' }).locator('[role="row"][aria-selected]').filter({ hasText: name });
async function backToRows(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page.waitForTimeout(1_200);
}
/** A folder with several volumes, and files that are refused. */
function scansToImport(): string {
  const scans = join(home, 'scans');
  filesFrom(scans, 'dicom', 'siemens_ve11_mgre_mag_phase_unsorted');
  filesFrom(scans, 'dicom', 'siemens_t2_axial_ima_extension');
  filesFrom(scans, 'dicom_not_image');
  filesFrom(scans, 'hdf5_variants', 'ok_plain.h5');
  return scans;
}
const FULL_DISK = {
  code: 'catalogue-busy',
  sentence: 'The study is busy: another program has been writing to it for a minute.',
  expected: 'a study that can be read',
  found: 'a lock held by another process',
  remedy: 'Wait until the other program is done, then try again.',
};

const SHOTS: Shot[] = [
  { name: 'start', study: 'none', show: (page) => page.getByRole('heading', { name: 'Try the demo study' }).waitFor() },
  {
    name: 'new-study',
    study: 'none',
    show: (page) => page.getByRole('button', { name: 'New study…' }).click(),
  },
  {
    name: 'library-empty',
    study: 'empty',
    show: (page) => page.getByRole('heading', { name: 'No volumes yet' }).waitFor(),
  },
  { name: 'activity-empty', study: 'empty', show: (page) => go(page, 'activity') },
  { name: 'library', study: 'real', show: (page) => firstRow(page).click() },
  {
    name: 'library-slices',
    study: 'real',
    before: withUnusableSlices,
    show: (page) => rowOf(page, 'TE 4.6 ms').click(),
  },
  {
    name: 'library-grouped',
    study: 'real',
    async show(page) {
      await page.getByRole('combobox', { name: 'Group by' }).press('Enter');
      await page.getByRole('option', { name: 'Class' }).click();
      await firstRow(page).click();
      await page.keyboard.press('Shift+ArrowDown');
    },
    async after(page) {
      await page.getByRole('combobox', { name: 'Group by' }).press('Enter');
      await page.getByRole('option', { name: 'No groups' }).click();
      // What is remembered is sent to the engine after a pause.
      await page.waitForTimeout(1_200);
    },
  },
  {
    name: 'library-full',
    study: 'real',
    before: (page) => withManyVolumes(page, 10_000),
    async show(page) {
      await page.getByText('10,000 volumes').waitFor();
      await page.getByRole('grid', { name: 'Volumes' }).evaluate((body) => body.scrollTo(0, 32 * 5_000));
    },
  },
  {
    name: 'library-loading',
    study: 'real',
    before: (page) => withoutAnswer(page, '**/api/volumes.*'),
    show: (page) => go(page, 'library'),
  },
  {
    name: 'library-failing',
    study: 'real',
    before: (page) => withFailure(page, '**/api/volumes.*', FULL_DISK),
    show: (page) => page.getByText('The study is busy').first().waitFor(),
  },
  {
    name: 'library-correct',
    study: 'real',
    async show(page) {
      await firstRow(page).click();
      await page.keyboard.press('e');
    },
  },
  {
    name: 'library-trash',
    study: 'real',
    async show(page) {
      await page.getByRole('button', { name: 'Trash', exact: true }).click();
      await page.getByRole('dialog', { name: 'Trash' }).waitFor();
    },
  },
  {
    name: 'library-cards',
    study: 'real',
    async show(page) {
      await page.getByRole('button', { name: 'Cards', exact: true }).click();
      await page.locator('[aria-selected]').nth(3).click();
    },
    after: backToRows,
  },
  {
    name: 'library-facial',
    study: 'real',
    async show(page) {
      await rowOf(page, 'AXT2 f6f0e16d').click();
      await page.getByRole('button', { name: 'Facial slices…' }).click();
      await page.getByRole('dialog', { name: /^Facial slices of/ }).waitFor();
      await page.getByRole('button', { name: /^Slice 1\b/ }).click();
      await page.getByRole('button', { name: /^Slice 3\b/ }).click();
    },
  },
  {
    name: 'library-labels',
    study: 'real',
    async show(page, desktop) {
      const table = join(home, 'labels.csv');
      const names = await page
        .getByRole('grid', { name: 'Volumes' })
        .locator('[role="row"][aria-selected]')
        .allInnerTexts();
      const rows = names.map((text, i) => `${text.trim().split('\n')[0]},${['glioma', 'healthy', 'unsure'][i % 3]}`);
      writeFileSync(table, ['volume,diagnosis', ...rows, 'elsewhere,healthy'].join('\n'));
      await page.getByRole('button', { name: 'Labels…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Class labels from a table' });
      desktop.choices.push([table]);
      await dialog.getByRole('button', { name: 'Choose a table…' }).click();
      await dialog.getByRole('combobox', { name: /^glioma/ }).selectOption('abnormal');
    },
  },
  { name: 'import', study: 'real', show: (page) => go(page, 'import') },
  {
    name: 'import-found',
    study: 'real',
    async show(page, desktop) {
      await go(page, 'import');
      desktop.choices.push([scansToImport()]);
      await page.getByRole('button', { name: 'Choose a folder…' }).click();
      await page.getByRole('table', { name: 'Volumes found' }).waitFor({ timeout: 90_000 });
      await page.getByRole('checkbox', { name: /^Leave out/ }).waitFor();
    },
  },
  {
    name: 'import-check',
    study: 'real',
    async show(page, desktop) {
      await go(page, 'import');
      desktop.choices.push([scansToImport()]);
      await page.getByRole('button', { name: 'Choose a folder…' }).click();
      const found = page.getByRole('table', { name: 'Volumes found' });
      await found.waitFor({ timeout: 90_000 });
      for (const sequence of await found.locator('tbody').getByRole('combobox').all())
        await sequence.selectOption('AXT2');
      const pictures = page.getByRole('region', { name: 'What it shows' });
      await pictures.getByRole('article').nth(3).getByRole('img').first().waitFor({ timeout: 90_000 });
      await page.getByTestId('identities').getByText('becomes a hash').first().waitFor({ timeout: 90_000 });
      await page.getByRole('heading', { name: 'Check' }).scrollIntoViewIfNeeded();
      await page.getByRole('heading', { name: 'Check' }).evaluate((heading) => heading.scrollIntoView());
    },
  },
  { name: 'activity', study: 'real', show: (page) => go(page, 'activity') },
  { name: 'settings-general', study: 'real', show: (page) => go(page, 'settings/general') },
  { name: 'settings-display', study: 'real', show: (page) => go(page, 'settings/display') },
  {
    name: 'settings-compute',
    study: 'real',
    async show(page) {
      await go(page, 'settings/compute');
      await page.getByRole('button', { name: 'Run a test' }).click();
      await page.getByRole('table').waitFor({ timeout: 120_000 });
    },
  },
  { name: 'settings-privacy', study: 'real', show: (page) => go(page, 'settings/privacy') },
  { name: 'settings-data', study: 'real', show: (page) => go(page, 'settings/data') },
  { name: 'settings-about', study: 'real', show: (page) => go(page, 'settings/about') },
  {
    name: 'palette',
    study: 'real',
    async show(page) {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('go');
    },
  },
  { name: 'shortcuts', study: 'real', show: (page) => page.keyboard.press('?') },
  ...VIEWER_SHOTS,
];

mkdirSync(out, { recursive: true });
const real = await realStudy(join(home, 'real'));
await takePatches(real);
(await createStudy(join(home, 'empty'), { name: 'Low-field pilot' })).close();
const browser = await launchBrowser();
try {
  for (const study of ['none', 'empty', 'real'] as const) {
    const wanted = SHOTS.filter((shot) => shot.study === study && (only.length === 0 || only.includes(shot.name)));
    if (wanted.length === 0) continue;
    const folder = { none: undefined, empty: join(home, 'empty'), real }[study];
    const desktop = await TestDesktop.open(browser, join(home, `home-${study}`), {
      ...(folder === undefined ? {} : { study: folder }),
      context: { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' },
    });
    const { page } = desktop;
    if (study === 'real') await oneJob(page, desktop);
    for (const theme of ['dark', 'light'] as const) {
      await inTheme(page, desktop, theme);
      for (const { name, show, before, after } of wanted) {
        await before?.(page);
        await page.goto('about:blank');
        await page.goto(`${desktop.url}#/${study === 'none' ? '' : 'library'}`);
        await page.locator('h1, .problem').first().waitFor();
        await page.waitForTimeout(500);
        await show(page, desktop);
        await page.waitForTimeout(700);
        await page.screenshot({ path: join(out, `${name}-${theme}.png`) });
        await after?.(page);
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        console.log(`${name}-${theme}`);
      }
    }
    for (const complaint of desktop.complaints) console.error(`the page complained: ${complaint}`);
    await desktop.close();
  }
} finally {
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}

async function inTheme(page: Page, desktop: TestDesktop, theme: 'dark' | 'light'): Promise<void> {
  await page.evaluate(
    (wanted) =>
      fetch('/api/system.changeSettings', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ theme: wanted }),
      }),
    theme,
  );
  await page.goto(desktop.url);
}

/** Something for the activity to show: an import that finds nothing new. */
async function oneJob(page: Page, desktop: TestDesktop): Promise<void> {
  await firstRow(page).waitFor();
  await go(page, 'import');
  desktop.choices.push([filesFrom(join(home, 'again'), 'dicom', 'siemens_t2_axial_ima_extension')]);
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  const found = page.getByRole('table', { name: 'Volumes found' });
  await found.waitFor({ timeout: 90_000 });
  for (const select of await found.locator('tbody').getByRole('combobox').all()) await select.selectOption('AXT2');
  await page.getByRole('checkbox', { name: /^Leave out/ }).uncheck();
  await page.getByRole('button', { name: /^Import \d/ }).click();
  await page.getByRole('button', { name: 'Show in the library' }).waitFor({ timeout: 90_000 });
}
