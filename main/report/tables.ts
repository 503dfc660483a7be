import { wasRun } from './report-data.ts';
import type { ReportData } from './report-data.ts';

/** One of the report's tables as a file of its own. */
export interface CsvTable {
  fileName: string;
  csv: string;
}

type Cell = string | number | null | undefined;

/**
 * The report's tables as CSV in long form (RFC 4180, a head line, numbers in full precision, nothing where there is no
 * value). Tables of stages that were not run are left out.
 */
export function reportTables(data: ReportData): CsvTable[] {
  const tables: CsvTable[] = [];
  const add = (fileName: string, head: readonly string[], rows: readonly (readonly Cell[])[]): void => {
    tables.push({ fileName, csv: toCsv(head, rows) });
  };
  const { patchTable, reconstruction, realism, downstream, volumeScores, stages, provenance } = data;
  if (wasRun(patchTable)) {
    add(
      'patches.csv',
      ['sequence', 'split', 'class', 'volumes', 'patches'],
      patchTable.map((c) => [c.sequence, c.split, c.tissue, c.volumes, c.patches]),
    );
  }
  if (wasRun(reconstruction)) {
    const metrics = ['phase_coherence', 'ssim', 'psnr_db'].flatMap((name) => [
      `${name}_mean`,
      `${name}_sd`,
      `${name}_n`,
    ]);
    add(
      'reconstruction.csv',
      ['set', 'sequence', 'patches', 'volumes', ...metrics],
      reconstruction.sets.flatMap(({ name, rows }) =>
        rows.map((row) => [
          name,
          row.sequence,
          row.patches,
          row.volumes,
          ...[row.phaseCoherence, row.ssim, row.psnr].flatMap(({ mean, standardDeviation, n }) => [
            mean,
            standardDeviation,
            n,
          ]),
        ]),
      ),
    );
  }
  const estimateHead = [
    'auroc',
    'interval_low',
    'interval_high',
    'sd_over_runs',
    'positives',
    'negatives',
    'groups',
    'runs',
  ];
  const estimate = (row: {
    mean: number | null;
    interval: readonly [number, number] | null;
    standardDeviation: number | null;
    positives: number;
    negatives: number;
    groups: number;
    runs: readonly number[];
  }): Cell[] => [
    row.mean,
    row.interval?.[0],
    row.interval?.[1],
    row.standardDeviation,
    row.positives,
    row.negatives,
    row.groups,
    row.runs.join(' '),
  ];
  if (wasRun(realism)) {
    add(
      'realism.csv',
      ['sequence', 'training_patches', ...estimateHead],
      realism.sequences.map((row) => [row.sequence, row.trainingSize, ...estimate(row)]),
    );
  }
  if (wasRun(downstream)) {
    add(
      'downstream.csv',
      ['trained_on', 'training_patches', 'tested_on', ...estimateHead],
      downstream.strategies.flatMap(({ name, trainingPatches, rows }) =>
        rows.map((row) => [name, trainingPatches, row.sequence, ...estimate(row)]),
      ),
    );
  }
  if (wasRun(volumeScores)) {
    add(
      'volume-scores.csv',
      ['set', 'rank', 'volume', 'label', 'score', 'patches_used', 'patches'],
      volumeScores.flatMap(({ name, result }) =>
        result.volumes.map((v, k) => [name, k + 1, v.id, v.label, v.score, v.used, v.patches]),
      ),
    );
  }
  if (wasRun(stages)) {
    add(
      'stages.csv',
      ['stage', 'seconds', 'peak_memory_bytes', 'note'],
      stages.map((stage) => [stage.name, stage.seconds, stage.peakMemoryBytes, stage.note]),
    );
  }
  add(
    'provenance.csv',
    ['item', 'id', 'sha256', 'detail'],
    provenance.items.map((item) => [item.name, item.id, item.sha256, item.detail]),
  );
  return tables;
}

function toCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe before it: names come from files of others. Numbers
 * are written as they are.
 */
function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
