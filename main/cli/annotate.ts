import type { Command } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import { annotate } from '../jobs/annotate.ts';
import type { AnnotateReport, WithoutRows } from '../jobs/annotate.ts';
import { columnOption, mappingFor, previewText } from './annotation-mapping.ts';
import type { MappingOptions } from './annotation-mapping.ts';
import { action, command, oneOf, textTable, wholeNumber } from './command.ts';
import { inStudy } from './in-study.ts';

interface AnnotateOptions extends MappingOptions {
  fileList?: string;
  withoutRows: WithoutRows;
}

/** Rows that were left out are listed up to this number; `--json` has all. */
const LISTED = 20;

/** `annotate STUDY FILE [--file-list FILE] [--table --column ROLE=TITLE… --preview]` */
export function annotateCommand(): Command {
  return command('annotate', 'take boxes and study-level labels into a study, of fastMRI+ or of any table')
    .argument('<study>', 'folder of the study')
    .argument('<file>', 'CSV with the columns of fastMRI+; with --table, CSV or JSON with any')
    .option('--file-list <file>', 'the files that were reviewed, one a line')
    .option(
      '--without-rows <class>',
      'what a reviewed file is about which the table says nothing',
      oneOf(['excluded', 'normal', 'unlabeled'] as const),
      'excluded',
    )
    .option('--table', 'a table of another origin: columns are told by their titles')
    .option('--column <role=title>', 'which column holds the file, slice, x, y, width …, label', columnOption)
    .option('--first-slice <n>', 'number of the first slice: 0 or 1', wholeNumber(0, 1))
    .option('--flipped', 'boxes were drawn on the image flipped up/down')
    .option('--preview', 'show how the table would be read, and write nothing')
    .action(
      action<AnnotateOptions>(([folder, csv], { fileList, withoutRows, ...how }) =>
        inStudy(folder!, how.preview === true ? { readOnly: true } : {}, async (study) => {
          const mapped = await mappingFor(csv!, how);
          if (how.preview === true && mapped !== undefined) {
            const { table, mapping } = mapped;
            return {
              value: { mapping, header: table.header, rows: table.rows.slice(0, 8), count: table.rows.length },
              text: previewText(table, mapping),
            };
          }
          const report = await annotate(study, csv!, {
            withoutRows,
            ...(fileList === undefined ? {} : { fileList }),
            ...(mapped === undefined ? {} : { mapping: mapped.mapping }),
          });
          return { value: reportJson(report), text: reportText(report) };
        }),
      ),
    );
}

function reportJson(report: AnnotateReport): unknown {
  const { annotated, reviewedWithoutRows, notMentioned, ...rest } = report;
  return {
    annotated: annotated.map(({ volume, boxes, changed }) => ({
      id: volume.id,
      name: volume.name,
      class: volume.tissueClass ?? 'excluded',
      reason: volume.classReason,
      boxes,
      changed,
    })),
    reviewedWithoutRows: reviewedWithoutRows.map((volume) => volume.id),
    notMentioned: notMentioned.map((volume) => volume.id),
    ...rest,
  };
}

function reportText(report: AnnotateReport): string {
  const { annotated, reviewedWithoutRows, notMentioned, notInStudy, problems, unknownLabels } = report;
  const count = (sequence: string, tissue: string | null): number =>
    annotated.filter(({ volume }) => volume.sequence === sequence && volume.tissueClass === tissue).length;
  const lines = [
    textTable([
      ['sequence', 'normal', 'abnormal', 'excluded', 'unlabeled'],
      ...SEQUENCES.filter((sequence) => annotated.some(({ volume }) => volume.sequence === sequence)).map(
        (sequence) => [
          sequence,
          count(sequence, 'normal'),
          count(sequence, 'abnormal'),
          count(sequence, null),
          count(sequence, 'unlabeled'),
        ],
      ),
    ]),
    ...problems.slice(0, LISTED).map(({ line, sentence }) => `Line ${line} was left out: ${sentence}`),
  ];
  if (problems.length > LISTED) lines.push(`… and ${problems.length - LISTED} more lines.`);
  if (unknownLabels.length > 0) {
    const labels = unknownLabels.map((each) => `${each.label} (${each.count})`).join(', ');
    lines.push(`Labels that the rules do not know: ${labels}.`);
  }
  if (reviewedWithoutRows.length > 0) {
    lines.push(
      `${reviewedWithoutRows.length} volumes were reviewed without a row; --without-rows says what they are: ` +
        `${reviewedWithoutRows.map((volume) => volume.name).join(', ')}.`,
    );
  }
  const changed = annotated.filter((each) => each.changed).length;
  lines.push(
    `${annotated.length} volumes annotated (${changed} changed), ${notMentioned.length} not mentioned, ` +
      `${notInStudy.length} files of the table are not in the study.`,
  );
  return lines.join('\n');
}
