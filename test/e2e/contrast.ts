import type { Locator } from 'playwright-core';

/** Contrast (WCAG) of an element's own color with that of the page; of one that lets it shine through, none. */
export function contrastWithPage(element: Locator): Promise<number> {
  return element.evaluate((seen) => {
    const luminance = (color: string): number => {
      const [red, green, blue] = color.match(/[\d.]+/g)!.map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const { backgroundColor, opacity } = getComputedStyle(seen);
    if (opacity !== '1') return 1;
    const page = getComputedStyle(document.querySelector('.v-application')!).backgroundColor;
    const [one, other] = [luminance(backgroundColor), luminance(page)].sort((a, b) => b - a);
    return (one! + 0.05) / (other! + 0.05);
  });
}
