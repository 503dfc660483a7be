import type { Command } from 'commander';
import { makePatches } from '../jobs/patches.ts';
import { DEFAULT_PATCH_SETTINGS } from '../patches/index.ts';
import type { PatchSettings } from '../patches/index.ts';
import { patchTable } from '../study/index.ts';
import { action, command, decimal, wholeNumber } from './command.ts';
import { inStudy } from './in-study.ts';
import { patchTableText } from './study-text.ts';

interface PatchFlags {
  seed: number;
  brain: number;
  overlap: number;
  normal: number;
  besideBoxes: number;
  unlabeled: number;
  abnormalMinimum: number;
  abnormalMaximum: number;
  redrawSplits?: boolean;
}

const { perVolume, minimumBrain, minimumOverlap } = DEFAULT_PATCH_SETTINGS;

/** `patches STUDY` */
export function patchesCommand(): Command {
  return command('patches', 'take patches from the volumes of a study and split them by patient')
    .argument('<study>', 'folder of the study')
    .option('--seed <n>', 'the same seed and scans give the same patches', wholeNumber(0), 1)
    .option('--brain <share>', 'least share of a patch that is brain', decimal(0, 1), minimumBrain)
    .option('--overlap <share>', 'least overlap of a patch with its finding', decimal(0, 1), minimumOverlap)
    .option('--normal <n>', 'patches of a normal volume', wholeNumber(0, 10_000), perVolume.normal)
    .option(
      '--beside-boxes <n>',
      'normal patches of an abnormal volume',
      wholeNumber(0, 10_000),
      perVolume.normalBesideBoxes,
    )
    .option('--unlabeled <n>', 'patches of a volume that nobody reviewed', wholeNumber(0, 10_000), perVolume.unlabeled)
    .option(
      '--abnormal-minimum <n>',
      'fewest patches around the boxes of a volume',
      wholeNumber(0, 10_000),
      perVolume.abnormal.minimum,
    )
    .option('--abnormal-maximum <n>', 'most of them', wholeNumber(0, 10_000), perVolume.abnormal.maximum)
    .option('--redraw-splits', 'draw the splits anew; models trained on the old ones have seen the new test volumes')
    .action(
      action<PatchFlags>(([folder], flags, context) =>
        inStudy(folder!, {}, async (study) => {
          const redraw = flags.redrawSplits === true;
          const options = { seed: flags.seed, settings: settingsOf(flags), redrawSplits: redraw };
          const { set, splits, counts, withoutPatches } = await makePatches(study, options, context);
          const table = patchTable(study, set.id);
          return {
            value: {
              patchSet: set.id,
              splits,
              counts,
              cells: table,
              withoutPatches: withoutPatches.map(({ volume, reason }) => ({ id: volume.id, reason })),
            },
            text: [
              patchTableText(table),
              ...withoutPatches.map(({ volume, reason }) => `No patches of ${volume.name}: ${reason}`),
              splits === 'kept' ? 'Volumes stay in the splits of the earlier patch set.' : 'The splits are new.',
              `Patch set ${set.id}`,
            ].join('\n'),
          };
        }),
      ),
    );
}

function settingsOf(flags: PatchFlags): PatchSettings {
  return {
    ...DEFAULT_PATCH_SETTINGS,
    minimumBrain: flags.brain,
    minimumOverlap: flags.overlap,
    perVolume: {
      abnormal: { minimum: flags.abnormalMinimum, maximum: flags.abnormalMaximum },
      normalBesideBoxes: flags.besideBoxes,
      normal: flags.normal,
      unlabeled: flags.unlabeled,
    },
  };
}
