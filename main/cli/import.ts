import type { Command } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { importFastMri } from '../jobs/import.ts';
import type { ImportReport } from '../jobs/import.ts';
import { action, command, oneOf, textTable, wholeNumber } from './command.ts';
import { inStudy } from './in-study.ts';

interface ImportFlags {
  purpose: 'training' | 'external';
  site?: string;
  sequence?: Sequence;
  threads?: number;
}

/** `import STUDY PATH… [--site --purpose training|external]` */
export function importCommand(): Command {
  return command('import', 'reconstruct multi-coil k-space and take it into a study')
    .argument('<study>', 'folder of the study')
    .argument('<paths...>', 'fastMRI files (HDF5), or folders with such files')
    .option(
      '--purpose <purpose>',
      'training, or external: only scored, never learnt from',
      oneOf(['training', 'external'] as const),
      'training',
    )
    .option('--site <name>', 'where the scans are from')
    .option('--sequence <name>', 'the sequence that they count as, whatever the files say', oneOf(SEQUENCES))
    .option('--threads <n>', 'files reconstructed at a time (default: one a core)', wholeNumber(1, 256))
    .action(
      action<ImportFlags>(([folder, ...paths], flags, context) =>
        inStudy(folder!, {}, async (study) => {
          const { purpose, site, sequence, threads } = flags;
          const options = {
            purpose,
            ...(site === undefined ? {} : { site }),
            ...(sequence === undefined ? {} : { sequence }),
            ...(threads === undefined ? {} : { threads }),
          };
          const report = await importFastMri(study, paths, options, context);
          return {
            value: reportJson(report),
            text: reportText(report),
            failed: report.imported.length + report.known.length === 0,
          };
        }),
      ),
    );
}

function reportJson({ imported, known, failed, otherFiles }: ImportReport): unknown {
  const entry = ({ path, volume }: ImportReport['imported'][number]): unknown => ({
    path,
    id: volume.id,
    sequence: volume.sequence,
    slices: volume.slices,
  });
  return {
    imported: imported.map(entry),
    known: known.map(entry),
    failed: failed.map(({ path, error }) => ({ path, ...error.toJSON() })),
    otherFiles,
  };
}

function reportText({ imported, known, failed, otherFiles }: ImportReport): string {
  const lines: string[] = [];
  if (imported.length > 0) {
    lines.push(
      textTable([
        ['volume', 'sequence', 'slices', 'coils', 'matrix', 'file'],
        ...imported.map(({ path, volume }) => [
          volume.id,
          volume.sequence,
          volume.slices,
          volume.coils ?? '–',
          `${volume.originalRows} × ${volume.originalColumns}`,
          path,
        ]),
      ]),
    );
  }
  lines.push(...failed.map(({ error }) => error.message));
  const counts = [
    `${imported.length} imported`,
    known.length > 0 ? `${known.length} in the study already` : '',
    failed.length > 0 ? `${failed.length} not imported` : '',
    otherFiles > 0 ? `${otherFiles} other files left alone` : '',
  ];
  return [...lines, `${counts.filter((text) => text !== '').join(', ')}.`].join('\n');
}
