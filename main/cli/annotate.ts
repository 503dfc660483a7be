import type { Command } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import { annotate } from '../jobs/annotate.ts';
import type { AnnotateReport, WithoutRows } from '../jobs/annotate.ts';
import { action, command, oneOf, textTable } from './command.ts';
import { inStudy } from './in-study.ts';

/** Rows that were left out are listed up to this number; `--json` has all. */
const LISTED = 20;

/** `annotate STUDY CSV [--file-list FILE]` */
export function annotateCommand(): Command {
  return command('annotate', 'take boxes and study-level labels of fastMRI+ into a study')
    .argument('<study>', 'folder of the study')
    .argument('<csv>', 'table with the columns file,slice,study_level,x,y,width,height,label')
    .option('--file-list <file>', 'the files that were reviewed, one a line')
    .option(
      '--without-rows <class>',
      'what a reviewed file is about which the table says nothing',
      oneOf(['excluded', 'normal', 'unlabeled'] as const),
      'excluded',
    )
    .action(
      action<{ fileList?: string; withoutRows: WithoutRows }>(([folder, csv], { fileList, withoutRows }) =>
        inStudy(folder!, {}, async (study) => {
          const report = await annotate(study, csv!, {
            withoutRows,
            ...(fileList === undefined ? {} : { fileList }),
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
