import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { Scale, Tick } from './axis.ts';

export interface Frame {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A figure drawn at its natural size; `description` is what a screen reader says. */
export function figureSvg(width: number, height: number, description: string, content: Markup | Markup[]): Markup {
  return markup`<svg class="plot" role="img" aria-label="${description}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;
}

/** Vertical grid lines with labels below them, and the title of the axis. */
export function horizontalAxis(frame: Frame, scale: Scale, ticks: readonly Tick[], title: string): Markup {
  const { left, right, top, bottom } = frame;
  return markup`${ticks.map(
    ({ value, label }) =>
      markup`<line class="grid" x1="${px(scale(value))}" x2="${px(scale(value))}" y1="${top}" y2="${bottom}"/><text class="tick" x="${px(scale(value))}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
  )}<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/><text class="title" x="${(left + right) / 2}" y="${bottom + 34}" text-anchor="middle">${title}</text>`;
}

/** Horizontal grid lines with labels left of them; the title stands above, where it can be read without turning. */
export function verticalAxis(frame: Frame, scale: Scale, ticks: readonly Tick[], title: string): Markup {
  const { left, right, top } = frame;
  return markup`${ticks.map(
    ({ value, label }) =>
      markup`<line class="grid" x1="${left}" x2="${right}" y1="${px(scale(value))}" y2="${px(scale(value))}"/><text class="tick" x="${left - 8}" y="${px(scale(value) + 4)}" text-anchor="end">${label}</text>`,
  )}<text class="title" x="0" y="${top - 12}">${title}</text>`;
}

/** Pixels to a tenth: finer is only bytes. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
