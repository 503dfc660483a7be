import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { longVolume } from './long-volume.ts';
import { startWindow } from './running-window.ts';
import type { RunningWindow } from './running-window.ts';

const SLICES = 160;

describeInBrowser('scrolling through a long volume', () => {
  let window: RunningWindow;
  let volume: string;
  const picture = (slice: number): string => `[data-pane="1"] [data-image*="${volume}/${slice}/phase"]`;

  beforeAll(async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'isochromat-long-')), 'study');
    volume = await longVolume(folder, SLICES, 128);
    window = await startWindow(folder);
  }, 120_000);
  afterAll(() => window?.stop());

  it('has slices brought together and beside the page, and shows the last one', async () => {
    const { page, asked } = window;
    await window.show(`viewer/${volume}`);
    await page.waitForSelector(`[data-pane="1"] [data-image*="${volume}/"]`);
    await page.keyboard.press('Home');
    await page.waitForSelector(picture(0));
    // What is around the first slice is there.
    await page.waitForTimeout(1_000);
    const before = asked.length;
    // A step in every third frame: slower than they come, as somebody who looks.
    await page.evaluate(async (steps) => {
      const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
      for (let i = 0; i < steps; i++) {
        const wheel = new WheelEvent('wheel', { deltaY: 100, bubbles: true, cancelable: true });
        document.querySelector('[data-pane="0"]')!.dispatchEvent(wheel);
        for (let k = 0; k < 3; k++) await frame();
      }
    }, SLICES - 1);
    await page.waitForSelector(picture(SLICES - 1));
    const slices = asked.slice(before).flatMap((address) => /slices\/([\d-]+)/.exec(address)?.[1] ?? []);
    const alone = slices.filter((range) => !range.includes('-'));
    expect(slices.length).toBeGreaterThan(10);
    expect(slices.length).toBeLessThan(SLICES / 2);
    expect(alone.length).toBeLessThan(slices.length / 4);
    expect(window.complaints).toEqual([]);
  }, 60_000);
});
