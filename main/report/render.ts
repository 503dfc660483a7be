import { dateAndTime } from './format.ts';
import { markup } from './markup.ts';
import type { ReportData } from './report-data.ts';
import { partOf } from './section.ts';
import type { Part } from './section.ts';
import { costs } from './sections/costs.ts';
import { dataDescription, dataNotice } from './sections/data.ts';
import { downstream } from './sections/downstream.ts';
import { overview } from './sections/overview.ts';
import { patchTable } from './sections/patch-table.ts';
import { provenance } from './sections/provenance.ts';
import { realism } from './sections/realism.ts';
import { reconstruction } from './sections/reconstruction.ts';
import { samples } from './sections/samples.ts';
import { training } from './sections/training.ts';
import { volumeScores } from './sections/volume-scores.ts';
import { STYLE } from './style.ts';

/**
 * The report as one HTML file that needs nothing else: pictures are inside, there is no script, and a content policy
 * forbids the page to load anything. Parts that were not run say so.
 */
export function renderReport(data: ReportData): string {
  const parts: Part[] = [
    { id: 'data', title: 'Data', content: dataDescription(data.data) },
    partOf('patches', 'Patches and splits', data.patchTable, patchTable),
    partOf('samples', 'Real and synthetic patches', data.samples, samples),
    partOf('reconstruction', 'Reconstruction', data.reconstruction, reconstruction),
    partOf('realism', 'Realism', data.realism, realism),
    partOf('downstream', 'Downstream classification', data.downstream, downstream),
    partOf('scores', 'Volume scores', data.volumeScores, volumeScores),
    partOf('training', 'Training', data.training, training),
    partOf('cost', 'Time and memory', data.stages, costs),
    { id: 'provenance', title: 'Provenance', content: provenance(data.provenance) },
  ];
  const { study, generated } = data;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${study.name} · Isochromat report</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kicker">Isochromat · study report</p>
<h1>${study.name}</h1>
<p class="byline">Study <span class="id">${study.id}</span>${study.created === undefined ? null : ` · created ${dateAndTime(study.created)}`} · report of ${dateAndTime(generated)}</p>
${dataNotice(data.data)}
</header>
<main>
${overview(data)}
<nav aria-label="Contents"><ol>${parts.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
${parts.map(
  (
    { id, title, content },
    k,
  ) => markup`<section id="${id}" class="part"><h2><span class="number">${k + 1}</span> ${title}</h2>
${content}</section>
`,
)}</main>
<footer><p>Research use only. Estimates stand with their interval and the number of items they rest on; a difference whose interval holds 0 is no difference found.</p></footer>
</body>
</html>
`.text;
}
