import type { DownstreamResult, DownstreamStrategy } from '../../evaluation/downstream.ts';
import { intervalPlot } from '../figures/interval-plot.ts';
import { legend } from '../figures/legend.ts';
import { rocChart } from '../figures/roc-chart.ts';
import { count, counted, decimal, range } from '../format.ts';
import { htmlTable } from '../html-table.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { absent, missingIntervalNote, sequenceName, smallSetNote } from '../section.ts';

/** What synthetic patches are worth as training data: normal vs abnormal, judged on real patches. */
export function downstream({ strategies, seeds, differences }: DownstreamResult): Markup {
  const first = strategies[0];
  if (first === undefined) return absent('No training set was compared.');
  const volumes = first.rows.find(({ sequence }) => sequence === 'all')?.groups ?? 0;
  return markup`<p class="prose">Classifiers of normal against abnormal, trained on different sets of patches (matched in size for each class and sequence) and all tested on the same real patches; ${counted(seeds, 'seed')} each.</p>
${aurocTable(strategies)}
${missingIntervalNote(strategies.flatMap(({ rows }) => rows))}
<figure>${legend(
    strategies.map(({ name }) => name),
    'dot',
  )}${forest(strategies)}<figcaption>Dot: mean over seeds; line: 95 % interval over volumes; small marks above: single runs; dashed: 0.5, chance.</figcaption></figure>
${smallSetNote(volumes)}
${differences.length === 0 ? null : differenceTable(differences, volumes)}
<div class="roc-row"><figure>${legend(strategies.map(({ name }) => name))}${rocChart(
    strategies.map(({ name, labels, scores, operatingPoint }) => ({
      name,
      labels,
      scores,
      ...(operatingPoint === null
        ? {}
        : { mark: { sensitivity: operatingPoint.sensitivity.value, specificity: operatingPoint.specificity.value } }),
    })),
  )}<figcaption>ROC curves of the scores averaged over seeds, all sequences. Dots: thresholds locked on validation.</figcaption></figure>${operatingTable(strategies)}</div>`;
}

function aurocTable(strategies: readonly DownstreamStrategy[]): Markup {
  return htmlTable(
    markup`<strong>Normal against abnormal.</strong> AUROC, mean over seeds; interval: 95 %, bootstrap over volumes.`,
    [
      { title: 'Trained on' },
      { title: 'Tested on' },
      { title: 'AUROC', kind: 'figure' },
      { title: '95 % interval', kind: 'figure' },
      { title: 'SD over seeds', kind: 'figure' },
      { title: 'Patches, abnormal + normal', kind: 'figure' },
      { title: 'Volumes', kind: 'figure' },
    ],
    strategies.flatMap(({ name, trainingPatches, rows }) =>
      rows.map((row, k) => [
        k === 0
          ? markup`${name} <span class="muted">n = ${count(trainingPatches)}</span>`
          : markup`<span class="hidden">${name}</span>`,
        sequenceName(row.sequence),
        decimal(row.mean, 3),
        range(row.interval, 3),
        decimal(row.standardDeviation, 3),
        `${count(row.positives)} + ${count(row.negatives)}`,
        count(row.groups),
      ]),
    ),
  );
}

function forest(strategies: readonly DownstreamStrategy[]): Markup {
  return intervalPlot(
    'AUROC, normal against abnormal',
    strategies[0]!.rows.map(({ sequence }) => ({
      name: sequenceName(sequence),
      marks: strategies.map(({ rows }) => {
        const row = rows.find((each) => each.sequence === sequence);
        return { value: row?.mean ?? null, interval: row?.interval ?? null, runs: row?.runs ?? [] };
      }),
    })),
  );
}

function differenceTable(differences: DownstreamResult['differences'], volumes: number): Markup {
  return htmlTable(
    markup`<strong>Differences.</strong> Of mean AUROC over all sequences; the same volumes resampled for both (paired).`,
    [
      { title: 'Difference' },
      { title: 'AUROC', kind: 'figure' },
      { title: '95 % interval', kind: 'figure' },
      { title: 'Volumes', kind: 'figure' },
    ],
    differences.map(({ name, value, interval }) => [name, decimal(value, 3), range(interval, 3), count(volumes)]),
  );
}

function operatingTable(strategies: readonly DownstreamStrategy[]): Markup {
  const rows = strategies.flatMap(({ name, operatingPoint }) =>
    operatingPoint === null
      ? []
      : (['sensitivity', 'specificity'] as const).map((rate) => [
          markup`${name}: ${rate}`,
          decimal(operatingPoint[rate].value, 2),
          range(operatingPoint[rate].interval, 2),
          count(operatingPoint[rate].n),
        ]),
  );
  if (rows.length === 0)
    return absent('No threshold could be locked: the validation patches do not hold both classes.');
  return htmlTable(
    markup`<strong>At the threshold locked on validation</strong> (highest Youden index). 95 % Wilson intervals, which take patches as independent.`,
    [
      { title: 'Rate' },
      { title: 'Value', kind: 'figure' },
      { title: '95 % interval', kind: 'figure' },
      { title: 'Patches', kind: 'figure' },
    ],
    rows,
  );
}
