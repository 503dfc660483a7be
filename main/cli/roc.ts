import type { Command } from 'commander';
import { Random } from '../domain/random.ts';
import { brier } from '../evaluation/metrics/brier.ts';
import { bootstrapAuroc } from '../evaluation/metrics/cluster-bootstrap.ts';
import { delong, delongTest } from '../evaluation/metrics/delong.ts';
import { operatingPoint } from '../evaluation/metrics/operating-point.ts';
import type { OperatingPoint } from '../evaluation/metrics/operating-point.ts';
import { action, command, decimal, textTable, wholeNumber } from './command.ts';
import type { Outcome } from './command.ts';
import { readScoreTable } from './score-table.ts';

interface RocOptions {
  group?: string;
  compare?: string;
  threshold?: number;
  resamples: number;
  seed: number;
}

/** The `--json` document. */
export interface RocResult {
  auroc: number;
  /** DeLong's. */
  variance: number;
  interval: [number, number];
  positives: number;
  negatives: number;
  /** Null where scores are not probabilities. */
  brier: number | null;
  comparison?: { column: string; auroc: number; z: number; p: number };
  /** Bootstrap over whole groups. */
  cluster?: { column: string; groups: number; interval: [number, number] | null; resamples: number };
  operatingPoint?: OperatingPoint;
}

/** `isochromat roc SCORES.csv` */
export function rocCommand(): Command {
  return command('roc', 'AUROC with DeLong interval, paired test and bootstrap over volumes, of a table of scores')
    .argument('<SCORES.csv>', 'columns label,score[,score_b][,group]')
    .option('--compare <column>', 'second score of the same items to test against (default: score_b, where it is)')
    .option('--group <column>', 'volume or patient of each item, for the bootstrap (default: group, where it is)')
    .option(
      '--threshold <score>',
      'report sensitivity and specificity at this score, locked on other data',
      decimal(-Infinity),
    )
    .option('--resamples <count>', 'bootstrap resamples', wholeNumber(100, 100_000), 2000)
    .option('--seed <number>', 'seed of the bootstrap', wholeNumber(0), 0)
    .action(action<RocOptions>(([path], options) => roc(path!, options)));
}

async function roc(path: string, options: RocOptions): Promise<Outcome> {
  const { labels, scores, compared, groups } = await readScoreTable(path, options);
  const data = { labels, scores };
  const { auroc, variance, interval, positives, negatives } = delong(data);
  const probabilities = scores.every((score) => score >= 0 && score <= 1);
  const value: RocResult = {
    auroc,
    variance,
    interval,
    positives,
    negatives,
    brier: probabilities ? brier(data) : null,
  };
  if (compared !== null) {
    const { z, p } = delongTest(labels, scores, compared.scores);
    value.comparison = { column: compared.column, auroc: delong({ labels, scores: compared.scores }).auroc, z, p };
  }
  if (groups !== null) {
    const random = Random.for('roc', options.seed);
    const found = bootstrapAuroc([{ ...data, groups: groups.names }], random, options.resamples);
    value.cluster = {
      column: groups.column,
      groups: found.groups,
      interval: found.interval,
      resamples: found.resamples,
    };
  }
  if (options.threshold !== undefined) value.operatingPoint = operatingPoint(data, options.threshold);
  return { value, text: describe(value) };
}

function describe(result: RocResult): string {
  const range = (interval: readonly [number, number] | null): string =>
    interval === null
      ? 'none: a class comes from fewer than three groups'
      : interval.map((v) => v.toFixed(4)).join(' to ');
  const rows: [string, string][] = [
    ['Items', `${result.positives} positive, ${result.negatives} negative`],
    ['AUROC', result.auroc.toFixed(4)],
    ['95 % interval (DeLong)', range(result.interval)],
    ['Variance (DeLong)', result.variance.toExponential(4)],
    ['Brier score', result.brier === null ? 'none: scores are not probabilities' : result.brier.toFixed(4)],
  ];
  const { cluster, comparison, operatingPoint: point } = result;
  if (cluster !== undefined) {
    rows.push([`95 % interval over ${cluster.groups} groups (${cluster.column})`, range(cluster.interval)]);
  }
  if (comparison !== undefined) {
    rows.push([`AUROC of ${comparison.column}`, comparison.auroc.toFixed(4)]);
    rows.push(['Difference (DeLong)', `z = ${comparison.z.toFixed(3)}, p = ${comparison.p.toPrecision(3)}`]);
  }
  if (point !== undefined) {
    for (const name of ['sensitivity', 'specificity'] as const) {
      const { value, interval, n } = point[name];
      rows.push([`${name} at ${point.threshold}`, `${value.toFixed(4)} (${range(interval)}, n = ${n})`]);
    }
  }
  return textTable(rows);
}
