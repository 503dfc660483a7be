import type { Command } from 'commander';
import { exportItems } from '../jobs/export.ts';
import type { Study, Volume } from '../study/index.ts';
import { action, command, textTable } from './command.ts';
import { inStudy } from './in-study.ts';
import { bytesText } from './study-text.ts';

/** `study volumes STUDY` */
export function volumesCommand(): Command {
  return command('volumes', 'list the volumes with their ids')
    .argument('<folder>', 'folder of the study')
    .action(
      action(([folder]) =>
        inStudy(folder!, { readOnly: true }, async (study) => {
          const volumes = study.volumes.list();
          return { value: volumes.map(({ info: _, ...volume }) => volume), text: volumesText(volumes) };
        }),
      ),
    );
}

function volumesText(volumes: readonly Volume[]): string {
  if (volumes.length === 0) return 'No volumes yet.';
  return textTable([
    ['volume', 'name', 'class', 'purpose', 'site', 'slices', 'matrix', 'phase', 'scanner'],
    ...volumes.map((volume) => [
      volume.id,
      volume.name,
      volume.tissueClass ?? 'excluded',
      volume.purpose,
      volume.site ?? '–',
      volume.slices,
      `${volume.originalRows} × ${volume.originalColumns}`,
      volume.hasPhase ? 'yes' : 'no',
      volume.scanner ?? '–',
    ]),
  ]);
}

/** `study export STUDY DIR [--item ID…]` */
export function exportCommand(): Command {
  return command(
    'export',
    'copy volumes, patch sets and anything else with an id out of a study, each with its provenance',
  )
    .argument('<folder>', 'folder of the study')
    .argument('<target>', 'folder to make a folder for each item in; nothing there is overwritten')
    .option('--item <ids...>', 'ids of what to copy (default: all volumes, patch sets and synthetic sets)')
    .action(
      action<{ item?: string[] }>(([folder, target], { item }, context) =>
        inStudy(folder!, { readOnly: true }, async (study) => {
          const report = await exportItems(study, item ?? everything(study), target!, context);
          const { items, files, bytes } = report;
          return { value: report, text: `${items.length} items, ${files} files, ${bytesText(bytes)} in ${target}.` };
        }),
      ),
    );
}

/** What other programs can use. */
function everything(study: Study): string[] {
  return [study.volumes, study.patchSets, study.synthetic].flatMap((kind) => kind.list().map(({ id }) => id));
}
