import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { describe } from 'vitest';
import { dataPresent } from '../data.ts';

/** Where a browser of the Chromium family may be; the first that is there is taken. */
const CANDIDATES = [
  process.env['ISOCHROMAT_BROWSER'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const browserFile: string | undefined = CANDIDATES.find((path) => path !== undefined && existsSync(path));

if (browserFile === undefined && process.env['CI'] === 'true') {
  throw new Error('No Chromium or Chrome was found: name one in ISOCHROMAT_BROWSER. With CI=true it is not optional.');
}

/** A browser without a window. To be closed by who asked. */
export function launchBrowser(): Promise<Browser> {
  if (browserFile === undefined) throw new Error('No browser was found; name one in ISOCHROMAT_BROWSER.');
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: browserFile,
    args: [...(asRoot ? ['--no-sandbox'] : []), '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  });
}

/** A suite in a real browser on real data: skipped, saying why, where either is absent. */
export function describeInBrowser(name: string, body: () => void): void {
  if (browserFile === undefined)
    describe.skip(`${name} [skipped: no Chromium or Chrome; name one in ISOCHROMAT_BROWSER]`, body);
  else if (!dataPresent) describe.skip(`${name} [skipped: real test files not found]`, body);
  else describe(name, body);
}
