import type { Page } from 'playwright-core';
import { exportedTable } from '../test/e2e/exported-table.ts';

/** Pictures of viewer, boxes and patches, for `screenshots.ts`. The study is the one with real volumes. */
export interface ViewerShot {
  name: string;
  study: 'real';
  show: (page: Page, desktop: { choices: string[][] }) => Promise<unknown>;
  /** Puts back what the window would remember. */
  after?: (page: Page) => Promise<unknown>;
}

const go = (page: Page, place: string): Promise<unknown> =>
  page.evaluate((hash) => void (location.hash = hash), `#/${place}`);

/** The volumes that the pictures are of: k-space with boxes, and the second of two echoes with the first beside it. */
const BOXES = 'file_brain_AXT1_900_9000001';
const [FIELD_MAP, OTHER_ECHO] = [/^AXT1 .* TE 4\.6 ms/, /^AXT1 .* TE 2\.3 ms/];

const inStrip = (page: Page, name: string | RegExp) => page.locator('nav.strip').getByTitle(name);

/** Opens a volume of the strip by its name, and waits for its pictures. */
async function volume(page: Page, name: string | RegExp, panes = 'F2'): Promise<void> {
  await go(page, 'viewer');
  await page.locator('[data-pane="0"] [data-image]').waitFor();
  await inStrip(page, name).click();
  await page.keyboard.press(panes);
  await page.waitForTimeout(800);
}

async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 3 });
  await page.mouse.up();
}

export const VIEWER_SHOTS: ViewerShot[] = [
  {
    name: 'viewer',
    study: 'real',
    async show(page) {
      await volume(page, BOXES);
      await page.mouse.move(430, 400);
    },
  },
  {
    name: 'viewer-four',
    study: 'real',
    async show(page) {
      await volume(page, BOXES, 'F3');
      await page.keyboard.press('b');
      await page.locator('[data-row] .slice').first().click();
    },
  },
  {
    name: 'viewer-coils',
    study: 'real',
    async show(page) {
      await volume(page, BOXES);
      await page.locator('[data-pane="0"] select').selectOption('coil-magnitude');
      await page.locator('[data-pane="1"] select').selectOption('sensitivity-phase');
    },
  },
  {
    name: 'viewer-patches',
    study: 'real',
    async show(page) {
      await volume(page, BOXES);
      await page.getByLabel('Patches of the newest set').check();
      await page.locator('[data-patch]').first().waitFor({ state: 'attached' });
      await page.mouse.move(430, 400);
    },
    async after(page) {
      await page.getByLabel('Patches of the newest set').uncheck();
      // What is remembered is sent to the engine after a pause.
      await page.waitForTimeout(1_200);
    },
  },
  {
    name: 'viewer-measure',
    study: 'real',
    async show(page) {
      await volume(page, FIELD_MAP);
      await page.keyboard.press('o');
      await drag(page, [450, 350], [520, 420]);
      await page.keyboard.press('l');
      await drag(page, [330, 450], [620, 500]);
      await page.keyboard.press('m');
      await drag(page, [350, 550], [600, 560]);
      await page.keyboard.press('w');
      await page.locator('.measurements h2').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'viewer-compare',
    study: 'real',
    async show(page) {
      await volume(page, FIELD_MAP);
      await inStrip(page, OTHER_ECHO).click({ modifiers: ['Shift'] });
      await page.locator('[data-pane="3"] [data-image]').waitFor();
    },
  },
  {
    name: 'annotations-import',
    study: 'real',
    async show(page, desktop) {
      await volume(page, BOXES);
      await page.getByRole('button', { name: 'Import a table…' }).click();
      desktop.choices.push([await exportedTable(page)]);
      await page.getByRole('button', { name: 'Choose a table…' }).click();
      await page.getByText('boxes on').waitFor();
    },
  },
  {
    name: 'patches',
    study: 'real',
    async show(page) {
      await go(page, 'patches');
      await page.locator('[data-testid="table-one"]').waitFor();
    },
  },
  {
    name: 'patch-wall',
    study: 'real',
    async show(page) {
      await go(page, 'patches');
      await page.locator('nav[aria-label="Patch sets"] button').nth(1).click();
      await page.locator('.tile').nth(3).click();
      await page.locator('aside [data-image]').waitFor();
    },
  },
];
