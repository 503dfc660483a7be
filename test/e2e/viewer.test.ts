import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNpy } from '../../main/formats/npy.ts';
import type { NpyArray } from '../../main/formats/npy/dtype.ts';
import { PHASE_STEPS, phaseColours, phaseEntry } from '../../renderer/imaging/colour/phase-map.ts';
import { dataFile } from '../data.ts';
import { canvasOf, colourAt, dragged, placeOf, sampleOf, shown } from './canvas.ts';
import { describeInBrowser } from './browser.ts';
import { startWindow } from './running-window.ts';
import type { RunningWindow } from './running-window.ts';
import { annotateBeside, viewerStudy } from './viewer-study.ts';

/** The engine may have other things to do. */
const PATIENT = { timeout: 20_000 };

describeInBrowser('the viewer', () => {
  let study: string;
  let real: string;
  let window: RunningWindow;
  let volume: string;
  let array: NpyArray;
  let image: { rows: number; columns: number };
  const pane = (i: number): string => `[data-pane="${i}"]`;
  const press = (key: string): Promise<void> => window.page.keyboard.press(key);
  /** The phantom was made of 128 × 128 pixels and is stored as it was resized. */
  const place = (pixel: number): number => Math.round((pixel * image.rows) / 128);
  const grid = (): { row: number; column: number }[] =>
    Array.from({ length: 144 }, (_, i) => ({
      row: place(6 + Math.floor(i / 12) * 10),
      column: place(6 + (i % 12) * 10),
    }));

  beforeAll(async () => {
    const made = await viewerStudy();
    ({ folder: study, real } = made);
    volume = made.phantoms[0]!;
    window = await startWindow(study);
    await window.show(`viewer/${volume}`);
    await window.page.waitForSelector(`${pane(1)} [data-image*="${volume}/"]`);
    array = await readNpy(join(study, 'volumes', volume, 'image.npy'));
    image = { rows: array.shape[1]!, columns: array.shape[2]! };
    await press('n'); // no interpolation: pixels have the color of their value
  }, 300_000);
  afterAll(() => window?.stop());

  it('opens the middle slice with magnitude and phase side by side', async () => {
    await shown(window.page, 0, 2, 'magnitude');
    await shown(window.page, 1, 2, 'phase');
    expect(await window.page.getAttribute(`${pane(1)} [role="img"]`, 'aria-label')).toMatch(
      /Phase of .*, slice 3 of 5/,
    );
  });

  it('draws magnitude as the window says, every pixel in its place', async () => {
    const seen = await canvasOf(window.page, 0);
    const centre = Number(await window.page.inputValue('[data-testid="level"]'));
    const width = Number(await window.page.inputValue('[data-testid="width"]'));
    let bright = 0;
    for (const at of grid()) {
      const { magnitude } = sampleOf(array, 2, at.row, at.column);
      const expected = 255 * Math.min(Math.max((magnitude - centre) / width + 0.5, 0), 1);
      const [red, green, blue] = colourAt(seen, placeOf(seen, image, at));
      expect([green, blue]).toEqual([red, red]);
      expect(Math.abs(red - expected), `row ${at.row}, column ${at.column}`).toBeLessThanOrEqual(2);
      if (red > 60) bright++;
    }
    expect(bright).toBeGreaterThan(20);
  });

  it('draws phase in the colors of the map, and black where magnitude is noise', async () => {
    const seen = await canvasOf(window.page, 1);
    const { colours } = phaseColours();
    let [colored, black] = [0, 0];
    for (const at of grid()) {
      const { magnitude, phase } = sampleOf(array, 2, at.row, at.column);
      const colour = colourAt(seen, placeOf(seen, image, at));
      // The threshold is 5 % of the slice's largest magnitude, which is 1.
      if (magnitude > 0.052) {
        const near = [-1, 0, 1].map((by) => 3 * ((phaseEntry(phase) + by + PHASE_STEPS) % PHASE_STEPS));
        const far = Math.min(
          ...near.map((k) => Math.max(...colour.map((channel, c) => Math.abs(channel - colours[k + c]!)))),
        );
        expect(far, `row ${at.row}, column ${at.column}`).toBeLessThanOrEqual(1);
        colored++;
      } else if (magnitude < 0.024) {
        expect(Math.max(...colour)).toBeLessThanOrEqual(1);
        black++;
      }
    }
    expect(colored).toBeGreaterThan(20);
    expect(black).toBeGreaterThan(10);
  });

  it('mirrors, turns and comes back', async () => {
    const before = await canvasOf(window.page, 0);
    await press('Shift+H');
    await shown(window.page, 0, 2, 'magnitude');
    const mirrored = await canvasOf(window.page, 0);
    for (const at of grid()) {
      const there = { row: at.row, column: image.columns - 1 - at.column };
      const [was, is] = [
        colourAt(before, placeOf(before, image, at)),
        colourAt(mirrored, placeOf(before, image, there)),
      ];
      expect(is).toEqual(was);
    }
    await press('Shift+H');
    await press('Shift+R');
    await shown(window.page, 0, 2, 'magnitude');
    const turned = await canvasOf(window.page, 0);
    const scale = Math.min(turned.width / image.rows, turned.height / image.columns);
    for (const at of grid()) {
      // A quarter turn clockwise: rows run from right to left, columns downwards.
      const x = turned.width / 2 + (image.rows / 2 - at.row - 0.5) * scale;
      const y = turned.height / 2 + (at.column + 0.5 - image.columns / 2) * scale;
      expect(colourAt(turned, { x, y })).toEqual(colourAt(before, placeOf(before, image, at)));
    }
    await press('r');
    await shown(window.page, 0, 2, 'magnitude');
    expect((await canvasOf(window.page, 0)).pixels.equals(before.pixels)).toBe(true);
  });

  it('steps with wheel and keys, both panes together', async () => {
    await window.page.hover(pane(0));
    await window.page.mouse.wheel(0, 100);
    await shown(window.page, 0, 3, 'magnitude');
    await shown(window.page, 1, 3, 'phase');
    await press('ArrowUp');
    await shown(window.page, 1, 2, 'phase');
  });

  it('reads the value under the cursor from the array', async () => {
    const seen = await canvasOf(window.page, 0);
    const box = (await window.page.locator(pane(0)).boundingBox())!;
    const at = placeOf(seen, image, { row: place(64), column: place(50) });
    await window.page.mouse.move(box.x + at.x, box.y + at.y);
    const { magnitude, phase } = sampleOf(array, 2, place(64), place(50));
    await window.page.waitForFunction(
      (text) => document.querySelector('[data-testid="reading"]')!.textContent!.includes(text),
      `${place(50)}, ${place(64)}`,
    );
    const reading = await window.page.textContent('[data-testid="reading"]');
    expect(reading).toContain(magnitude.toFixed(3));
    expect(reading!.replace('−', '-')).toContain(phase.toFixed(3));
  });

  it('changes the window by dragging and by numbers, and inverts', async () => {
    const before = await window.page.inputValue('[data-testid="width"]');
    const box = (await window.page.locator(pane(0)).boundingBox())!;
    await window.page.mouse.move(box.x + 100, box.y + 200);
    await window.page.mouse.down({ button: 'right' });
    await window.page.mouse.move(box.x + 220, box.y + 200, { steps: 4 });
    await window.page.mouse.up({ button: 'right' });
    expect(Number(await window.page.inputValue('[data-testid="width"]'))).toBeGreaterThan(Number(before));
    await window.page.fill('[data-testid="level"]', '0.25');
    await window.page.fill('[data-testid="width"]', '0.5');
    await window.page.locator('[data-testid="width"]').blur();
    const seen = await shown(window.page, 0, 2, 'magnitude').then(() => canvasOf(window.page, 0));
    const { magnitude } = sampleOf(array, 2, place(64), place(50));
    const [grey] = colourAt(seen, placeOf(seen, image, { row: place(64), column: place(50) }));
    expect(Math.abs(grey - 255 * Math.min(magnitude / 0.5, 1))).toBeLessThanOrEqual(1);
    await press('i');
    await shown(window.page, 0, 2, 'magnitude');
    const inverted = await canvasOf(window.page, 0);
    expect(
      Math.abs(colourAt(inverted, placeOf(seen, image, { row: place(64), column: place(50) }))[0] - (255 - grey)),
    ).toBeLessThan(3);
    await press('i');
    await press('r');
  });

  it('measures a region with the mean of the array', async () => {
    await press('o');
    const seen = await canvasOf(window.page, 0);
    const box = (await window.page.locator(pane(0)).boundingBox())!;
    const [low, high] = [place(50), place(70)];
    const from = placeOf(seen, image, { row: low, column: low });
    const to = placeOf(seen, image, { row: high, column: high });
    await dragged(window.page, [box.x + from.x, box.y + from.y], [box.x + to.x, box.y + to.y]);
    const text = await window.page.textContent('[data-testid="region"]');
    const inside: number[] = [];
    const [middle, radius] = [(low + high) / 2, (high - low) / 2];
    for (let row = low; row <= high; row++) {
      for (let column = low; column <= high; column++) {
        if ((row - middle) ** 2 + (column - middle) ** 2 <= radius ** 2) {
          inside.push(sampleOf(array, 2, row, column).magnitude);
        }
      }
    }
    const mean = inside.reduce((a, b) => a + b) / inside.length;
    const told = Number(/([\d.]+) ±/.exec(text!)![1]);
    expect(Math.abs(told - mean) / mean).toBeLessThan(0.02);
    await press('w');
  });

  it('draws, moves, undoes and deletes boxes, and exports what imports back equal', async () => {
    const { page } = window;
    await press('b');
    const rows = (): Promise<number> => page.locator('[data-row]').count();
    const count = await rows();
    const seen = await canvasOf(page, 0);
    const box = (await page.locator(pane(0)).boundingBox())!;
    const corner = (row: number, column: number): [number, number] => {
      const { x, y } = placeOf(seen, image, { row: place(row) - 0.5, column: place(column) - 0.5 });
      return [box.x + x, box.y + y];
    };
    const drag = (from: [number, number], to: [number, number]): Promise<void> => dragged(page, from, to);
    const label = (): Promise<(string | null)[]> =>
      page.locator(`${pane(0)} [data-box]`).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    const last = async (): Promise<number[]> => (await label()).at(-1)!.match(/\d+/g)!.map(Number);
    await drag(corner(4, 6), corner(14, 26));
    await expect.poll(rows, PATIENT).toBe(count + 1);
    const drawn = await last();
    // Boxes stand on whole pixels of the acquired image: two and a half of the stored one.
    [4, 6, 10, 20].forEach((edge, i) => expect(Math.abs(drawn[i]! - place(edge))).toBeLessThanOrEqual(3));

    await drag(corner(9, 16), corner(9, 21));
    await expect.poll(async () => (await last())[1]! - drawn[1]!, PATIENT).toBeGreaterThanOrEqual(place(4));
    await press('Control+z');
    await expect.poll(last, PATIENT).toEqual(drawn);

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Export CSV').click()]);
    const csv = await download.path();
    const line = (await readFile(csv, 'utf8'))
      .split('\n')
      .filter((row) => row.startsWith(`${volume},2,No,`))
      .at(-1)!;
    const [x, y, width, height] = line.split(',').slice(3, 7).map(Number) as [number, number, number, number];
    // fastMRI+ counts rows from below: y = H − top − height.
    [128 - y - height, x, height, width].forEach((edge, i) =>
      expect(Math.abs(edge - [4, 6, 10, 20][i]!)).toBeLessThanOrEqual(1),
    );
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());

    const before = await label();
    await page
      .locator(`${pane(0)} [data-box]`)
      .last()
      .focus();
    await press('Delete');
    await expect.poll(rows, PATIENT).toBe(count);
    await annotateBeside(study, csv);
    // The engine does not hear of what another process writes: the screen is opened anew.
    await window.show('patches');
    await page.waitForSelector('[data-testid="table-one"]');
    await window.show(`viewer/${volume}`);
    await shown(page, 0, 2, 'magnitude');
    await press('b');
    await expect.poll(async () => [...(await label())].sort(), PATIENT).toEqual([...before].sort());
    await press('w');
  });

  it('shows four panes, one alone, and other components', async () => {
    await press('F3');
    await shown(window.page, 3, 2, 'imaginary');
    await window.page.hover(pane(2));
    await press('v');
    await shown(window.page, 2, 2, 'imaginary');
    await press('Enter');
    await expect.poll(() => window.page.locator('[data-pane]').count(), PATIENT).toBe(1);
    await press('Enter');
    await press('F2');
    await expect.poll(() => window.page.locator('[data-pane]').count(), PATIENT).toBe(2);
  });

  it('lays the boxes of a fastMRI+ table over the pixels that they were drawn on', async () => {
    const { page } = window;
    await window.show(`viewer/${real}`);
    await page.waitForSelector(`[data-image*="${real}/0/magnitude"]`);
    const stored = await readNpy(join(study, 'volumes', real, 'image.npy'));
    const [, rows, columns] = stored.shape as [number, number, number];
    const table = await readFile(dataFile('fastmri_layout', 'annotations_for_samples.csv'), 'utf8');
    const boxes = table
      .split('\n')
      .map((line) => line.split(','))
      .filter(([file, slice, level]) => file === 'file_brain_AXT1_900_9000001' && slice === '0' && level === 'No')
      .map(([, , , x, y, width, height]) => ({
        x: Number(x),
        y: Number(y),
        width: Number(width),
        height: Number(height),
      }));
    expect(boxes.length).toBeGreaterThan(0);
    await expect.poll(() => page.locator(`${pane(0)} [data-box]`).count(), PATIENT).toBe(boxes.length);
    await page.fill('[data-testid="level"]', '0.5');
    await page.fill('[data-testid="width"]', '1');
    await page.locator('[data-testid="width"]').blur();
    await shown(page, 0, 0, 'magnitude');
    const seen = await canvasOf(page, 0);
    // Its pixels are not square, so it is stretched: where a pixel lies is read off the picture's own frame.
    const frame = await page
      .locator(`${pane(0)} svg.overlay > g`)
      .first()
      .getAttribute('transform');
    const [a, , , d, e, f] = frame!.slice('matrix('.length, -1).split(' ').map(Number) as number[] as [
      ...[number, number, number, number, number, number],
    ];
    const drawn = await page
      .locator(`${pane(0)} [data-box]`)
      .evaluateAll((all) =>
        all.map((one) => ['x', 'y', 'width', 'height'].map((name) => Number(one.getAttribute(name)))),
      );
    for (const { x, y, width, height } of boxes) {
      // Boxes were drawn on 230 × 180 pixels turned upside down, and the image resized about its middle pixel.
      const edge = (pixel: number, from: number, to: number): number =>
        ((pixel - 0.5 - Math.floor(from / 2)) * to) / from + Math.floor(to / 2) + 0.5;
      const [top, left] = [edge(230 - y - height, 230, rows), edge(x, 180, columns)];
      const [bottom, right] = [edge(230 - y, 230, rows), edge(x + width, 180, columns)];
      const expected = [left * a + e, top * d + f, (right - left) * a, (bottom - top) * d];
      const nearest = drawn.find((box) => box.every((edge, i) => Math.abs(edge - expected[i]!) < 0.5));
      expect(nearest, `box at row ${top}, column ${x}`).toBeDefined();
      for (let row = Math.ceil(top); row < bottom; row += 7) {
        for (let column = Math.ceil(left); column < right; column += 7) {
          const { magnitude } = sampleOf(stored, 0, row, column);
          const [grey] = colourAt(seen, { x: (column + 0.5) * a + e, y: (row + 0.5) * d + f });
          expect(Math.abs(grey - 255 * Math.min(magnitude, 1)), `row ${row}, column ${column}`).toBeLessThanOrEqual(
            1.01,
          );
        }
      }
    }
  });

  it('takes patches by sentences, shows where they come from, and keeps volumes in one split', async () => {
    const { page } = window;
    await window.show('patches');
    await page.waitForSelector('[data-testid="table-one"]');
    const total = (): Promise<string> => page.locator('[data-testid="table-one"]').innerText();
    const before = await total();
    await page.fill('[data-setting="unlabeled"]', '3');
    await page.locator('[data-setting="unlabeled"]').blur();
    await expect.poll(total, PATIENT).not.toBe(before);
    await page.locator('nav[aria-label="Patch sets"] button').nth(1).click();
    await page.waitForSelector('.tile canvas[width="192"]');
    await page.locator('.tile').first().click();
    await page.waitForSelector('aside [data-image]');
    expect(await page.textContent('[data-testid="splits"]')).toContain('none is in two splits');
    expect(window.complaints).toEqual([]);
  });
});
