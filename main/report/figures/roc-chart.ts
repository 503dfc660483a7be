import { rocCurve } from '../../evaluation/metrics/roc-curve.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { linearScale } from './axis.ts';
import type { Tick } from './axis.ts';
import { figureSvg, horizontalAxis, px, verticalAxis } from './plot-frame.ts';

const SIZE = 304;
const FRAME = { left: 48, top: 32, right: 48 + SIZE, bottom: 32 + SIZE };
const TICKS: Tick[] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => ({ value, label: value.toFixed(1) }));

/** ROC curves of several scores; `marks` are locked operating points. Series whose data hold one class are left out. */
export function rocChart(
  series: readonly {
    name: string;
    labels: readonly number[];
    scores: readonly number[];
    mark?: { sensitivity: number; specificity: number };
  }[],
): Markup {
  const x = linearScale([0, 1], [FRAME.left, FRAME.right]);
  const y = linearScale([0, 1], [FRAME.bottom, FRAME.top]);
  const curves = series.map(({ labels, scores, mark }, k) => {
    if (new Set(labels).size < 2) return markup``;
    const points = rocCurve({ labels, scores }).map(
      ({ falsePositiveRate, truePositiveRate }) => `${px(x(falsePositiveRate))},${px(y(truePositiveRate))}`,
    );
    const dot =
      mark === undefined
        ? markup``
        : markup`<circle class="dot series-${k % 5}" cx="${px(x(1 - mark.specificity))}" cy="${px(y(mark.sensitivity))}" r="4.5"/>`;
    return markup`<polyline class="line series-${k % 5}" points="${points.join(' ')}"/>${dot}`;
  });
  const description = `ROC curves of ${series.map(({ name }) => name).join(', ')}: sensitivity against 1 minus specificity. The areas are in the table.`;
  return figureSvg(FRAME.right + 12, FRAME.bottom + 44, description, [
    horizontalAxis(FRAME, x, TICKS, '1 − specificity'),
    verticalAxis(FRAME, y, TICKS, 'Sensitivity'),
    markup`<line class="reference" x1="${FRAME.left}" y1="${FRAME.bottom}" x2="${FRAME.right}" y2="${FRAME.top}"/>`,
    ...curves,
  ]);
}
