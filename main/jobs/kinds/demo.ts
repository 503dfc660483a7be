import { join, relative } from 'node:path';
import { planDemo } from '../demo-plan.ts';
import { demoJob } from '../demo.ts';
import { onDevice } from './device.ts';
import type { JobRunner } from './runner.ts';

/** The phantom's files lie beside the study, as those of `isochromat demo`, so that either goes on with what the other began. */
export const runDemo: JobRunner<'demo'> = async (study, { id, parameters }, context) => {
  const { minutes, seed, include = [] } = parameters;
  const work = await onDevice(parameters.backend, context);
  const request = {
    plan: planDemo(minutes, seed),
    seconds: 60 * minutes,
    phantomFolder: `${study.folder}-phantom`,
    reportFolder: join(study.folder, 'reports', id),
    include,
    now: () => new Date(),
  };
  const { report } = await demoJob(study, request, work.on, context);
  const links = { report: relative(study.folder, report).replaceAll('\\', '/') };
  return { outcome: { summary: 'The demo is done, and its report written.', items: [], links } };
};
