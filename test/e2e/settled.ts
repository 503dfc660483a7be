import type { Page } from 'playwright-core';

/** Frames in which nothing may begin to move: what fades in begins some frames after what brought it. */
const QUIET_FRAMES = 15;

/** Waits until nothing moves on the page, and nothing is on its way that has a place kept for it. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    const rests = ({ playState, effect }: Animation): boolean =>
      playState !== 'running' || effect?.getComputedTiming().iterations === Infinity;
    for (let quiet = 0; quiet < frames;) {
      await new Promise(requestAnimationFrame);
      const still = document.getAnimations().every(rests);
      quiet = still && document.querySelector('.loading, [aria-busy="true"]') === null ? quiet + 1 : 0;
    }
  }, QUIET_FRAMES);
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
