import type { Result, Verdict } from './measure.ts';
import type { Spread } from './statistics.ts';

/** Columns of equal width; the first is text, the others numbers. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n');
}

/** What a benchmark found, to be read by people. */
export function resultText({ title, unit, sides, targets, load }: Result): string {
  const header = ['', unit, 'quartiles', 'best', 'a CPU second', 'ours ÷ it', 'quartiles', 'a CPU second', 'memory'];
  const quartiles = ({ lowerQuartile, upperQuartile }: Spread): string =>
    `${number(lowerQuartile)}–${number(upperQuartile)}`;
  const rows = sides.map(({ name, rate, cpuRate, ratio, cpuRatio, peakBytes }, i) => [
    ...[name, number(rate.median), quartiles(rate), number(rate.best), number(cpuRate.median)],
    ...(i === 0 ? ['', '', ''] : [number(ratio.median), quartiles(ratio), number(cpuRatio.median)]),
    `${Math.round(peakBytes / 2 ** 20)} MiB`,
  ]);
  const verdicts = targets.map(({ against, atLeast, stretch, reached, met }) => {
    const wanted = against === undefined ? `${atLeast} ${unit}` : `${atLeast} × ${against}`;
    const more = stretch === undefined ? '' : `, stretch ${stretch}: ${reached >= stretch ? 'met' : 'not met'}`;
    return `target ${wanted}: ${met ? 'met' : 'MISSED'} with ${number(reached)}${more}`;
  });
  const versions = sides.map(({ name, version, note }) => `${name}: ${[version, note].filter(Boolean).join(', ')}`);
  const loads = `load average ${number(Math.min(...load))}–${number(Math.max(...load))}`;
  return [title, textTable([header, ...rows]), ...verdicts, `${loads} · ${versions.join(' · ')}`].join('\n');
}

/** What of its targets a comparison reached. */
export function verdictsOf({ name, unit, sides, targets }: Result, mostBytes: number | undefined): Verdict[] {
  const verdicts = targets.map(({ against, atLeast, stretch, reached, met }) => {
    const measured = against === undefined ? sides[0]!.rate : sides.find((side) => side.name === against)!.ratio;
    const of = against === undefined ? unit : `× ${against}`;
    return {
      work: name,
      target: `≥ ${atLeast}${stretch === undefined ? '' : ` (${stretch})`} ${of}`,
      reached: `${number(reached)} (${number(measured.lowerQuartile)}–${number(measured.upperQuartile)})`,
      met,
    };
  });
  if (mostBytes === undefined) return verdicts;
  const { peakBytes } = sides[0]!;
  const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  const memory = { work: name, target: `≤ ${mebibytes(mostBytes)}`, reached: mebibytes(peakBytes) };
  return [...verdicts, { ...memory, met: peakBytes <= mostBytes }];
}

/** All targets below each other. */
export function verdictsText(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ work, target, reached, met }) => [work, target, reached, met ? 'met' : 'MISSED']);
  return textTable([['work', 'target', 'reached (quartiles)', ''], ...rows]);
}

/** Three significant digits. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
