import type { WorkContext } from '../../domain/progress.ts';
import { unusableSlices } from '../../study/index.ts';
import type { Study } from '../../study/index.ts';
import { importVolumes } from '../import.ts';
import type { ImportReport } from '../import.ts';
import type { JobParameters } from '../kinds.ts';
import { counted } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runImport: JobRunner<'import'> = async (study, { parameters }, context) => {
  const { imported, known, failed, refused, otherFiles } = await importWhatIsNamed(study, parameters, context);
  const slicesNotUsed = imported.reduce((count, { volume }) => count + unusableSlices(volume).length, 0);
  const rest = [
    slicesNotUsed > 0 ? `${counted(slicesNotUsed, 'slice')} of them not usable` : '',
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
        slicesNotUsed,
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

function importWhatIsNamed(
  study: Study,
  { paths, volumes, purpose, site, sequence, acceptUnsure, coilSlices, threads }: JobParameters<'import'>,
  context: WorkContext,
): Promise<ImportReport> {
  const options = {
    purpose,
    ...(volumes === undefined ? {} : { choices: volumes }),
    ...(site === undefined ? {} : { site }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(acceptUnsure === undefined ? {} : { acceptUnsure }),
    ...(coilSlices === undefined ? {} : { coilSlices }),
    ...(threads === undefined ? {} : { threads }),
  };
  const files = paths ?? [...new Set(volumes!.flatMap((volume) => volume.files))];
  return importVolumes(study, files, options, context);
}

function byCode(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
