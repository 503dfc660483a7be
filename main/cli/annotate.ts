import type { Command } from 'commander';
import { asIsochromatError } from '../domain/errors.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import { annotate, planAnnotations } from '../jobs/annotate.ts';
import type { AnnotateOptions as AnnotateJob, AnnotateReport, WithoutRows } from '../jobs/annotate.ts';
import type { Study } from '../study/index.ts';
import { columnOption, mappingFor, mappingText } from './annotation-mapping.ts';
import type { MappedTable, MappingOptions } from './annotation-mapping.ts';
import { action, command, oneOf, textTable, wholeNumber } from './command.ts';
import type { Outcome } from './command.ts';
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
    .option('--preview', 'show how the table would be read and what would follow, and write nothing')
    .action(
      action<AnnotateOptions>(([folder, path], { fileList, withoutRows, ...how }) =>
        inStudy(folder!, how.preview === true ? { readOnly: true } : {}, async (study) => {
          const mapped = await mappingFor(path!, how);
          const options = {
            withoutRows,
            ...(fileList === undefined ? {} : { fileList }),
            ...(mapped === undefined || mapped.fastMriPlus ? {} : { mapping: mapped.mapping }),
          };
          if (how.preview === true) return preview(study, path!, mapped!, options);
          const report = await annotate(study, path!, options);
          return { value: reportJson(report), text: reportText(report) };
        }),
      ),
    );
}

/** How the table would be read, and what would follow from it, each row that would be left out included. */
async function preview(study: Study, path: string, mapped: MappedTable, options: AnnotateJob): Promise<Outcome> {
  const { table, mapping } = mapped;
  const shown = { mapping, header: table.header, rows: table.rows.slice(0, 8), count: table.rows.length };
  try {
    const { entries, source: _, ...rest } = await planAnnotations(study, path, options);
    const annotated = entries.map(({ volume, annotation }) => {
      const { tissueClass, classReason, boxes } = annotation;
      const changed = tissueClass !== volume.tissueClass;
      return { volume: { ...volume, tissueClass, classReason }, boxes: boxes.length, changed };
    });
    const mentioned = new Set(annotated.map(({ volume }) => volume.id));
    const report: AnnotateReport = {
      ...rest,
      annotated,
      reviewedWithoutRows: entries.filter(({ withoutRow }) => withoutRow).map(({ volume }) => volume),
      notMentioned: study.volumes.list().filter(({ id }) => !mentioned.has(id)),
    };
    return {
      value: { ...shown, ...(reportJson(report) as object) },
      text: `${mappingText(mapped)}\n\nWhat would follow:\n${reportText(report)}\nNothing was written.`,
    };
  } catch (thrown) {
    const error = asIsochromatError(thrown, path);
    if (error.code === 'internal') throw thrown;
    return {
      value: { ...shown, error: error.toJSON() },
      text: `${mappingText(mapped)}\n\nIt would be refused: ${error.message}`,
      failed: true,
    };
  }
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
