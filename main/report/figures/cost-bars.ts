import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';

/** A bar inside a table cell; `share` of the longest from 0 to 1. Decoration of a number that stands beside it. */
export function inlineBar(share: number): Markup {
  const width = Math.max(0.5, Math.min(1, share) * 120).toFixed(1);
  return markup`<svg class="inline-bar" width="120" height="8" aria-hidden="true"><rect width="${width}" height="8" rx="1"/></svg>`;
}
