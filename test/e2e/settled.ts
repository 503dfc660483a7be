import type { Page } from 'playwright-core';

/** Waits until nothing moves on the page, nothing is on its way that has a place kept for it, and what came has been drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document
        .getAnimations()
        .every(
          ({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().iterations === Infinity,
        ) && document.querySelector('.loading, [aria-busy="true"]') === null,
  );
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Does something that the window remembers, and waits until it has told the engine of it. */
export async function remembered(page: Page, act: () => Promise<unknown>, what: string): Promise<void> {
  const told = page.waitForResponse(
    (response) =>
      response.url().includes('/api/system.keepSession') && response.request().postData()?.includes(what) === true,
  );
  await act();
  await told;
}
