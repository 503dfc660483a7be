import type { Page } from 'playwright-core';
import type { NpyArray } from '../../main/formats/npy/dtype.ts';

/** A pane's canvas as it stands on the screen. */
export interface SeenCanvas {
  width: number;
  height: number;
  /** red, green, blue, alpha of each pixel */
  pixels: Buffer;
}

export async function canvasOf(page: Page, pane: number): Promise<SeenCanvas> {
  const { width, height, text } = await page.evaluate((index) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-pane="${index}"] canvas.cornerstone-canvas`)!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width: canvas.width, height: canvas.height, text: btoa(text) };
  }, pane);
  return { width, height, pixels: Buffer.from(text, 'base64') };
}

/** Where the middle of a pixel of a fitted image lies on its canvas. */
export function placeOf(
  seen: { width: number; height: number },
  image: { rows: number; columns: number },
  at: { row: number; column: number },
): { x: number; y: number } {
  const scale = Math.min(seen.width / image.columns, seen.height / image.rows);
  return {
    x: seen.width / 2 + (at.column + 0.5 - image.columns / 2) * scale,
    y: seen.height / 2 + (at.row + 0.5 - image.rows / 2) * scale,
  };
}

export function colourAt(seen: SeenCanvas, { x, y }: { x: number; y: number }): [number, number, number] {
  const i = 4 * (Math.floor(y) * seen.width + Math.floor(x));
  return [seen.pixels[i]!, seen.pixels[i + 1]!, seen.pixels[i + 2]!];
}

/** One sample of a stored complex volume. */
export function sampleOf(
  { data, shape }: NpyArray,
  slice: number,
  row: number,
  column: number,
): { magnitude: number; phase: number } {
  const [, rows, columns] = shape as [number, number, number];
  const i = 2 * ((slice * rows + row) * columns + column);
  const [re, im] = [data[i] as number, data[i + 1] as number];
  return { magnitude: Math.hypot(re, im), phase: Math.atan2(im, re) };
}

/** Waits until a pane shows a slice, and has drawn it. */
export async function shown(page: Page, pane: number, slice: number, component: string): Promise<void> {
  await page.waitForFunction(
    ([index, part]) => {
      const id = document.querySelector<HTMLElement>(`[data-pane="${index}"] [data-image]`)?.dataset['image'];
      return id?.includes(part!) === true;
    },
    [String(pane), `/${slice}/${component}/`],
  );
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Presses, moves and lets go, as a hand does. */
export async function dragged(page: Page, from: [x: number, y: number], to: [x: number, y: number]): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}
