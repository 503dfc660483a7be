import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';

/** Names of the series of a chart, each with its line or dot, as ordinary text above the chart. */
export function legend(names: readonly (string | Markup)[], kind: 'line' | 'dot' = 'line'): Markup {
  const sign = (k: number): Markup =>
    kind === 'line'
      ? markup`<svg width="24" height="8" aria-hidden="true"><line class="line series-${k % 5}" x1="0" x2="24" y1="4" y2="4"/></svg>`
      : markup`<svg width="12" height="12" aria-hidden="true"><circle class="dot series-${k % 5}" cx="6" cy="6" r="4"/></svg>`;
  return markup`<ul class="legend">${names.map((name, k) => markup`<li>${sign(k)} ${name}</li>`)}</ul>`;
}
