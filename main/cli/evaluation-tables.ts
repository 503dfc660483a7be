import type { AurocEstimate } from '../evaluation/auroc-estimate.ts';
import type { DownstreamResult } from '../evaluation/downstream.ts';
import type { RealismResult } from '../evaluation/realism.ts';
import type { VolumeScoresResult } from '../evaluation/volume-score.ts';
import type { ReconstructionResult } from '../jobs/evaluate-reconstruction.ts';
import { textTable } from './command.ts';

export function reconstructionText({ rows }: ReconstructionResult): string {
  return textTable([
    ['sequence', 'patches', 'volumes', 'phase coherence', 'SSIM', 'PSNR dB'],
    ...rows.map((row) => [
      row.sequence,
      row.patches,
      row.volumes,
      decimals(row.phaseCoherence.mean, 4),
      decimals(row.ssim.mean, 3),
      decimals(row.psnr.mean, 1),
    ]),
  ]);
}

export function realismText({ sequences }: RealismResult): string {
  return `Real against synthetic (0.5 = this classifier found no difference, which does not mean that there is none)\n${textTable(
    [
      ['sequence', 'AUROC', '95 % interval', 'sd', 'n'],
      ...sequences.map((row) => [row.sequence, ...estimate(row), row.positives + row.negatives]),
    ],
  )}`;
}

export function downstreamText({ strategies, differences }: DownstreamResult): string {
  const table = textTable([
    ['trained on', 'sequence', 'AUROC', '95 % interval', 'sd', 'n'],
    ...strategies.flatMap(({ name, rows }) =>
      rows.map((row) => [name, row.sequence, ...estimate(row), row.positives + row.negatives]),
    ),
  ]);
  const lines = differences.map(
    ({ name, value, interval }) => `${name}: ${decimals(value, 3)} ${interval === null ? '' : between(interval)}`,
  );
  return [table, ...lines].join('\n');
}

export function scoresText({ volumes, auroc }: VolumeScoresResult, nameOf: (id: string) => string): string {
  const table = textTable([
    ['volume', 'score', 'patches', 'used', 'label'],
    ...volumes.map(({ id, score, patches, used, label }) => [
      nameOf(id),
      decimals(score, 3),
      patches,
      used,
      label === null ? 'not known' : label === 1 ? 'abnormal' : 'normal',
    ]),
  ]);
  if (auroc === null) return `${table}\nNo AUROC: it needs normal and abnormal volumes.`;
  const { positives, negatives } = auroc;
  return `${table}\nAUROC ${decimals(auroc.auroc, 3)} ${between(auroc.interval)}, ${positives} abnormal and ${negatives} normal volumes`;
}

function estimate(row: AurocEstimate): [string, string, string] {
  const { mean, interval, standardDeviation } = row;
  return [decimals(mean, 3), interval === null ? '–' : between(interval), decimals(standardDeviation, 3)];
}

function between([low, high]: readonly [number, number]): string {
  return `[${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function decimals(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
