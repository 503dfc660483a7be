import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNpyAs } from '../../main/formats/npy.ts';
import { fft2c } from '../../main/recon/fft.ts';
import { openStudy } from '../../main/study/index.ts';
import type { Patch } from '../../main/study/index.ts';
import { PHASE_STEPS, phaseColours, phaseEntry } from '../../renderer/imaging/colour/phase-map.ts';
import { phantomStudy } from '../server/phantom-study.ts';
import type { PhantomStudy } from '../server/phantom-study.ts';
import { describeInBrowser } from './browser.ts';
import { canvasOf, colourAt, placeOf, shown } from './canvas.ts';
import type { SeenCanvas } from './canvas.ts';
import { startWindow } from './running-window.ts';
import type { RunningWindow } from './running-window.ts';

/** The engine may have other things to do. */
const PATIENT = { timeout: 20_000 };
/** Of three slices the coils are kept of the middle one. */
const KEPT = 1;

describeInBrowser('coils, k-space and patches in the viewer', () => {
  let phantom: PhantomStudy;
  let window: RunningWindow;
  let volume: string;
  let patches: Patch[];
  let [rows, columns] = [0, 0];
  const pane = (i: number): string => `[data-pane="${i}"]`;
  const choose = (i: number, component: string): Promise<unknown> =>
    window.page.selectOption(`${pane(i)} select`, component);
  const arrayOf = (name: string): Promise<{ data: Float32Array }> =>
    readNpyAs(join(phantom.study, 'volumes', volume, `${name}.npy`), 'complex64');
  /** Pixels all over the image, off its symmetries. */
  const grid = (): { row: number; column: number; i: number }[] =>
    Array.from({ length: 400 }, (_, n) => {
      const [row, column] = [7 + 16 * Math.floor(n / 20), 5 + 15 * (n % 20)];
      return { row, column, i: row * columns + column };
    });
  const complexAt = (data: Float32Array, i: number): { magnitude: number; phase: number } => {
    const [re, im] = [data[2 * i]!, data[2 * i + 1]!];
    return { magnitude: Math.hypot(re, im), phase: Math.atan2(im, re) };
  };

  beforeAll(async () => {
    phantom = await phantomStudy({ volumes: 4 });
    const study = await openStudy(phantom.study, { readOnly: true });
    const set = study.patchSets.list()[0]!.id;
    patches = study.patchSets.patches(set);
    volume = patches.find(({ tissueClass }) => tissueClass === 'abnormal')!.volume;
    ({ rows, columns } = study.volumes.get(volume));
    study.close();
    window = await startWindow(phantom.study);
    await window.show(`viewer/${volume}`);
    await shown(window.page, 1, KEPT, 'phase');
    await window.page.keyboard.press('n'); // no interpolation: pixels have the color of their value
  }, 600_000);
  afterAll(async () => {
    await window?.stop();
    phantom?.remove();
  });

  async function expectGrey(seen: SeenCanvas, valueOf: (i: number) => number): Promise<void> {
    const centre = Number(await window.page.inputValue('[data-testid="level"]'));
    const width = Number(await window.page.inputValue('[data-testid="width"]'));
    let between = 0;
    for (const { i, ...at } of grid()) {
      const expected = 255 * Math.min(Math.max((valueOf(i) - centre) / width + 0.5, 0), 1);
      const [grey] = colourAt(seen, placeOf(seen, { rows, columns }, at));
      expect(Math.abs(grey - expected), `row ${at.row}, column ${at.column}`).toBeLessThanOrEqual(2);
      if (grey > 20 && grey < 235) between++;
    }
    expect(between).toBeGreaterThan(20);
  }

  it('shows the image and the sensitivity of each coil, magnitude and phase, as they are stored', async () => {
    const { page } = window;
    const length = 2 * rows * columns;
    const [coils, maps] = [(await arrayOf('coils')).data, (await arrayOf('sensitivities')).data];
    await page.hover(pane(0));
    await page.keyboard.press('c');
    await shown(page, 0, KEPT, 'coil-magnitude');
    await expectGrey(await canvasOf(page, 0), (i) => complexAt(coils, i).magnitude);

    await page.keyboard.press(']');
    await page.waitForSelector(`${pane(0)} [data-image$="/1"]`);
    expect(await page.textContent(`${pane(0)} [data-testid="coil"]`)).toContain('Coil 2 of 2');
    await shown(page, 0, KEPT, 'coil-magnitude');
    const second = coils.subarray(length, 2 * length);
    await expectGrey(await canvasOf(page, 0), (i) => complexAt(second, i).magnitude);

    await choose(0, 'sensitivity-magnitude');
    await shown(page, 0, KEPT, 'sensitivity-magnitude');
    const map = maps.subarray(length, 2 * length);
    await expectGrey(await canvasOf(page, 0), (i) => complexAt(map, i).magnitude);

    await choose(1, 'coil-phase');
    await shown(page, 1, KEPT, 'coil-phase');
    const seen = await canvasOf(page, 1);
    const { colours } = phaseColours();
    let largest = 0;
    for (let i = 0; i < rows * columns; i++) largest = Math.max(largest, complexAt(second, i).magnitude);
    let colored = 0;
    for (const { i, ...at } of grid()) {
      const { magnitude, phase } = complexAt(second, i);
      // Phase fades out below 5 % of the largest magnitude.
      if (magnitude < 0.06 * largest) continue;
      const colour = colourAt(seen, placeOf(seen, { rows, columns }, at));
      const near = [-1, 0, 1].map((by) => 3 * ((phaseEntry(phase) + by + PHASE_STEPS) % PHASE_STEPS));
      const far = Math.min(
        ...near.map((k) => Math.max(...colour.map((channel, c) => Math.abs(channel - colours[k + c]!)))),
      );
      expect(far, `row ${at.row}, column ${at.column}`).toBeLessThanOrEqual(1);
      colored++;
    }
    expect(colored).toBeGreaterThan(20);
  });

  it('says of which slice coils are kept where they are not, and leads there', async () => {
    const { page } = window;
    await page.keyboard.press('Home');
    const note = page.locator(`${pane(0)} [data-testid="no-coils"]`);
    await expect.poll(() => note.textContent(), PATIENT).toContain(`kept of slice ${KEPT + 1} only`);
    await note.getByRole('button').click();
    await expect.poll(() => note.count(), PATIENT).toBe(0);
    await shown(page, 0, KEPT, 'sensitivity-magnitude');
    await choose(0, 'magnitude');
    await choose(1, 'phase');
    await shown(page, 1, KEPT, 'phase');
  });

  it('shows k-space as the transform of the image, in decibels, and reads it', async () => {
    const { page } = window;
    await choose(0, 'kspace');
    await shown(page, 0, KEPT, 'kspace');
    const length = 2 * rows * columns;
    const slice = (await arrayOf('image')).data.slice(KEPT * length, (KEPT + 1) * length);
    const { data } = fft2c({ shape: [rows, columns], data: slice });
    let most = 0;
    for (let i = 0; i < rows * columns; i++) most = Math.max(most, complexAt(data, i).magnitude);
    const decibels = (i: number): number => 20 * Math.log10(complexAt(data, i).magnitude / most);
    const seen = await canvasOf(page, 0);
    let inside = 0;
    // The middle of k-space is where the signal is.
    for (let row = rows / 2 - 40; row < rows / 2 + 40; row += 9) {
      for (let column = columns / 2 - 40; column < columns / 2 + 40; column += 7) {
        const expected = 255 * Math.min(Math.max((decibels(row * columns + column) + 80) / 80, 0), 1);
        const [grey] = colourAt(seen, placeOf(seen, { rows, columns }, { row, column }));
        expect(Math.abs(grey - expected), `row ${row}, column ${column}`).toBeLessThanOrEqual(2);
        if (grey > 20 && grey < 235) inside++;
      }
    }
    expect(inside).toBeGreaterThan(20);
    const box = (await page.locator(pane(0)).boundingBox())!;
    const [row, column] = [rows / 2 - 4, columns / 2 + 6];
    const at = placeOf(seen, { rows, columns }, { row, column });
    await page.mouse.move(box.x + at.x, box.y + at.y);
    const reading = async (): Promise<string> => (await page.textContent('[data-testid="reading"]'))!;
    await expect.poll(reading, PATIENT).toContain(`${column}, ${row}`);
    const told = Number(/k-space\s*(\S+) dB/.exec(await reading())![1]!.replace('−', '-'));
    expect(Math.abs(told - decibels(row * columns + column))).toBeLessThan(0.01);
    await choose(0, 'magnitude');
  });

  it('lays the patches of the newest set where they were cut, told apart by line and word', async () => {
    const { page } = window;
    const rectangles = page.locator(`${pane(0)} [data-patch]`);
    expect(await rectangles.count()).toBe(0);
    await page.getByLabel('Patches of the newest set').check();
    const ofVolume = patches.filter((patch) => patch.volume === volume);
    const drawnOn = async (slice: number): Promise<void> => {
      const expected = ofVolume
        .filter((patch) => patch.slice === slice)
        .map(({ tissueClass, top, left }) => `${tissueClass} ${top} ${left} 96 96`)
        .sort();
      const drawn = async (): Promise<string[]> =>
        (
          await rectangles.evaluateAll((all) =>
            all.map((one) =>
              ['data-patch', 'y', 'x', 'height', 'width'].map((name) => one.getAttribute(name)).join(' '),
            ),
          )
        ).sort();
      await expect.poll(drawn, PATIENT).toEqual(expected);
    };
    const found = ofVolume.find(({ tissueClass }) => tissueClass === 'abnormal')!;
    for (const key of ['Home', ...Array.from({ length: found.slice }, () => 'ArrowDown')])
      await page.keyboard.press(key);
    await drawnOn(found.slice);
    // The patch under the pointer is named, and no word lies on another.
    const square = await page.locator(`${pane(0)} [data-patch][x="${found.left}"][y="${found.top}"]`).boundingBox();
    await page.mouse.move(square!.x + square!.width / 2, square!.y + square!.height / 2);
    const words = page.locator(`${pane(0)} .patches text`);
    await expect.poll(() => words.allTextContents(), PATIENT).toContainEqual(expect.stringContaining('abnormal'));
    expect(await page.locator(`${pane(0)} .pointed`).getAttribute('data-patch')).toBe('abnormal');
    const boxes = await words.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1))
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 1 || b.bottom <= a.top + 1).toBe(true);
    const dashes = (kind: string): Promise<string> =>
      page
        .locator(`${pane(0)} [data-patch="${kind}"]`)
        .first()
        .evaluate((one) => getComputedStyle(one).strokeDasharray);
    expect(await dashes('abnormal')).toBe('none');
    // The squares lie in the frame of the picture: what is at the corner of one is at the corner of the patch.
    const frame = await page.locator(`${pane(0)} .patches > g`).getAttribute('transform');
    const picture = await page
      .locator(`${pane(0)} svg.overlay > g`)
      .first()
      .getAttribute('transform');
    expect(frame).toBe(picture);
    await page.getByLabel('Patches of the newest set').uncheck();
    await expect.poll(() => rectangles.count(), PATIENT).toBe(0);
  });

  it('leads from a patch on the wall to its place in the volume', async () => {
    const { page } = window;
    await window.show('patches');
    await page.locator('nav[aria-label="Patch sets"] button').nth(1).click();
    await page.locator('.tile canvas').first().waitFor();
    await page.locator('.tile').first().click();
    await page.getByTestId('to-viewer').click();
    const outlined = page.locator(`${pane(0)} [data-patch="outlined"]`);
    await outlined.waitFor({ state: 'attached' });
    const [top, left] = await outlined.evaluate((one) => ['y', 'x'].map((name) => Number(one.getAttribute(name))));
    // The square is there before its picture is.
    const shown = async (): Promise<Patch | undefined> => {
      const id = (await page.getAttribute(`${pane(0)} [data-image]`, 'data-image'))!.slice('isochromat:'.length);
      const [where, slice] = id.split('/');
      return patches.find(
        (one) => one.volume === where && one.slice === Number(slice) && one.top === top && one.left === left,
      );
    };
    await expect.poll(shown, PATIENT).toBeDefined();
    expect(window.complaints).toEqual([]);
  });

  it('takes a set that is asked for, and the library, which had its rows already, counts what it has now', async () => {
    const { page } = window;
    const allRows = page.getByRole('grid', { name: 'Volumes' }).locator('[aria-selected]');
    const normal = allRows.filter({ has: page.getByText('normal', { exact: true }) });
    const cells = async (): Promise<string[]> => (await normal.first().innerText()).split('\n');
    await window.show('library');
    await normal.first().waitFor();
    const before = await cells();
    await window.show('patches');
    const sets = page.locator('nav[aria-label="Patch sets"] button');
    await page.locator('nav[aria-label="Patch sets"] button').first().click();
    await page.fill('[data-setting="normal"]', '7');
    await page.getByRole('button', { name: 'Take the patches' }).click();
    await sets.nth(2).waitFor({ timeout: 60_000 });
    await window.show('library');
    await expect.poll(cells, PATIENT).toContain('7');
    expect(before).not.toContain('7');
    expect(window.complaints).toEqual([]);
  }, 120_000);
});
