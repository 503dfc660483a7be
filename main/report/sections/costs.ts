import { inlineBar } from '../figures/cost-bars.ts';
import { bytes, NONE, seconds } from '../format.ts';
import { htmlTable } from '../html-table.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { StageCost } from '../report-data.ts';
import { absent } from '../section.ts';

/** Time and memory of each stage. */
export function costs(stages: readonly StageCost[]): Markup {
  if (stages.length === 0) return absent('No stage was timed.');
  const longest = Math.max(...stages.map((stage) => stage.seconds), Number.MIN_VALUE);
  const total = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const memory = stages.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
  const rows = stages.map((stage) => [
    stage.name,
    seconds(stage.seconds),
    inlineBar(stage.seconds / longest),
    stage.peakMemoryBytes === undefined ? NONE : bytes(stage.peakMemoryBytes),
    stage.note ?? '',
  ]);
  rows.push(['All stages', seconds(total), '', memory.length === 0 ? NONE : bytes(Math.max(...memory)), '']);
  return htmlTable(
    markup`<strong>Cost.</strong> Elapsed time and largest resident memory; the last row is the sum of times and the largest memory.`,
    [
      { title: 'Stage' },
      { title: 'Time', kind: 'figure' },
      { title: '' },
      { title: 'Peak memory', kind: 'figure' },
      { title: 'Note' },
    ],
    rows,
  );
}
