import type { ColumnMapping } from '../../formats/annotations/index.ts';
import { annotate } from '../annotate.ts';
import { counted } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runAnnotate: JobRunner<'annotate'> = async (study, { parameters }) => {
  const { table, fileList, withoutRows, mapping } = parameters;
  const report = await annotate(study, table, {
    withoutRows,
    ...(fileList === undefined ? {} : { fileList }),
    ...(mapping === undefined ? {} : { mapping: mapping as ColumnMapping }),
  });
  const { annotated, notMentioned, notInStudy, problems, unknownLabels } = report;
  const changed = annotated.filter((each) => each.changed).length;
  return {
    outcome: {
      summary: `${counted(annotated.length, 'volume')} annotated (${changed} changed), ${counted(problems.length, 'row')} left out.`,
      items: [],
      details: {
        changed: annotated.filter((each) => each.changed).map(({ volume }) => volume.id),
        boxes: annotated.reduce((sum, { boxes }) => sum + boxes, 0),
        reviewedWithoutRows: report.reviewedWithoutRows.map((volume) => volume.id),
        notMentioned: notMentioned.map((volume) => volume.id),
        notInStudy: notInStudy.length,
        problems: problems.map(({ line, code }) => ({ line, code })),
        unknownLabels,
      },
    },
    privately: { notInStudy, problems },
  };
};
