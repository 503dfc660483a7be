import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { linearScale, roundTicks } from './axis.ts';
import { figureSvg, horizontalAxis, px } from './plot-frame.ts';

/** One estimate: a dot, its interval as a line, single runs as small marks. */
export interface IntervalMark {
  value: number | null;
  interval: readonly [number, number] | null;
  runs?: readonly number[];
}

const WIDTH = 560;
const LABELS = 96;

/** A forest plot of AUROCs: a row a group, in it a mark a series; the dashed line is 0.5, chance. */
export function intervalPlot(title: string, rows: readonly { name: string; marks: readonly IntervalMark[] }[]): Markup {
  const spacing = 16;
  const values = rows.flatMap(({ marks }) =>
    marks.flatMap((m) => [m.value ?? 0.5, ...(m.interval ?? []), ...(m.runs ?? [])]),
  );
  const low = Math.max(0, Math.floor(Math.min(0.4, ...values) * 10) / 10);
  const high = Math.min(1, Math.ceil(Math.max(0.6, ...values) * 10) / 10);
  const heights = rows.map(({ marks }) => Math.max(1, marks.length) * spacing + 16);
  const bottom = 8 + heights.reduce((sum, height) => sum + height, 0);
  const frame = { left: LABELS, top: 8, right: WIDTH - 16, bottom };
  const x = linearScale([low, high], [frame.left, frame.right]);
  let top = frame.top;
  const drawn = rows.map(({ name, marks }, r) => {
    const middle = top + heights[r]! / 2;
    const first = middle - ((marks.length - 1) * spacing) / 2;
    top += heights[r]!;
    return markup`<text class="label" x="0" y="${px(middle + 4)}">${name}</text>${marks.map((mark, k) =>
      drawMark(mark, k, first + k * spacing, x),
    )}`;
  });
  const description = `${title} by ${rows.map(({ name }) => name).join(', ')}, with 95 % intervals; the numbers are in the table.`;
  return figureSvg(WIDTH, bottom + 44, description, [
    horizontalAxis(frame, x, roundTicks(low, high, 6), title),
    markup`<line class="reference" x1="${px(x(0.5))}" x2="${px(x(0.5))}" y1="${frame.top}" y2="${bottom}"/>`,
    ...drawn,
  ]);
}

function drawMark(
  { value, interval, runs = [] }: IntervalMark,
  series: number,
  y: number,
  x: (v: number) => number,
): Markup {
  if (value === null) return markup`<text class="tick" x="${px(x(0.5) + 8)}" y="${px(y + 4)}">no estimate</text>`;
  const line =
    interval === null
      ? markup``
      : markup`<line class="interval series-${series % 5}" x1="${px(x(interval[0]))}" x2="${px(x(interval[1]))}" y1="${px(y)}" y2="${px(y)}"/>`;
  const single = runs.map(
    (run) =>
      markup`<line class="run series-${series % 5}" x1="${px(x(run))}" x2="${px(x(run))}" y1="${px(y - 7)}" y2="${px(y - 2)}"/>`,
  );
  return markup`${line}${single}<circle class="dot series-${series % 5}" cx="${px(x(value))}" cy="${px(y)}" r="4"/>`;
}
