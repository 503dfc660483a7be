// How quick is the viewer? A volume of about 1 GB in a real browser before a real engine:
//   node test/bench/viewer.ts [--slices N] [--rows N] [--save]
// First slice after the volume is opened, frames while scrolling, and memory over a thousand slices. Figures are of this machine;
// frames are counted in a browser without a screen, which has 60 a second at most.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { longVolume } from '../e2e/long-volume.ts';
import { startWindow } from '../e2e/running-window.ts';
import { save } from './save.ts';

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '1220' },
    rows: { type: 'string', default: '320' },
    save: { type: 'boolean', default: false },
  },
});
const [slices, rows] = [Number(values.slices), Number(values.rows)];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const load = loadavg()[0]!;
const home = await mkdtemp(join(tmpdir(), 'isochromat-bench-'));
try {
  const folder = join(home, 'study');
  const id = await longVolume(folder, slices, rows);
  say(
    `${slices} slices of ${rows} × ${rows}, ${((slices * rows * rows * 8) / 2 ** 30).toFixed(2)} GB; ${cpus().length} cores`,
  );

  const window = await startWindow(folder);
  try {
    const { page } = window;
    await page.waitForTimeout(1500);
    const shown = `[data-pane="1"] [data-image*="${id}/"]`;
    const first = await page.evaluate(
      async ([volume, selector]) => {
        const began = performance.now();
        location.hash = `#/viewer/${volume}`;
        while (document.querySelector(selector!) === null) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        return performance.now() - began;
      },
      [id, shown],
    );
    say(`first slice, from the click to magnitude and phase on the screen: ${first.toFixed(0)} ms`);

    await page.waitForTimeout(1000);
    /** Steps through slices, one a frame at most, and counts frames and how long each step took to be drawn. */
    const scroll = (count: number): Promise<{ seconds: number; frames: number; slices: number; slowest: number }> =>
      page.evaluate(async (steps) => {
        const pane = document.querySelector('[data-pane="0"]')!;
        const picture = (): string | undefined =>
          document.querySelector<HTMLElement>('[data-pane="1"] [data-image]')?.dataset['image'];
        let [frames, seen, slowest] = [0, 0, 0];
        let before = picture();
        const began = performance.now();
        let last = began;
        for (let i = 0; i < steps; i++) {
          pane.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, bubbles: true, cancelable: true }));
          await new Promise(requestAnimationFrame);
          const now = performance.now();
          slowest = Math.max(slowest, now - last);
          last = now;
          frames++;
          const after = picture();
          if (after !== before) seen++;
          before = after;
        }
        return { seconds: (performance.now() - began) / 1000, frames, slices: seen, slowest };
      }, count);

    await page.keyboard.press('Home');
    await page.waitForTimeout(500);
    const start = await window.heapBytes();
    const parts: object[] = [];
    for (const part of [100, 200, 300, 400]) {
      const { seconds, frames, slices: seen, slowest } = await scroll(part);
      const [heap, worker] = [await window.heapBytes(), await window.workerBytes()];
      parts.push({
        wheelSteps: part,
        framesPerSecond: frames / seconds,
        slicesPerSecond: seen / seconds,
        slowest,
        heap,
        worker,
      });
      say(
        `${part} slices: ${(frames / seconds).toFixed(1)} frames/s, ${(seen / seconds).toFixed(1)} slices/s shown, ` +
          `slowest frame ${slowest.toFixed(0)} ms, memory ${(heap / 2 ** 20).toFixed(0)} MB, ` +
          `of the worker ${(worker / 2 ** 20).toFixed(1)} MB`,
      );
    }
    say(`memory before: ${(start / 2 ** 20).toFixed(0)} MB`);
    if (values.save) {
      const kept = { slices, rows, firstSlice: first, heapBefore: start, parts, load: [load, loadavg()[0]!] };
      say(`kept in ${save('viewer', kept, new Date())}`);
    }
    if (window.complaints.length > 0) say(window.complaints.join('\n'));
  } finally {
    await window.stop();
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
