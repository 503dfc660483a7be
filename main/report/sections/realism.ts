import type { RealismResult } from '../../evaluation/realism.ts';
import { intervalPlot } from '../figures/interval-plot.ts';
import { count, counted, decimal, range } from '../format.ts';
import { htmlTable } from '../html-table.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { absent, missingIntervalNote, note } from '../section.ts';

/** Can a classifier tell synthetic from real? */
export function realism({ sequences, seeds, testSets }: RealismResult): Markup {
  if (sequences.length === 0) return absent('No sequence had real and synthetic patches to compare.');
  return markup`<p class="prose">A classifier is trained to tell synthetic from real latents of the same sequence, with equally many of both, and tested on others: ${counted(seeds, 'seed')} × ${counted(testSets, 'synthetic test set')}. 1 means that it always can. <strong>A value near 0.5 means that this classifier found no difference, not that there is none.</strong></p>
${htmlTable(
  markup`<strong>Real against synthetic.</strong> AUROC, mean over runs; interval: 95 %, bootstrap over real volumes and synthetic patches.`,
  [
    { title: 'Sequence' },
    { title: 'AUROC', kind: 'figure' },
    { title: '95 % interval', kind: 'figure' },
    { title: 'SD over runs', kind: 'figure' },
    { title: 'Runs', kind: 'figure' },
    { title: 'Test patches, synthetic + real', kind: 'figure' },
    { title: 'Training patches', kind: 'figure' },
  ],
  sequences.map((row) => [
    row.sequence,
    decimal(row.mean, 3),
    range(row.interval, 3),
    decimal(row.standardDeviation, 3),
    count(row.runs.length),
    `${count(row.positives)} + ${count(row.negatives)}`,
    count(row.trainingSize),
  ]),
)}
${missingIntervalNote(sequences)}
<figure>${intervalPlot(
    'AUROC, real against synthetic',
    sequences.map(({ sequence, mean, interval, runs }) => ({
      name: sequence,
      marks: [{ value: mean, interval, runs }],
    })),
  )}<figcaption>Dot: mean; line: 95 % interval; small marks above: single runs; dashed: 0.5.</figcaption></figure>
${note('Small classifiers see less than people do: compare the patches themselves.')}`;
}
