import type { VolumeScore } from '../../evaluation/volume-score.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { linearScale, roundTicks } from './axis.ts';
import { figureSvg, horizontalAxis, px } from './plot-frame.ts';

export const SCORE_ROWS = [
  { label: 1, name: 'abnormal' },
  { label: 0, name: 'normal' },
  { label: null, name: 'not known' },
] as const;

const WIDTH = 560;
const DOT = 9;

/** Every volume as one dot at its score, a row a label; dots that would cover each other are stacked. */
export function scorePlot(name: string, volumes: readonly VolumeScore[]): Markup {
  const left = 96;
  const right = WIDTH - 16;
  const low = Math.min(0, ...volumes.map(({ score }) => score));
  const high = Math.max(1, ...volumes.map(({ score }) => score));
  const x = linearScale([low, high], [left, right]);
  let bottom = 8;
  const rows = SCORE_ROWS.filter(({ label }) => volumes.some((volume) => volume.label === label)).map((row) => {
    const stacks = stack(
      volumes.filter(({ label }) => label === row.label).map(({ score }) => x(score)),
      DOT,
    );
    const step = Math.min(DOT, 88 / Math.max(1, ...stacks.map(({ level }) => level)));
    const height = 24 + step * Math.max(0, ...stacks.map(({ level }) => level));
    const base = bottom + height - 12;
    bottom += height;
    const sign = row.label === 1 ? 'series-1' : row.label === 0 ? 'series-0' : 'unknown';
    return markup`<text class="label" x="0" y="${px(base + 4)}">${row.name}</text>${stacks.map(
      ({ position, level }) =>
        markup`<circle class="dot ${sign}" cx="${px(position)}" cy="${px(base - level * step)}" r="4"/>`,
    )}`;
  });
  const frame = { left, right, top: 8, bottom };
  const description = `Scores of ${volumes.length} volumes of ${name}, one dot each, by label; the numbers are in the table.`;
  return figureSvg(WIDTH, bottom + 44, description, [
    horizontalAxis(frame, x, roundTicks(low, high, 5), 'Volume score (mean of the top 5 % of patch probabilities)'),
    ...rows,
  ]);
}

/** The lowest level at which each position is `gap` pixels away from all others there. */
function stack(positions: readonly number[], gap: number): { position: number; level: number }[] {
  const levels: number[] = [];
  return positions
    .toSorted((a, b) => a - b)
    .map((position) => {
      let level = levels.findIndex((last) => position - last >= gap);
      if (level < 0) level = levels.length;
      levels[level] = position;
      return { position, level };
    });
}
