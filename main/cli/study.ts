import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { TISSUE_CLASSES } from '../domain/tissue.ts';
import type { TissueClass } from '../domain/tissue.ts';
import { asReadError } from '../formats/read-file.ts';
import { requirePatchSet } from '../jobs/patch-data.ts';
import {
  createStudy,
  emptyTrash,
  parseLabelRules,
  patchTable,
  readLabelRules,
  trashContent,
  verifyStudy,
  volumeTable,
  writeLabelRules,
} from '../study/index.ts';
import type { Study } from '../study/index.ts';
import { action, command, oneOf, textTable } from './command.ts';
import { inStudy } from './in-study.ts';
import { exportCommand, volumesCommand } from './study-items.ts';
import { bytesText, patchTableText, studyInfo, studyInfoText, volumeTableText } from './study-text.ts';

/** `study create|info|verify|table|volumes|volume|export|remove|rules|trash` */
export function studyCommand(): Command {
  return new Command('study')
    .description('make a study, look into it, verify it')
    .addCommand(createCommand())
    .addCommand(infoCommand())
    .addCommand(verifyCommand())
    .addCommand(tableCommand())
    .addCommand(volumesCommand())
    .addCommand(volumeCommand())
    .addCommand(exportCommand())
    .addCommand(removeCommand())
    .addCommand(rulesCommand())
    .addCommand(trashCommand());
}

function createCommand(): Command {
  return command('create', 'make a new study in an empty or new folder')
    .argument('<folder>', 'folder of the study')
    .option('--name <name>', 'what it is called', 'Untitled study')
    .action(
      action<{ name: string }>(async ([folder], { name }) => {
        const study = await createStudy(folder!, { name });
        const { id, folder: path } = study;
        study.close();
        return { value: { id, name, folder: path }, text: `Study "${name}" in ${path}` };
      }),
    );
}

function infoCommand(): Command {
  return command('info', 'what a study holds')
    .argument('<folder>', 'folder of the study')
    .action(
      action(([folder]) =>
        inStudy(folder!, { readOnly: true }, async (study) => {
          const value = studyInfo(study);
          return { value, text: studyInfoText(value) };
        }),
      ),
    );
}

function verifyCommand(): Command {
  return command('verify', 'check every file of a study against the SHA-256 and shape it was stored with')
    .argument('<folder>', 'folder of the study')
    .option('--read-only', 'put nothing right first, as on a disk that cannot be written to')
    .action(
      action<{ readOnly?: boolean }>(([folder], { readOnly }, context) =>
        inStudy(folder!, { readOnly: readOnly === true }, async (study) => {
          const { ok, problems, items, files, bytes } = await verifyStudy(study, context);
          const what = `${items} items, ${files} files, ${bytesText(bytes)}`;
          return {
            value: { ok, problems, items, files, bytes },
            text: ok
              ? `Everything is as it was stored: ${what}.`
              : [...problems.map((problem) => problem.sentence), `${problems.length} problems in ${what}.`].join('\n'),
            failed: !ok,
          };
        }),
      ),
    );
}

function tableCommand(): Command {
  return command('table', 'patches and volumes by class, sequence and split (Table 1)')
    .argument('<folder>', 'folder of the study')
    .option('--set <set>', 'patch set (default: the newest)')
    .option('--volumes', 'only count volumes, by class and sequence')
    .action(
      action<{ set?: string; volumes?: boolean }>(([folder], { set, volumes }) =>
        inStudy(folder!, { readOnly: true }, async (study) => {
          if (volumes === true) {
            const table = volumeTable(study);
            return { value: table, text: volumeTableText(table) };
          }
          const { id } = requirePatchSet(study, set);
          const table = patchTable(study, id);
          return { value: { patchSet: id, cells: table }, text: patchTableText(table) };
        }),
      ),
    );
}

interface VolumeFlags {
  sequence?: Sequence;
  class?: TissueClass | 'excluded';
  facial?: [number, number] | null;
}

function volumeCommand(): Command {
  return command('volume', 'look at one volume, or correct what is known of it')
    .argument('<folder>', 'folder of the study')
    .argument('<volume>', 'id of the volume')
    .option('--sequence <name>', 'the sequence that it counts as', oneOf(SEQUENCES))
    .option(
      '--class <class>',
      'its class, whatever its annotations say',
      oneOf([...TISSUE_CLASSES, 'excluded'] as const),
    )
    .option('--facial <first-last>', 'slices with the face in them, kept out of scoring; or none', sliceRange)
    .action(
      action<VolumeFlags>(([folder, id], flags) => {
        const changes = flags.sequence ?? flags.class ?? flags.facial;
        return inStudy(folder!, { readOnly: changes === undefined }, async (study) => {
          study.volumes.get(id!);
          if (changes !== undefined) study.transaction(() => applyFlags(study, id!, flags));
          const volume = study.volumes.get(id!);
          const { info: _, ...shown } = volume;
          const rows = Object.entries(shown).map(([name, value]) => [name, value === null ? '–' : String(value)]);
          return { value: volume, text: textTable([['', ''], ...rows]).trimStart() };
        });
      }),
    );
}

function applyFlags(study: Study, id: string, flags: VolumeFlags): void {
  if (flags.sequence !== undefined) study.volumes.setSequence(id, flags.sequence);
  if (flags.facial !== undefined) study.volumes.setFacialSlices(id, flags.facial);
  if (flags.class !== undefined) {
    study.volumes.setClass(id, flags.class === 'excluded' ? null : flags.class, 'Set by the user.');
  }
}

function removeCommand(): Command {
  return command('remove', 'move volumes, patch sets, runs or anything else with an id to the trash')
    .argument('<folder>', 'folder of the study')
    .argument('<ids...>', 'what to remove; what something else was made from stays')
    .action(
      action(([folder, ...ids]) =>
        inStudy(folder!, {}, async (study) => {
          for (const id of ids) study.remove(id);
          return { value: { removed: ids }, text: `Moved to the trash: ${ids.join(', ')}` };
        }),
      ),
    );
}

function trashCommand(): Command {
  return command('trash', 'how much lies in the trash of a study')
    .argument('<folder>', 'folder of the study')
    .option('--empty', 'remove it for good')
    .action(
      action<{ empty?: boolean }>(([folder], { empty }) =>
        inStudy(folder!, { readOnly: empty !== true }, async (study) => {
          const content = empty === true ? emptyTrash(study) : trashContent(study);
          const what = `${content.entries} entries, ${bytesText(content.bytes)}`;
          return { value: { ...content, emptied: empty === true }, text: empty === true ? `Removed ${what}.` : what };
        }),
      ),
    );
}

function rulesCommand(): Command {
  return command('rules', 'print the rule table by which labels become classes, or put another in force')
    .argument('<folder>', 'folder of the study')
    .option('--set <file>', 'JSON document like the one that is printed')
    .action(
      action<{ set?: string }>(([folder], { set }) =>
        inStudy(folder!, { readOnly: set === undefined }, async (study) => {
          if (set !== undefined)
            await writeLabelRules(
              study,
              parseLabelRules(
                await readFile(set, 'utf8').catch((thrown: unknown) => {
                  throw asReadError(thrown, set);
                }),
                set,
              ),
            );
          const rules = readLabelRules(study);
          return { value: rules, text: JSON.stringify(rules, null, 2) };
        }),
      ),
    );
}

/** `0-3`, or `none`. */
function sliceRange(text: string): [number, number] | null {
  if (text === 'none') return null;
  const match = /^(\d{1,4})-(\d{1,4})$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give first and last slice as in 0-3, or none.');
  return [Number(match[1]), Number(match[2])];
}
