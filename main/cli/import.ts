import type { Command } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { importVolumes } from '../jobs/import.ts';
import type { ImportReport } from '../jobs/import.ts';
import { COIL_SLICES } from '../recon/index.ts';
import type { CoilSlices } from '../recon/index.ts';
import { keptCoilSlices, unusableSlices } from '../study/index.ts';
import { action, command, oneOf, textTable, wholeNumber } from './command.ts';
import { inStudy } from './in-study.ts';
import { refusalLines } from './inspect-text.ts';

interface ImportFlags {
  purpose: 'training' | 'external';
  site?: string;
  sequence?: Sequence;
  acceptUnsure?: boolean;
  coils: CoilSlices;
  threads?: number;
}

/** `import STUDY PATH… [--site --purpose training|external]` */
export function importCommand(): Command {
  return command('import', 'take scans into a study: k-space is reconstructed, complex images are prepared likewise')
    .argument('<study>', 'folder of the study')
    .argument('<paths...>', 'files of any format that "inspect" knows, or folders with them')
    .option(
      '--purpose <purpose>',
      'training, or external: only scored, never learnt from',
      oneOf(['training', 'external'] as const),
      'training',
    )
    .option('--site <name>', 'where the scans are from')
    .option('--sequence <name>', 'the sequence that they count as, whatever the files say', oneOf(SEQUENCES))
    .option('--accept-unsure', 'take volumes whose sequence is only guessed as what they are guessed to be')
    .option(
      '--coils <slices>',
      'keep coil images and sensitivities of the middle slice, of all slices or of none, of multi-coil k-space',
      oneOf(COIL_SLICES),
      'middle',
    )
    .option('--threads <n>', 'files reconstructed at a time (default: one a core)', wholeNumber(1, 256))
    .action(
      action<ImportFlags>(([folder, ...paths], flags, context) =>
        inStudy(folder!, {}, async (study) => {
          const { purpose, site, sequence, acceptUnsure, coils, threads } = flags;
          const options = {
            purpose,
            coilSlices: coils,
            ...(site === undefined ? {} : { site }),
            ...(sequence === undefined ? {} : { sequence }),
            ...(acceptUnsure === undefined ? {} : { acceptUnsure }),
            ...(threads === undefined ? {} : { threads }),
          };
          const report = await importVolumes(study, paths, options, context);
          return {
            value: reportJson(report),
            text: reportText(report),
            failed: report.imported.length + report.known.length === 0,
          };
        }),
      ),
    );
}

function reportJson({ imported, known, failed, refused, otherFiles }: ImportReport): unknown {
  const entry = ({ path, volume }: ImportReport['imported'][number]): unknown => ({
    path,
    id: volume.id,
    sequence: volume.sequence,
    slices: volume.slices,
    hasPhase: volume.hasPhase,
    coilSlices: keptCoilSlices(volume),
    slicesNotUsed: unusableSlices(volume),
  });
  return {
    imported: imported.map(entry),
    known: known.map(entry),
    failed: failed.map(({ path, error }) => ({ path, ...error.toJSON() })),
    refused,
    otherFiles,
  };
}

function reportText({ imported, known, failed, refused, otherFiles }: ImportReport): string {
  const lines: string[] = [];
  if (imported.length > 0) {
    lines.push(
      textTable([
        ['volume', 'sequence', 'slices', 'coils', 'matrix', 'phase', 'from'],
        ...imported.map(({ path, volume }) => [
          volume.id,
          volume.sequence,
          volume.slices,
          volume.coils ?? '–',
          `${volume.originalRows} × ${volume.originalColumns}`,
          volume.hasPhase ? 'yes' : 'no',
          path,
        ]),
      ]),
    );
  }
  for (const { path, volume } of imported) {
    const why = unusableSlices(volume).map(({ slice, reason }) => `slice ${slice}: ${reason}`);
    if (why.length > 0) lines.push(`${path}: not used of ${volume.slices} slices, which are numbered from 0:`, ...why);
  }
  lines.push(...failed.map(({ error }) => error.message));
  if (refused.length > 0) lines.push('Part of no volume:', ...refusalLines(refused));
  const counts = [
    `${imported.length} imported`,
    known.length > 0 ? `${known.length} in the study already` : '',
    failed.length > 0 ? `${failed.length} not imported` : '',
    refused.length > 0 ? `${refused.length} files refused` : '',
    otherFiles > 0 ? `${otherFiles} other files left alone` : '',
  ];
  return [...lines, `${counts.filter((text) => text !== '').join(', ')}.`].join('\n');
}
