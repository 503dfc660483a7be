import { markup } from './markup.ts';
import type { Child, Markup } from './markup.ts';

export interface Column {
  title: Child;
  /** Text columns stand left, figures right, so that digits align. */
  kind?: 'text' | 'figure';
}

/** A table with a caption and a row head in each row's first cell. */
export function htmlTable(caption: Child, columns: readonly Column[], rows: readonly (readonly Child[])[]): Markup {
  const kind = (k: number): string => (columns[k]?.kind === 'figure' ? 'figure' : 'text');
  return markup`<div class="scroll"><table><caption>${caption}</caption><thead><tr>${columns.map(
    ({ title }, k) => markup`<th scope="col" class="${kind(k)}">${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([head, ...cells]) =>
      markup`<tr><th scope="row">${head}</th>${cells.map((cell, k) => markup`<td class="${kind(k + 1)}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
