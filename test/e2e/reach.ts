import type { Page } from 'playwright-core';

/**
 * Controls that cannot be brought into the window by scrolling, or that lie under something else there, in words.
 * Rows of lists that are drawn only in sight are reached by scrolling the list.
 */
export function controlsOutOfReach(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const lost: string[] = [];
    const controls = document.querySelectorAll<HTMLElement>(
      '#app :is(button, a[href], input, select, textarea, [role="combobox"]):not([disabled], .skip)',
    );
    for (const control of controls) {
      const { visibility, opacity } = getComputedStyle(control);
      if (visibility === 'hidden' || control.getClientRects().length === 0) continue;
      // An invisible input is clicked through what stands for it.
      const seen = opacity === '0' ? control.closest<HTMLElement>('label, .v-input, .v-selection-control') : control;
      if (seen === null) continue;
      seen.scrollIntoView({ block: 'center', inline: 'center' });
      const { left, right, top, bottom } = seen.getBoundingClientRect();
      const at = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (top + bottom) / 2] as const;
      const hit = document.elementFromPoint(...at);
      const inside = left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1;
      const free =
        hit !== null && (seen.contains(hit) || hit.contains(seen) || hit.closest('label')?.control === control);
      if (!inside || !free) {
        const name = control.ariaLabel ?? control.textContent?.trim() ?? '';
        const where = [left, top, right, bottom].map(Math.round).join(' ');
        lost.push(`${control.tagName} “${name.slice(0, 40)}” at ${where}${free ? '' : ` under ${hit?.className}`}`);
      }
    }
    return lost;
  });
}
