import { basename, dirname } from 'node:path';
import type { InspectedVolume, Inspection } from '../jobs/inspect.ts';
import type { Refusal } from '../jobs/intake/handler.ts';

/** Names of files are listed up to this number; `--json` has all. */
const LISTED = 3;

/** A tree: formats, their volumes, and the refusals by reason. */
export function inspectionText({ volumes, refused, otherFiles }: Inspection): string {
  const lines: string[] = [];
  for (const [format, group] of groups(volumes, ({ format }) => format)) {
    lines.push(`${format}: ${count(group.length, 'volume')}`);
    group.forEach((volume, i) => lines.push(...branch(volumeLines(volume), i === group.length - 1)));
  }
  if (refused.length > 0) {
    lines.push(`refused: ${count(refused.length, 'file')}`, ...refusalLines(refused));
  }
  if (lines.length === 0) lines.push('There is nothing here that can be read.');
  if (otherFiles > 0) lines.push(`${count(otherFiles, 'other file')} left alone`);
  return lines.join('\n');
}

/** The refusals, one branch a reason. */
export function refusalLines(refused: readonly Refusal[]): string[] {
  const reasons = [...groups(refused, ({ reason }) => reason)];
  return reasons.flatMap(([reason, group], i) =>
    branch([reason, `${fileList(group.map(({ path }) => path))} (${group[0]!.code})`], i === reasons.length - 1),
  );
}

function volumeLines(volume: InspectedVolume): string[] {
  const { slices, rows, columns, coils, files, pairing, hasPhase, echoTimes, scanner, geometry, pixelSpacing } = volume;
  const name = volume.sequence ?? 'sequence not known';
  const sure = volume.sequenceConfidence === 'unsure' && volume.sequence !== null ? '?' : '';
  const size = `${count(slices, 'slice')} of ${rows} × ${columns}${coils === null ? '' : `, ${count(coils, 'coil')}`}`;
  const echo = echoTimes.length === 0 ? '' : ` · TE ${echoTimes.map((time) => Number(time.toFixed(2))).join(', ')} ms`;
  const lines = [
    `${name}${sure} · ${size}${echo}`,
    `${hasPhase ? 'complex' : 'magnitude only: can be viewed, not learnt from or scored'}${hasPhase ? ` from ${pairing}` : ''}` +
      (volume.phaseUnits === null ? '' : `; phase: ${volume.phaseUnits}`),
    volume.sequenceReason,
  ];
  const place = [
    geometry?.plane ?? '',
    pixelSpacing === null ? '' : `${pixelSpacing.map((mm) => Number(mm.toFixed(3))).join(' × ')} mm`,
    geometry?.sliceSpacing == null ? '' : `slices ${Number(geometry.sliceSpacing.toFixed(2))} mm apart`,
    geometry?.patientPosition ?? '',
    scanner ?? '',
  ].filter((part) => part !== '');
  if (place.length > 0) lines.push(place.join(' · '));
  lines.push(...volume.notes.map((note) => `! ${note}`), fileList(files));
  return lines;
}

function branch([head, ...rest]: string[], last: boolean): string[] {
  return [`${last ? '└─' : '├─'} ${head}`, ...rest.map((line) => `${last ? '   ' : '│  '}   ${line}`)];
}

function fileList(paths: readonly string[]): string {
  if (paths.length === 1) return paths[0]!;
  const names = paths.slice(0, LISTED).map((path) => basename(path));
  const folders = new Set(paths.map((path) => dirname(path)));
  const where = folders.size === 1 ? ` in ${dirname(paths[0]!)}` : ` in ${folders.size} folders`;
  return `${count(paths.length, 'file')}: ${names.join(', ')}${paths.length > LISTED ? ' …' : ''}${where}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function groups<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, key);
}
