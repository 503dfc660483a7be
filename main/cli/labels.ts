import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { IsochromatError } from '../domain/errors.ts';
import { guessLabelMapping, readAnnotationTable, VOLUME_LABELS } from '../formats/annotations/index.ts';
import type { LabelMapping, TextTable, VolumeLabel } from '../formats/annotations/index.ts';
import { applyLabels, planLabels } from '../jobs/label-volumes.ts';
import type { LabelPlan } from '../jobs/label-volumes.ts';
import { action, command, textTable } from './command.ts';
import { inStudy } from './in-study.ts';

interface LabelOptions {
  volumeColumn?: string;
  labelColumn?: string;
  word?: Record<string, VolumeLabel>;
  preview?: boolean;
}

/** Rows are listed up to this number; `--json` has all. */
const LISTED = 20;

/** `labels STUDY FILE [--volume-column TITLE --label-column TITLE --word WORD=CLASS… --dry-run]` */
export function labelsCommand(): Command {
  return command('labels', 'give volumes their classes, out of a table with one row a volume')
    .argument('<study>', 'folder of the study')
    .argument('<file>', 'CSV or JSON')
    .option('--volume-column <title>', 'which column names the volume: its file, its DICOM series, its id, its name')
    .option('--label-column <title>', 'which column says its class')
    .option('--word <word=class>', `what a word of the table means: ${VOLUME_LABELS.join(', ')}`, wordOption)
    .option('--dry-run, --preview', 'show how the table would be read and what would change, and write nothing')
    .action(
      action<LabelOptions>(([folder, path], options) =>
        inStudy(folder!, options.preview === true ? { readOnly: true } : {}, async (study) => {
          const mapping = mappingOf(await readAnnotationTable(path!), options, path!);
          const plan = await planLabels(study, path!, mapping);
          const changes = plan.entries.filter(({ volume, tissueClass }) => volume.tissueClass !== tissueClass);
          if (options.preview !== true) applyLabels(study, plan);
          return {
            value: planJson(mapping, plan, options.preview === true),
            text: planText(mapping, plan, changes, options.preview === true),
            failed: plan.entries.length === 0,
          };
        }),
      ),
    );
}

/** Option parser: `glioma=abnormal`, once for each word. */
function wordOption(text: string, before: LabelOptions['word'] = {}): LabelOptions['word'] {
  // A word may hold an equals sign; a class does not.
  const at = text.lastIndexOf('=');
  const [word, label] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
  if (word === '' || !VOLUME_LABELS.includes(label as VolumeLabel)) {
    throw new InvalidArgumentError(`Write WORD=CLASS, with one of ${VOLUME_LABELS.join(', ')}.`);
  }
  return { ...before, [word]: label as VolumeLabel };
}

/** As the user says and, for the rest, as titles and words suggest. */
function mappingOf(
  table: TextTable,
  { volumeColumn, labelColumn, word = {} }: LabelOptions,
  path: string,
): LabelMapping {
  const guess = guessLabelMapping(table, {
    ...(volumeColumn === undefined ? {} : { volume: volumeColumn }),
    ...(labelColumn === undefined ? {} : { label: labelColumn }),
  });
  const { volume, label } = guess;
  if (volume !== undefined && label !== undefined) return { volume, label, values: { ...guess.values, ...word } };
  const missing = volume === undefined ? 'the volume' : 'its class';
  throw new IsochromatError({
    code: 'labels-columns',
    sentence: `No column of this table seems to hold ${missing}.`,
    subject: path,
    found: table.header.join(', ').slice(0, 300),
    remedy: `Name it with --${volume === undefined ? 'volume' : 'label'}-column TITLE.`,
  });
}

function planJson(mapping: LabelMapping, { entries, problems, notInStudy }: LabelPlan, preview: boolean): unknown {
  return {
    mapping,
    written: !preview,
    volumes: entries.map(({ volume, line, text, tissueClass }) => ({
      ...{ id: volume.id, name: volume.name, line, says: text },
      ...{ from: volume.tissueClass ?? 'excluded', to: tissueClass ?? 'excluded' },
      changed: volume.tissueClass !== tissueClass,
    })),
    notInStudy,
    problems,
  };
}

function planText(
  { volume, label, values }: LabelMapping,
  { entries, problems, notInStudy }: LabelPlan,
  changes: LabelPlan['entries'],
  preview: boolean,
): string {
  const meanings = Object.entries(values).map(([word, meaning]) => `${word} = ${meaning}`);
  const lines = [
    `volume: column "${volume}"; class: column "${label}"; ${meanings.join(', ') || 'no word is understood'}.`,
    ...(changes.length === 0
      ? []
      : [
          textTable([
            ['volume', 'id', 'table says', 'class', 'becomes'],
            ...changes
              .slice(0, LISTED)
              .map(({ volume: { name, id, tissueClass: before }, text, tissueClass }) => [
                ...[name, id, text],
                ...[before ?? 'excluded', tissueClass ?? 'excluded'],
              ]),
          ]),
        ]),
    ...more(changes.length, 'changes'),
    ...problems.slice(0, LISTED).map(({ line, sentence }) => `Line ${line} was left out: ${sentence}`),
    ...more(problems.length, 'lines'),
  ];
  if (notInStudy.length > 0) {
    lines.push(`Not in the study: ${notInStudy.slice(0, LISTED).join(', ')}.`, ...more(notInStudy.length, 'names'));
  }
  lines.push(
    `${entries.length} volumes found, ${changes.length} ${preview ? 'would change' : 'changed'}.` +
      (preview ? ' Nothing was written.' : ''),
  );
  return lines.join('\n');
}

function more(count: number, what: string): string[] {
  return count > LISTED ? [`… and ${count - LISTED} more ${what}.`] : [];
}
