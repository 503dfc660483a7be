import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNpy } from '../../main/formats/npy.ts';
import type { NpyArray } from '../../main/formats/npy/dtype.ts';
import { PHASE_STEPS, phaseColours, phaseEntry } from '../../renderer/imaging/colour/phase-map.ts';
import { profile } from '../../renderer/imaging/measure.ts';
import { storedFiles } from '../zip.ts';
import { canvasOf, colourAt, dragged, placeOf, sampleOf, shown } from './canvas.ts';
import { describeInBrowser } from './browser.ts';
import { controlsOutOfReach } from './reach.ts';
import { startWindow } from './running-window.ts';
import type { RunningWindow } from './running-window.ts';
import { phantomStudy } from './viewer-study.ts';

const PATIENT = { timeout: 30_000 };

describeInBrowser('the tools of the viewer', () => {
  let window: RunningWindow;
  let volume: string;
  let other: string;
  let array: NpyArray;
  let otherArray: NpyArray;
  let image: { rows: number; columns: number };
  const pane = (i: number): string => `[data-pane="${i}"]`;
  const press = (key: string): Promise<void> => window.page.keyboard.press(key);
  /** Where the middle of a pixel of the first pane lies in the window. */
  const inWindow = async (row: number, column: number): Promise<[x: number, y: number]> => {
    const box = (await window.page.locator(pane(0)).boundingBox())!;
    const { x, y } = placeOf(box, image, { row, column });
    return [box.x + x, box.y + y];
  };
  const saved = async (act: () => Promise<unknown>): Promise<{ name: string; content: Buffer }> => {
    const [download] = await Promise.all([window.page.waitForEvent('download', { timeout: 60_000 }), act()]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  };
  const component = (id: string): string => `[data-image*="${volume}/${id}"]`;

  beforeAll(async () => {
    const study = await phantomStudy({ volumes: 2, slices: 3, size: 96, coils: 2 });
    [volume, other] = study.phantoms as [string, string];
    window = await startWindow(study.folder);
    await window.show(`viewer/${volume}`);
    await window.page.waitForSelector(`${pane(1)} [data-image*="${volume}/"]`);
    const stored = (id: string): Promise<NpyArray> => readNpy(join(study.folder, 'volumes', id, 'image.npy'));
    [array, otherArray] = [await stored(volume), await stored(other)];
    image = { rows: array.shape[1]!, columns: array.shape[2]! };
    await press('n');
    await shown(window.page, 0, 1, 'magnitude');
  }, 300_000);
  afterAll(() => window?.stop());

  it('draws the profile of a line, with its length', async () => {
    const { page } = window;
    await press('l');
    const [from, to] = [
      { x: 60.5, y: 160.5 },
      { x: 250.5, y: 160.5 },
    ];
    await dragged(page, await inWindow(160, 60), await inWindow(160, 250));
    const figure = page.locator('.measurements figure');
    await figure.waitFor();
    const { rows, columns } = image;
    const data = (array.data as Float32Array).slice(2 * rows * columns, 4 * rows * columns);
    const points = profile({ rows, columns, data }, from, to, null);
    const most = Math.max(...points.map(({ magnitude }) => magnitude));
    const text = await figure.innerText();
    expect(Math.abs(Number(/magnitude 0–([\d.]+)/.exec(text)![1]) - most) / most).toBeLessThan(0.05);
    // As many points as pixels, each with its phase; the pointer stands on whole pixels of the screen.
    expect(Math.abs((await figure.locator('circle').count()) - points.length)).toBeLessThanOrEqual(2);
    expect(text).toMatch(/[\d.]+ (mm|px)/);
  });

  it('measures a length in millimetres, and forgets it', async () => {
    const { page } = window;
    await press('m');
    await dragged(page, await inWindow(100, 100), await inWindow(200, 100));
    const ruler = page.locator(`${pane(0)} line.ruler`);
    await ruler.waitFor({ state: 'attached' });
    const spacing = /([\d.]+) × ([\d.]+) mm/.exec(await page.locator('.inspector').innerText());
    const measured = await ruler.getAttribute('data-measure');
    const expected = 100 * Number(spacing?.[1] ?? 1);
    expect(Math.abs(Number.parseFloat(measured!) - expected) / expected).toBeLessThan(0.03);
    expect(measured).toContain(spacing === null ? 'px' : 'mm');
    // Of another slice it is not.
    await press('ArrowDown');
    await ruler.waitFor({ state: 'detached' });
    await press('ArrowUp');
    await ruler.waitFor({ state: 'attached' });
  });

  it('saves the picture as it is seen, and without what lies above it', async () => {
    const { page } = window;
    await shown(page, 0, 1, 'magnitude');
    const seen = await canvasOf(page, 0);
    const bare = await saved(() => press('Control+Shift+s'));
    expect(bare.name).toBe(`${volume}-magnitude-002.png`);
    const plain = PNG.sync.read(bare.content);
    expect([plain.width, plain.height]).toEqual([seen.width, seen.height]);
    expect(plain.data.equals(seen.pixels)).toBe(true);
    const annotated = PNG.sync.read((await saved(() => press('Control+s'))).content);
    const yellow = ({ data }: PNG): number => {
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i]! - data[i + 2]! > 60) count++;
      return count;
    };
    // The ruler and the profile are there, in their color.
    expect(yellow(plain)).toBe(0);
    expect(yellow(annotated)).toBeGreaterThan(100);
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await press('w');
  });

  it('saves all slices as pictures in one archive', async () => {
    const { page } = window;
    const archive = await saved(() =>
      page.getByRole('button', { name: 'Save all slices as PNG, in one archive' }).click(),
    );
    expect(archive.name).toBe(`${volume}-magnitude.zip`);
    const files = storedFiles(archive.content);
    expect(files.map(({ name }) => name)).toEqual([1, 2, 3].map((k) => `${volume}-magnitude-00${k}.png`));
    const centre = Number(await page.inputValue('[data-testid="level"]'));
    const width = Number(await page.inputValue('[data-testid="width"]'));
    for (const [slice, { content }] of files.entries()) {
      const { width: columns, height: rows, data } = PNG.sync.read(content);
      for (const at of [100, 140, 180, 220].map((row) => ({ row, column: 150 }))) {
        const { magnitude } = sampleOf(array, slice, at.row, at.column);
        const expected = 255 * Math.min(Math.max((magnitude - centre) / width + 0.5, 0), 1);
        const seen = { width: columns, height: rows, pixels: data };
        expect(Math.abs(colourAt(seen, placeOf(seen, image, at))[0] - expected), `slice ${slice}`).toBeLessThan(3);
      }
    }
    // What was looked at before is there again.
    await shown(page, 0, 1, 'magnitude');
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  });

  it('plays the slices in turn until it is stopped', async () => {
    const { page } = window;
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      const picture = document.querySelector('[data-pane="0"] [data-image]')!;
      const note = (): void => void seen.push(picture.getAttribute('data-image')!.split('/')[1]!);
      note();
      new MutationObserver(note).observe(picture, { attributes: true, attributeFilter: ['data-image'] });
    });
    const seen = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
    await page.keyboard.press('Space');
    await expect.poll(async () => (await seen()).length, PATIENT).toBeGreaterThanOrEqual(6);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const order = (await seen()).slice(0, 6);
    expect(new Set(order)).toEqual(new Set(['0', '1', '2']));
    await press('Home');
    await shown(page, 0, 0, 'magnitude');
    await press('ArrowDown');
    await shown(page, 0, 1, 'magnitude');
  });

  it('shows phase against a slice of reference', async () => {
    const { page } = window;
    await press('d');
    await page.waitForSelector(`${pane(1)} ${component('1/phase/1/')}`);
    await press('ArrowDown');
    await page.waitForSelector(`${pane(1)} ${component('2/phase/1/')}`);
    await shown(page, 1, 2, 'phase');
    const seen = await canvasOf(page, 1);
    const { colours } = phaseColours();
    let checked = 0;
    for (let row = 60; row < 260; row += 20) {
      for (let column = 60; column < 260; column += 20) {
        const [now, before] = [sampleOf(array, 2, row, column), sampleOf(array, 1, row, column)];
        if (now.magnitude < 0.06) continue;
        const entry = phaseEntry(now.phase - before.phase);
        const near = [-1, 0, 1].map((by) => 3 * ((entry + by + PHASE_STEPS) % PHASE_STEPS));
        const colour = colourAt(seen, placeOf(seen, image, { row, column }));
        const far = near.map((k) => Math.max(...colour.map((channel, c) => Math.abs(channel - colours[k + c]!))));
        expect(Math.min(...far), `row ${row}, column ${column}`).toBeLessThanOrEqual(1);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(20);
    await page.getByText('difference to slice 2').first().waitFor();
    await press('d');
    await page.waitForSelector(`${pane(1)} ${component('2/phase//')}`);
    await press('ArrowUp');
    await shown(page, 1, 1, 'phase');
  });

  it('sets a second volume beside the first, slice by slice', async () => {
    const { page } = window;
    await page.getByLabel('Beside it').selectOption(other);
    await page.waitForSelector(`${pane(1)} [data-image*="${other}/1/magnitude"]`);
    await page.waitForSelector(`${pane(3)} [data-image*="${other}/1/phase"]`);
    await press('ArrowDown');
    await page.waitForSelector(`${pane(0)} [data-image*="${volume}/2/magnitude"]`);
    await page.waitForSelector(`${pane(1)} [data-image*="${other}/2/magnitude"]`);
    await page.fill('[data-testid="level"]', '0.5');
    await page.fill('[data-testid="width"]', '1');
    await page.locator('[data-testid="width"]').blur();
    for (const [index, of] of [array, otherArray].entries()) {
      await shown(page, index, 2, 'magnitude');
      const seen = await canvasOf(page, index);
      for (const at of [100, 140, 180, 220].map((row) => ({ row, column: 150 }))) {
        const { magnitude } = sampleOf(of, 2, at.row, at.column);
        const [grey] = colourAt(seen, placeOf(seen, image, at));
        expect(Math.abs(grey - 255 * Math.min(magnitude, 1)), `pane ${index}, row ${at.row}`).toBeLessThan(2);
      }
    }
    await page.getByLabel('Beside it').selectOption('');
    await page.waitForSelector(pane(2), { state: 'detached' });
  });

  it('moves nothing for those who ask for that, in the system or here', async () => {
    const { page } = window;
    const still = (): Promise<boolean> =>
      page.evaluate(() =>
        [...document.querySelectorAll('*')].every((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return [transitionDuration, animationDuration].every((all) =>
            all.split(', ').every((one) => Number.parseFloat(one) <= 0.001),
          );
        }),
      );
    expect(await still()).toBe(false);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await still()).toBe(true);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.evaluate(() => document.documentElement.classList.add('still'));
    expect(await still()).toBe(true);
    await page.evaluate(() => document.documentElement.classList.remove('still'));
  });

  it('can be used at 200 %: every control of every screen can be reached', async () => {
    const { page } = window;
    // What is left of a window of 1280 × 800.
    await page.setViewportSize({ width: 640, height: 400 });
    const lost: Record<string, string[]> = {};
    const screens = {
      viewer: 'Viewer',
      library: 'Library',
      patches: 'Patches',
      import: 'Import',
      activity: 'Activity',
      'settings/general': 'Settings',
    };
    for (const [place, title] of Object.entries(screens)) {
      await window.show(place);
      await page.locator('main h1', { hasText: title }).waitFor({ state: 'attached' });
      if (place === 'viewer') await page.waitForSelector(`${pane(0)} [data-image]`);
      if (place === 'library') await page.locator('[role="row"][aria-selected]').first().waitFor();
      // A toast may lie over a control for the seconds that it is there.
      await expect.poll(() => page.locator('.toast').count(), { timeout: 30_000 }).toBe(0);
      const out = await controlsOutOfReach(page);
      if (out.length > 0) lost[place] = out;
    }
    expect(lost).toEqual({});
    expect(window.complaints).toEqual([]);
  });

  it('finds volumes by name in the palette, which has the focus every time, and the library shows the one in hand', async () => {
    const { page } = window;
    const field = page.getByRole('combobox', { name: 'Search and do' });
    const option = page.getByRole('option', { name: /file_brain.*Volume/ });
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const round of ['looks', 'goes']) {
      await press('Control+k');
      await expect.poll(() => field.evaluate((e) => e === document.activeElement)).toBe(true);
      await page.keyboard.type('file_brain');
      await expect.poll(() => option.count()).toBe(2);
      if (round === 'goes') break;
      await press('Escape');
      await field.waitFor({ state: 'hidden' });
    }
    const name = (await option.first().innerText()).split('\n')[0]!;
    await press('Enter');
    await page.locator(`[data-pane="0"] [aria-label*="${name}"]`).waitFor();
    await page.getByRole('link', { name: 'Library' }).first().click();
    const selected = page.getByRole('grid', { name: 'Volumes' }).locator('[aria-selected="true"]');
    await expect.poll(() => selected.innerText()).toContain(name);
  });

  it('is as it was left when the page was closed in the moment after', async () => {
    const { page } = window;
    await window.show(`viewer/${volume}`);
    await page.locator(component('')).first().waitFor();
    await press('F3');
    await page.getByLabel('Brain mask').check();
    await press('End');
    await shown(page, 3, 2, 'imaginary');
    const address = page.url();
    await page.goto('about:blank');
    // What went out with the page arrives when it arrives; a window is opened again later than that.
    const asked = async (what: string, input?: object): Promise<string> => {
      const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
      return (await page.context().request.get(new URL(`/api/${what}${search}`, address).href)).text();
    };
    const { result } = JSON.parse(await asked('study.current')) as { result: { data: { id: string } } };
    const kept = (): Promise<string> => asked('system.session', { key: result.data.id });
    await expect.poll(kept).toMatch(/(?=.*"viewer\.layout":"four")(?=.*"slice":2)(?=.*"mask":true)/);
    await page.goto(address);
    await shown(page, 3, 2, 'imaginary');
    expect(await page.getByLabel('Brain mask').isChecked()).toBe(true);
    await press('F2');
    await page.getByLabel('Brain mask').uncheck();
  }, 60_000);

  it('shows slice after slice also where the worker that brings them cannot be had', async () => {
    const page = await window.page.context().newPage();
    try {
      let refused = 0;
      await page.route(/slice-worker/, (route) => {
        refused++;
        return route.abort();
      });
      await page.goto(new URL(`/#/viewer/${volume}?slice=1`, window.page.url()).href);
      await shown(page, 0, 1, 'magnitude');
      await shown(page, 1, 1, 'phase');
      await page.keyboard.press('ArrowDown');
      await shown(page, 1, 2, 'phase');
      await page.keyboard.press('Home');
      await shown(page, 1, 0, 'phase');
      expect(await page.locator('.pane [role="alert"]').count()).toBe(0);
      expect(refused).toBeGreaterThan(0);
    } finally {
      await page.close();
    }
  }, 60_000);
});
