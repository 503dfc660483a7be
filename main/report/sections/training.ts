import { legend } from '../figures/legend.ts';
import { lineChart } from '../figures/line-chart.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { TrainingCurve } from '../report-data.ts';
import { absent, note } from '../section.ts';

export function training(curves: readonly TrainingCurve[]): Markup {
  if (curves.length === 0) return absent('No training run recorded metrics.');
  return markup`<div class="charts">${curves.map(
    (curve) =>
      markup`<figure><figcaption><h3>${curve.name} <span class="muted">run ${curve.run}</span></h3>${
        curve.series.length > 1 ? legend(curve.series.map(({ name }) => name)) : null
      }</figcaption>${lineChart(curve.name, curve.quantity, curve.series, { logarithmic: curve.logarithmic === true })}</figure>`,
  )}</div>${note('Lines are means of up to 120 bins of steps, bands reach from the smallest to the largest value of each bin.')}`;
}
