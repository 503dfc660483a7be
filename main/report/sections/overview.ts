import { aurocInterval, count, counted, decimal, meanAndSpread, range } from '../format.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { wasRun } from '../report-data.ts';
import type { ReportData } from '../report-data.ts';

interface KeyFigure {
  name: string;
  value: string;
  basis: string;
}

/** The few numbers that one looks for first, each with its interval and what it rests on. */
export function overview(data: ReportData): Markup {
  const figures = [...reconstruction(data), ...realism(data), ...downstream(data), ...volumeScores(data)];
  if (figures.length === 0) return markup``;
  return markup`<dl class="key-figures">${figures.map(
    ({ name, value, basis }) =>
      markup`<div><dt>${name}</dt><dd><span class="value">${value}</span><span>${basis}</span></dd></div>`,
  )}</dl>`;
}

function reconstruction({ reconstruction: section }: ReportData): KeyFigure[] {
  const set = wasRun(section) ? section.sets[0] : undefined;
  const all = set?.rows.find(({ sequence }) => sequence === 'all');
  if (all === undefined) return [];
  const basis = `mean ± SD, n = ${counted(all.patches, 'patch', 'patches')} of ${counted(all.volumes, 'volume')}`;
  return [{ name: 'Phase coherence γ after decoding', value: meanAndSpread(all.phaseCoherence, 3), basis }];
}

function realism({ realism: section }: ReportData): KeyFigure[] {
  if (!wasRun(section)) return [];
  const means = section.sequences.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  if (means.length === 0) return [];
  const patches = section.sequences.reduce((sum, row) => sum + row.positives + row.negatives, 0);
  const value = `${decimal(Math.min(...means), 2)} to ${decimal(Math.max(...means), 2)}`;
  const basis = `AUROC, lowest to highest of ${counted(means.length, 'sequence')}, n = ${count(patches)} test patches; intervals below`;
  return [{ name: 'Real told from synthetic', value, basis }];
}

function downstream({ downstream: section }: ReportData): KeyFigure[] {
  if (!wasRun(section)) return [];
  return section.strategies.flatMap(({ name, rows }) => {
    const all = rows.find(({ sequence }) => sequence === 'all');
    if (all === undefined || all.mean === null) return [];
    const basis = `AUROC, 95 % interval ${range(all.interval, 2)}, n = ${counted(all.positives + all.negatives, 'patch', 'patches')} of ${counted(all.groups, 'volume')}`;
    return [{ name: `Abnormal from normal: ${name.toLowerCase()}`, value: decimal(all.mean, 2), basis }];
  });
}

function volumeScores({ volumeScores: section }: ReportData): KeyFigure[] {
  if (!wasRun(section)) return [];
  return section.flatMap(({ name, result: { auroc } }) => {
    if (auroc === null) return [];
    const basis = `AUROC, ${aurocInterval(auroc, 2)}, n = ${count(auroc.positives + auroc.negatives)} volumes`;
    return [{ name: `Volume score: ${name.toLowerCase()}`, value: decimal(auroc.auroc, 2), basis }];
  });
}
