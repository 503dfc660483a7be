import type { WorkContext } from '../../domain/progress.ts';
import type { Sequence } from '../../domain/sequences.ts';
import type { Study } from '../../study/index.ts';
import { importVolumes } from '../import.ts';
import type { ImportReport } from '../import.ts';
import type { JobParameters } from '../kinds.ts';
import { counted } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runImport: JobRunner<'import'> = async (study, { parameters }, context) => {
  const plain = {
    paths: parameters.paths,
    ...(parameters.sequence === undefined ? {} : { sequence: parameters.sequence }),
  };
  const corrected: { paths: string[]; sequence?: Sequence }[] = parameters.corrected ?? [];
  const groups = plain.paths.length === 0 && corrected.length > 0 ? corrected : [...corrected, plain];
  const reports: ImportReport[] = [];
  for (const group of groups) reports.push(await importGroup(study, group, parameters, context));
  const all = <K extends 'imported' | 'known' | 'failed' | 'refused'>(key: K): ImportReport[K][number][] =>
    reports.flatMap((report): ImportReport[K][number][] => report[key]);
  const [imported, known, failed, refused] = [all('imported'), all('known'), all('failed'), all('refused')];
  const otherFiles = reports.reduce((sum, report) => sum + report.otherFiles, 0);
  const rest = [
    known.length > 0 ? `${known.length} in the study already` : '',
    failed.length > 0 ? `${failed.length} could not be imported` : '',
    refused.length > 0 ? `${counted(refused.length, 'file')} belong to none` : '',
  ].filter((text) => text !== '');
  return {
    outcome: {
      summary: `${[`${counted(imported.length, 'volume')} imported`, ...rest].join(', ')}.`,
      items: imported.map(({ volume }) => volume.id),
      details: {
        imported: imported.length,
        known: known.map(({ volume }) => volume.id),
        failed: byCode(failed.map(({ error }) => error.code)),
        refused: byCode(refused.map(({ code }) => code)),
        otherFiles,
      },
    },
    // Which file it was is for the eyes of who chose it.
    privately: {
      imported: imported.map(({ path, volume }) => ({ path, volume: volume.id })),
      known: known.map(({ path, volume }) => ({ path, volume: volume.id })),
      failed: failed.map(({ path, error }) => ({ path, ...error.toJSON() })),
      refused,
    },
  };
};

function importGroup(
  study: Study,
  { paths, sequence }: { paths: string[]; sequence?: Sequence },
  { purpose, site, acceptUnsure, coilSlices, threads }: JobParameters<'import'>,
  context: WorkContext,
): Promise<ImportReport> {
  const options = {
    purpose,
    ...(site === undefined ? {} : { site }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(acceptUnsure === undefined ? {} : { acceptUnsure }),
    ...(coilSlices === undefined ? {} : { coilSlices }),
    ...(threads === undefined ? {} : { threads }),
  };
  return importVolumes(study, paths, options, context);
}

function byCode(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
