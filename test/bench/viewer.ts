// How quick is the viewer? A volume of about 1 GB in a real browser before a real engine:
//   node test/bench/viewer.ts [--slices N] [--rows N] [--save]
// First slice after the volume is opened, frames while scrolling, and memory over a thousand slices. Figures are of this machine;
// frames are counted in a browser without a screen, which has 60 a second at most.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NpyWriter, writeNpy } from '../../main/formats/npy.ts';
import { createStudy } from '../../main/study/index.ts';
import type { VolumeFacts } from '../../main/study/index.ts';
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

const facts: VolumeFacts = {
  name: 'bench',
  sourceKey: 'bench',
  sourceSha256: '0'.repeat(64),
  sourceIndex: 0,
  sourceBytes: 1,
  sourceFormat: 'npy',
  sequence: 'AXT1',
  sequenceSource: 'user',
  tissueClass: 'unlabeled',
  classReason: 'made for measuring',
  patient: null,
  site: null,
  scanner: null,
  purpose: 'training',
  slices,
  rows,
  columns: rows,
  coils: null,
  hasPhase: true,
  originalRows: rows,
  originalColumns: rows,
  facialSlices: null,
  info: { pixelSpacing: [0.7, 0.7] },
};

/** A head-like disc whose phase turns from slice to slice; every slice is another. */
function slice(index: number): Float32Array<ArrayBuffer> {
  const data = new Float32Array(2 * rows * rows);
  for (let i = 0; i < rows * rows; i++) {
    const [y, x] = [Math.floor(i / rows) / rows - 0.5, (i % rows) / rows - 0.5];
    const r = Math.hypot(x, y);
    const size = r < 0.42 ? 0.4 + 0.3 * Math.sin(40 * r + index / 9) : 0.01 * Math.abs(Math.sin(i * 12.9898 + index));
    const phase = 12 * x * y + index / 20;
    data[2 * i] = size * Math.cos(phase);
    data[2 * i + 1] = size * Math.sin(phase);
  }
  return data;
}

const load = loadavg()[0]!;
const home = await mkdtemp(join(tmpdir(), 'isochromat-bench-'));
try {
  const folder = join(home, 'study');
  const study = await createStudy(folder, { name: 'Viewer bench' });
  const staged = study.volumes.stage();
  const writer = await NpyWriter.create(join(staged, 'image.npy'), { dtype: 'complex64', rowShape: [rows, rows] });
  for (let i = 0; i < slices; i++) await writer.append(slice(i));
  await writer.close();
  await writeNpy(join(staged, 'mask.npy'), {
    dtype: 'uint8',
    shape: [slices, rows, rows],
    data: new Uint8Array(slices * rows * rows).fill(1),
  });
  const { id } = await study.volumes.add(staged, facts, { configuration: {}, inputs: [] });
  study.close();
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
