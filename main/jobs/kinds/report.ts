import { join, relative } from 'node:path';
import { reportJob } from '../report.ts';
import { onDevice } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runReport: JobRunner<'report'> = async (study, { id, parameters }, context) => {
  const work = await onDevice(parameters.backend, context);
  const folder = parameters.folder ?? join(study.folder, 'reports', id);
  const { file } = await reportJob(study, { folder, generated: new Date() }, work);
  // Where the user had it put is known to the user alone.
  const inside = parameters.folder === undefined;
  const links = inside ? { links: { report: relative(study.folder, file).replaceAll('\\', '/') } } : {};
  return { outcome: { summary: 'The report is written.', items: [], ...links }, privately: { file } };
};
