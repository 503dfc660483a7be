import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { linearScale, logarithmicScale, logarithmicTicks, roundTicks } from './axis.ts';
import { figureSvg, horizontalAxis, px, verticalAxis } from './plot-frame.ts';

export interface LineSeries {
  name: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

interface Bin {
  step: number;
  mean: number;
  low: number;
  high: number;
}

const WIDTH = 464;
const HEIGHT = 248;
const FRAME = { left: 52, top: 32, right: WIDTH - 12, bottom: HEIGHT - 44 };
const BINS = 120;
/** A loss beyond this has diverged: a gap, as one that is not finite. */
const LARGEST = 1e30;

/**
 * Curves over training steps. Long series are drawn as the mean of up to 120 bins with a band from the smallest to the
 * largest value of each, so that nothing is smoothed away unseen. The vertical range is that of the means.
 */
export function lineChart(
  name: string,
  quantity: string,
  series: readonly LineSeries[],
  options: { logarithmic?: boolean } = {},
): Markup {
  const binned = series.map(({ steps, values }) => binsOf(steps, values, options.logarithmic === true));
  const all = binned.flat();
  if (all.length === 0) return markup`<p class="absent">${name}: no values that could be drawn were recorded.</p>`;
  const means = all.map((bin) => bin.mean);
  let [low, high] = [Math.min(...means), Math.max(...means)];
  const last = Math.max(...all.map((bin) => bin.step));
  const first = Math.min(0, ...all.map((bin) => bin.step));
  const margin = options.logarithmic === true ? 1 : (high - low || Math.abs(high) || 1) * 0.06;
  [low, high] = options.logarithmic === true ? [low / 1.15, high * 1.15] : [low - margin, high + margin];
  if (options.logarithmic !== true && Math.min(...means) >= 0) low = Math.max(0, low);

  const x = linearScale([first, last], [FRAME.left, FRAME.right]);
  const vertical = [FRAME.bottom, FRAME.top] as const;
  const y = options.logarithmic === true ? logarithmicScale([low, high], vertical) : linearScale([low, high], vertical);
  const ticks = options.logarithmic === true ? logarithmicTicks(low, high) : roundTicks(low, high, 4);
  const inside = (value: number): number => Math.max(FRAME.top, Math.min(FRAME.bottom, y(value)));
  const description = `${name}: ${quantity} over ${Math.round(last)} steps. ${series
    .map((each, k) => `${each.name} from ${short(binned[k]![0]?.mean)} to ${short(binned[k]!.at(-1)?.mean)}`)
    .join('; ')}.`;
  return figureSvg(WIDTH, HEIGHT, description, [
    horizontalAxis(FRAME, x, roundTicks(first, last, 5), 'Step'),
    verticalAxis(FRAME, y, ticks.length >= 2 ? ticks : roundTicks(low, high, 4), quantity),
    ...binned.map((bins, k) => {
      const band = [
        ...bins.map((bin) => `${px(x(bin.step))},${px(inside(bin.high))}`),
        ...bins.toReversed().map((bin) => `${px(x(bin.step))},${px(inside(bin.low))}`),
      ];
      const line = bins.map((bin) => `${px(x(bin.step))},${px(inside(bin.mean))}`);
      return markup`<polygon class="band series-${k % 5}" points="${band.join(' ')}"/><polyline class="line series-${k % 5}" points="${line.join(' ')}"/>`;
    }),
  ]);
}

function binsOf(steps: ArrayLike<number>, values: ArrayLike<number>, positiveOnly: boolean): Bin[] {
  const points = Array.from(steps, (step, i) => ({ step, value: values[i]! })).filter(
    ({ step, value }) => Number.isFinite(step) && Math.abs(value) <= LARGEST && (!positiveOnly || value >= 1 / LARGEST),
  );
  const size = Math.ceil(points.length / BINS);
  const bins: Bin[] = [];
  for (let i = 0; i < points.length; i += size) {
    const members = points.slice(i, i + size);
    const mean = (pick: (p: { step: number; value: number }) => number): number =>
      members.reduce((sum, p) => sum + pick(p), 0) / members.length;
    const found = members.map((p) => p.value);
    bins.push({
      step: mean((p) => p.step),
      mean: mean((p) => p.value),
      low: Math.min(...found),
      high: Math.max(...found),
    });
  }
  return bins;
}

function short(value: number | undefined): string {
  return value === undefined ? 'nothing' : String(Number(value.toPrecision(3)));
}
