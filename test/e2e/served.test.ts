import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStudy } from '../../main/study/index.ts';
import { seriousProblems } from './accessible.ts';
import { describeInBrowser, launchBrowser } from './browser.ts';
import { builtWindow } from './built-window.ts';

let browser: Browser;
let page: Page;
let engine: ChildProcess;
let home: string;
let address: string;

/** An engine that serves a browser: on a port, with a token that is good once. */
async function serve(): Promise<string> {
  const secret = randomBytes(24).toString('hex');
  const script = join(import.meta.dirname, '..', '..', 'main', 'server', 'engine.ts');
  engine = spawn(process.execPath, [script, '--port', '0', '--renderer', await builtWindow()], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      HOME: home,
      USERPROFILE: home,
      ISOCHROMAT_CONFIG_DIR: join(home, '.config'),
      ISOCHROMAT_LOG_DIR: join(home, '.log'),
    },
  });
  engine.stdin!.write(`${JSON.stringify({ secret, mode: 'browser' })}\n`);
  const line = await new Promise<string>((resolve) => createInterface({ input: engine.stdout! }).once('line', resolve));
  return `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}/?token=${secret}`;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'isochromat-served-'));
  mkdirSync(join(home, 'studies', 'empty'), { recursive: true });
  (await createStudy(join(home, 'studies', 'pilot'), { name: 'Low-field pilot' })).close();
  browser = await launchBrowser();
  address = await serve();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(address);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (engine !== undefined && engine.exitCode === null) {
    await new Promise<void>((resolve) => {
      engine.once('exit', () => resolve());
      engine.stdin!.end();
    });
  }
  rmSync(home, { recursive: true, force: true });
});

describeInBrowser('The window in a browser', () => {
  it('opens a study that is chosen from a listing of folders', async () => {
    await page.getByRole('button', { name: 'Open a study…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Which study? Choose its folder' });
    await dialog.getByRole('button', { name: 'studies' }).dblclick();
    await dialog.getByRole('button', { name: 'pilot', exact: true }).click();
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Choose “pilot”' }).click();
    await page.getByRole('heading', { name: 'No volumes yet' }).waitFor();
    await page.getByRole('button', { name: 'Study: Low-field pilot' }).waitFor();
  });

  it('makes a study in a folder that it has made', async () => {
    await page.keyboard.press('Control+k');
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Search and do' }).evaluate((e) => e === document.activeElement))
      .toBe(true);
    await page.keyboard.type('close the study');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'New study…' }).click();
    const form = page.getByRole('dialog', { name: 'New study' });
    await form.getByLabel('Name of the study').fill('Follow-up');
    await form.getByRole('button', { name: 'Choose a folder…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Where' });
    await dialog.getByRole('button', { name: 'New folder' }).click();
    await dialog.getByLabel('New folder').last().fill('second');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Choose “second”' }).click();
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'No volumes yet' }).waitFor();
  });

  it('keeps others out: the address is good once', async () => {
    const other = await (await browser.newContext()).newPage();
    expect((await other.goto(address))?.status()).toBe(401);
  });
});
