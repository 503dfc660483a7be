import { inlineBar } from '../figures/cost-bars.ts';
import { SCORE_ROWS, scorePlot } from '../figures/score-plot.ts';
import { aurocInterval, count, counted, decimal } from '../format.ts';
import { htmlTable } from '../html-table.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { VolumeScoreSection } from '../report-data.ts';
import { absent, note, smallSetNote } from '../section.ts';

/** Longer lists are in the CSV table. */
const SHOWN = 60;

export function volumeScores(sections: readonly VolumeScoreSection[]): Markup {
  if (sections.length === 0) return absent('No volume was scored.');
  return markup`<p class="prose">The score of a volume is the mean of the top 5 % of its patch probabilities, at least one patch. It ranks volumes for research; it is no probability of disease.</p>${sections.map(scoreSection)}`;
}

function scoreSection({ name, classifier, result }: VolumeScoreSection): Markup {
  const { volumes, auroc } = result;
  const apart = auroc !== null && (auroc.auroc === 1 || auroc.auroc === 0);
  const statement =
    auroc === null
      ? 'No AUROC: it needs volumes that are known to be normal and others that are known to be abnormal.'
      : `AUROC ${decimal(auroc.auroc, 3)} (${aurocInterval(auroc, 3)}${apart ? '' : ', DeLong'}; n = ${counted(auroc.positives, 'abnormal volume')} and ${counted(auroc.negatives, 'normal volume')}).`;
  return markup`<h3>${name}${classifier === undefined ? null : markup` <span class="muted">${classifier}</span>`}</h3>
<p class="prose">${statement}</p>
${apart ? note('Where no volume of one class stands among the other, DeLong’s interval shrinks to a point and would say nothing about other volumes.') : null}
${auroc === null ? null : smallSetNote(auroc.positives + auroc.negatives)}
${volumes.length === 0 ? null : markup`<figure>${scorePlot(name, volumes)}</figure>`}
${htmlTable(
  markup`<strong>${name}, ranked.</strong> ${volumes.length > SHOWN ? `The ${SHOWN} highest of ${count(volumes.length)}; all are in the CSV table.` : ''}`,
  [
    { title: 'Rank' },
    { title: 'Volume' },
    { title: 'Label' },
    { title: 'Score', kind: 'figure' },
    { title: '' },
    { title: 'Patches used', kind: 'figure' },
  ],
  volumes
    .slice(0, SHOWN)
    .map(({ id, score, label, used, patches }, k) => [
      k + 1,
      markup`<span class="id">${id}</span>`,
      SCORE_ROWS.find((row) => row.label === label)!.name,
      decimal(score, 3),
      inlineBar(score),
      `${count(used)} of ${count(patches)}`,
    ]),
)}`;
}
